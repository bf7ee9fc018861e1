import type { SearchTerms } from '../../domain/text/search-terms.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { UnitFilter } from '../../domain/unit/filter.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { exactNamesSql, formerPenaltySql, nameRanks, termsSql } from '../sql/search-names.ts';
import { similarNamesSql } from '../sql/similar-names.ts';
import { knownAtKeyRevision, snapshotKeySql, validOnKeyDay } from '../sql/temporal-conditions.ts';
import { filterCodesJoinSql, filterConditionsSql } from '../sql/unit-filter.ts';

/** A search with its filters. */
export interface SearchQuery {
  /** Absent to find all units that match the filters */
  readonly terms: SearchTerms | undefined;
  readonly filter: UnitFilter | undefined;
  /** RESH-id of a unit: limits the search to its subtree */
  readonly within: number | undefined;
  /** Whether to find units that are no longer valid on the day too */
  readonly includeClosed?: boolean | undefined;
}

/** A search at a snapshot of the register. */
export type SearchAtSnapshot = SearchQuery & Snapshot;

/** Points by which closed units come after all others. */
const CLOSED_PENALTY = 100_000;

const emptySql = Prisma.sql``;
const ifNoExactMatchSql = Prisma.sql`not exists (select 1 from exact_match)`;

/**
 * Returns common table expressions that end with `found`: a row for each unit that a search finds, with the version to
 * show, its score (greater is better) and the value that matched. `all_found` has the closed units too.
 */
export function searchMatchesSql(search: SearchAtSnapshot): Prisma.Sql {
  return Prisma.sql`
    ${search.terms ? matchesByTextSql(search, search.terms) : matchesWithoutTextSql(search)},
    found as not materialized (
      select *
      from all_found
      ${search.includeClosed ? emptySql : Prisma.sql`where not is_closed`}
    )`;
}

// Similar words are looked for only if nothing has the words as they are.
function matchesByTextSql(search: SearchAtSnapshot, terms: SearchTerms): Prisma.Sql {
  const hasWords = terms.words.length > 0;
  return Prisma.sql`
    ${termsSql(terms)},
    ${hasWords ? Prisma.sql`${exactNamesSql(search, terms)},` : emptySql}
    ${numbersSql(search, terms)},
    exact_match (
      resh_id, version_id, name_sort_key, is_closed, score, preference, kind, matched_id, matched_text
    ) as materialized (
      ${hasWords ? Prisma.sql`${exactNameMatchesSql(search)} union all` : emptySql}
      ${numberMatchesSql(search)}
    ),
    ${hasWords ? Prisma.sql`${similarNamesSql(search, terms, ifNoExactMatchSql)},` : emptySql}
    best as (
      select distinct on (resh_id) *
      from (
        select * from exact_match
        ${hasWords ? Prisma.sql`union all ${similarNameMatchesSql(search)}` : emptySql}
      ) candidate
      order by resh_id, score desc, preference, matched_id desc
    ),
    all_found as materialized (
      select best.*
      from best
      ${hitFilterSql(search)}
    )`;
}

// The version with the name is the one to show, unless the unit had the name before.
function exactNameMatchesSql(search: SearchAtSnapshot): Prisma.Sql {
  const kinds = Object.keys(nameRanks);
  return Prisma.sql`
      select
        resh_id, id, name_sort_key, false, score, rank, (${kinds}::text[])[rank], id, name
      from ${snapshotKeySql(search)}
      cross join exact_name
      where rank <= ${nameRanks.SHORT_NAME}::integer
        and (valid_to is null or valid_to > key.day)
      union all
      select
        hit.resh_id, shown.version_id, shown.name_sort_key, shown.is_closed,
        hit.score - case when former.is_former then ${formerPenaltySql} else 0 end - shown.penalty,
        hit.rank + case when former.is_former then 10 else 0 end,
        case when former.is_former then 'FORMER_NAME' else (${kinds}::text[])[hit.rank] end, hit.id, hit.name
      from ${snapshotKeySql(search)}
      cross join exact_name hit
      ${shownVersionSql('hit')}
      where hit.rank > ${nameRanks.SHORT_NAME}::integer
        or hit.valid_to <= key.day`;
}

/**
 * Returns a join that finds the version in which a search shows the unit of a row, on the day or its last one before,
 * and whether the row is about the time before that. `offset 0` makes PostgreSQL look up one row by its key, even if
 * the planner would rather scan the table.
 */
function shownVersionSql(row: string): Prisma.Sql {
  return Prisma.sql`
      cross join lateral (
        select
          v.id as version_id, v.name_sort_key, coalesce(v.valid_to <= key.day, false) as is_closed,
          case when v.valid_to <= key.day then ${CLOSED_PENALTY}::integer else 0 end as penalty,
          least(v.valid_to, key.day + 1) as seen_until
        from unit_version v
        where v.resh_id = ${Prisma.raw(`${row}.resh_id`)}
          and ${knownAtKeyRevision('v')}
          and v.valid_from <= key.day
        order by v.valid_from desc
        limit 1
        offset 0
      ) shown
      cross join lateral (
        select coalesce(${Prisma.raw(`${row}.valid_to`)} < shown.seen_until, false) as is_former
      ) former`;
}

// The scores are greater than any score of a name.
function numbersSql(search: SearchAtSnapshot, { reshId, organizationNumber, identifier }: SearchTerms): Prisma.Sql {
  return Prisma.sql`
    exact_number (resh_id, score, kind, valid_to, value) as (
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
        and ${validOnKeyDay('v')}
    )`;
}

function numberMatchesSql(search: SearchAtSnapshot): Prisma.Sql {
  return Prisma.sql`
      select
        hit.resh_id, shown.version_id, shown.name_sort_key, shown.is_closed,
        hit.score - case when former.is_former then 1000 else 0 end - shown.penalty, 0,
        case when former.is_former then 'FORMER_IDENTIFIER' else hit.kind end, 0::bigint, hit.value
      from ${snapshotKeySql(search)}
      cross join exact_number hit
      ${shownVersionSql('hit')}`;
}

function similarNameMatchesSql(search: SearchAtSnapshot): Prisma.Sql {
  return Prisma.sql`
        select
          hit.resh_id, shown.version_id, shown.name_sort_key, shown.is_closed,
          hit.score - case when former.is_former then ${formerPenaltySql} else 0 end - shown.penalty,
          case when former.is_former then 10 else 0 end,
          case when former.is_former then 'FORMER_NAME' else hit.kind end, hit.id, hit.name
        from ${snapshotKeySql(search)}
        cross join similar_name hit
        ${shownVersionSql('hit')}`;
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
        where v.id = best.version_id
          ${search.within === undefined ? emptySql : Prisma.sql`and ${search.within} = any(v.path)`}
          ${filterConditionsSql(search.filter)}
        offset 0
      ) passed`;
}

function matchesWithoutTextSql(search: SearchAtSnapshot): Prisma.Sql {
  return Prisma.sql`
    open_unit (resh_id, version_id, name_sort_key, is_closed, score, kind, matched_text) as not materialized (
      select v.resh_id, v.id, v.name_sort_key, false, 0, null::text, null::text
      from ${snapshotKeySql(search)}
      cross join unit_version v
      ${subtreeJoinSql(search.within)}
      ${filterCodesJoinSql(search.filter)}
      where ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
        ${filterConditionsSql(search.filter)}
    ),
    ${search.includeClosed ? closedUnitsSql(search) : emptySql}
    all_found as not materialized (
      select *
      from open_unit
      ${search.includeClosed ? Prisma.sql`union all select * from closed_unit` : emptySql}
    )`;
}

/** Returns the parts of what a search finds that a page can be read from one by one: open units, and closed ones. */
export function listPartsSql(search: SearchAtSnapshot): Prisma.Sql[] {
  const [open, closed] = search.terms
    ? [Prisma.sql`found where not is_closed`, Prisma.sql`found where is_closed`]
    : [Prisma.sql`open_unit where true`, Prisma.sql`closed_unit where true`];
  return search.includeClosed ? [open, closed] : [open];
}

function closedUnitsSql(search: SearchAtSnapshot): Prisma.Sql {
  return Prisma.sql`
    closed_unit (resh_id, version_id, name_sort_key, is_closed, score, kind, matched_text) as not materialized (
      select v.resh_id, v.id, v.name_sort_key, true, ${-CLOSED_PENALTY}::integer, null::text, null::text
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
        ${filterConditionsSql(search.filter)}
    ),`;
}

/** Returns a join that limits the rows `v` of `unit_version` to the subtree of a unit, if there is one. */
export function subtreeJoinSql(within: number | undefined): Prisma.Sql {
  return within === undefined
    ? emptySql
    : Prisma.sql`
      join unit_version top on top.resh_id = ${within}::integer
        and ${knownAtKeyRevision('top')}
        and ${validOnKeyDay('top')}
        and v.path_text >= top.path_text
        and v.path_text < top.path_text || ':'`;
}
