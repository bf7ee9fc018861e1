import type { SearchTerms } from '../../domain/text/search-terms.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, validOnKeyDay } from '../sql/temporal-conditions.ts';
import { filterCodesJoinSql, filterConditionsSql } from '../sql/unit-filter.ts';
import { nameMatchesSql, termsSql } from './search-names.ts';
import { CLOSED_PENALTY, shownVersionSql, snapshotKeySql, type SearchAtSnapshot } from './search-query.ts';

const emptySql = Prisma.sql``;

/**
 * Returns common table expressions that end with `found`: a row for each unit that a search finds, with the version to
 * show, its score (greater is better) and the value that matched. `all_found` also has the closed units, if the search
 * includes them or has a text.
 */
export function searchMatchesSql(search: SearchAtSnapshot): Prisma.Sql {
  return Prisma.sql`
    ${search.terms ? matchesByTextSql(search, search.terms) : matchesWithoutTextSql(search)},
    found as (
      select *
      from all_found
      ${search.includeClosed ? emptySql : Prisma.sql`where not is_closed`}
    )`;
}

// Misspelled words are looked for only if nothing has the words as they are.
function matchesByTextSql(search: SearchAtSnapshot, terms: SearchTerms): Prisma.Sql {
  const hasWords = terms.words.length > 0;
  return Prisma.sql`
    ${termsSql(terms)},
    ${numberMatchesSql(search, terms)},
    ${hasWords ? Prisma.sql`${nameMatchesSql('exact', search, terms.words)},` : emptySql}
    exact_match as materialized (
      select distinct on (candidate.resh_id) candidate.*
      from (
        select *
        from number_match
        ${hasWords ? Prisma.sql`union all select * from exact_name_match` : emptySql}
      ) candidate
      ${hitFilterSql(search)}
      order by candidate.resh_id, candidate.score desc
    )
    ${hasWords ? Prisma.sql`, ${nameMatchesSql('similar', search, terms.words)}` : emptySql},
    all_found as materialized (
      select *
      from exact_match
      ${
        hasWords
          ? Prisma.sql`
      union all
      select candidate.*
      from similar_name_match candidate
      ${hitFilterSql(search)}`
          : emptySql
      }
    )`;
}

// The scores are greater than any score of a name.
function numberMatchesSql(
  search: SearchAtSnapshot,
  { reshId, organizationNumber, identifier }: SearchTerms,
): Prisma.Sql {
  return Prisma.sql`
    number_hit (resh_id, score, kind, valid_to, matched_text) as (
      select unit.resh_id, 10005, 'RESH_ID', null::date, unit.resh_id::text
      from unit
      where unit.resh_id = ${reshId}::integer
      union all
      select v.resh_id, 10004, 'ORGANIZATION_NUMBER', v.valid_to, v.organization_number
      from ${snapshotKeySql(search)}
      cross join unit_version v
      where v.organization_number = ${organizationNumber}::text
        and ${knownAtKeyRevision('v')}
        and v.valid_from <= key.day
      union all
      select i.resh_id, 10003, 'IDENTIFIER', i.valid_to, i.value
      from ${snapshotKeySql(search)}
      cross join unit_identifier i
      where i.value = ${identifier}
        and ${knownAtKeyRevision('i')}
        and i.valid_from <= key.day
      union all
      select v.resh_id, 10002, 'TREATMENT_SITE', v.valid_to, v.treatment_site_number
      from ${snapshotKeySql(search)}
      cross join unit_version v
      where v.treatment_site_number = ${organizationNumber}::text
        and ${knownAtKeyRevision('v')}
        and v.valid_from <= key.day
    ),
    number_match as (
      select
        hit.resh_id,
        shown.version_id,
        shown.name_sort_key,
        shown.is_closed,
        hit.score - case when former.is_former then 1000 else 0 end
          - case when shown.is_closed then ${CLOSED_PENALTY}::integer else 0 end as score,
        case when former.is_former then 'FORMER_IDENTIFIER' else hit.kind end as kind,
        hit.matched_text
      from ${snapshotKeySql(search)}
      cross join number_hit hit
      ${shownVersionSql('hit.resh_id')}
      cross join lateral (
        select coalesce(hit.valid_to <= key.day and hit.valid_to is distinct from shown.valid_to, false) as is_former
      ) former
      where hit.kind <> 'TREATMENT_SITE' or not former.is_former
    )`;
}

function hitFilterSql(search: SearchAtSnapshot): Prisma.Sql {
  return search.filter === undefined && search.within === undefined
    ? emptySql
    : Prisma.sql`
      cross join lateral (
        select v.id
        from ${snapshotKeySql(search)}
        ${filterCodesJoinSql(search.filter)}
        cross join unit_version v
        where v.id = candidate.version_id
          ${search.within === undefined ? emptySql : Prisma.sql`and ${search.within} = any(v.path)`}
          ${filterConditionsSql(search.filter)}
        offset 0
      ) passed`;
}

function matchesWithoutTextSql(search: SearchAtSnapshot): Prisma.Sql {
  const openSql = Prisma.sql`
      select
        v.resh_id,
        v.id as version_id,
        v.name_sort_key,
        false as is_closed,
        0 as score,
        null::text as kind,
        null::text as matched_text
      from ${snapshotKeySql(search)}
      cross join unit_version v
      ${subtreeJoinSql(search)}
      ${filterCodesJoinSql(search.filter)}
      where ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
        ${filterConditionsSql(search.filter)}`;
  const closedSql = Prisma.sql`
      union all
      select v.resh_id, v.id, v.name_sort_key, true, ${-CLOSED_PENALTY}::integer, null, null
      from ${snapshotKeySql(search)}
      ${filterCodesJoinSql(search.filter)}
      cross join unit_version v
      where ${knownAtKeyRevision('v')}
        and v.valid_to <= key.day
        and not exists (
          select 1
          from unit_version later
          where later.resh_id = v.resh_id
            and later.valid_from >= v.valid_to
            and later.valid_from <= key.day
            and ${knownAtKeyRevision('later')}
        )
        ${search.within === undefined ? emptySql : Prisma.sql`and ${search.within} = any(v.path)`}
        ${filterConditionsSql(search.filter)}`;
  return Prisma.sql`
    all_found as (
      ${openSql}
      ${search.includeClosed ? closedSql : emptySql}
    )`;
}

function subtreeJoinSql(search: SearchAtSnapshot): Prisma.Sql {
  return search.within === undefined
    ? emptySql
    : Prisma.sql`
      join unit_version top on top.resh_id = ${search.within}::integer
        and ${knownAtKeyRevision('top')}
        and ${validOnKeyDay('top')}
        and v.path_text >= top.path_text
        and v.path_text < top.path_text || ':'`;
}
