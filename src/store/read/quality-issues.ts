import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { SERVICE_CODE_SETS } from '../../domain/unit/code-sets.ts';
import { qualityIssueKinds, type QualityIssue, type QualityIssueKind } from '../../domain/unit/quality-issue.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { knownAt, validOn } from '../sql/temporal-conditions.ts';

/** Maximum number of other units listed in an issue. */
export const OTHER_UNITS_LIMIT = 100;

/** Kinds of issues to find at a snapshot. */
export interface QualityIssuesQuery extends Snapshot {
  /** RESH-id of a unit: limits the query to its subtree; absent for the whole register */
  readonly within?: number | undefined;
  readonly kinds: readonly QualityIssueKind[];
}

/** A page of issues; `after` is the last issue of the previous page. */
export interface QualityIssuePage extends QualityIssuesQuery {
  readonly first: number;
  readonly after?: { readonly kind: QualityIssueKind; readonly reshId: number } | undefined;
}

// Each query returns units of `unit_in_scope` as resh_id, values and others. Only the requested kinds are queried.
const issueQueries: Record<QualityIssueKind, string> = {
  NO_TREATMENT_SITE: `
      select v.resh_id, array_agg(distinct u.code_set || ':' || u.code) as values, array[]::integer[] as others
      from unit_in_scope v
      join unit_code u on u.resh_id = v.resh_id
      where v.treatment_site_number is null
        and u.code_set in (${SERVICE_CODE_SETS.join(', ')})
        and ${visibleAtSnapshot('u')}
      group by v.resh_id`,
  SITE_IS_ENTERPRISE_NUMBER: `
      select v.resh_id, array[v.treatment_site_number], array[o.resh_id]
      from unit_in_scope v
      join unit_version o on o.organization_number = v.treatment_site_number
      where o.type = 'ORGANIZATION'
        and o.resh_id = any(v.path)
        and ${visibleAtSnapshot('o')}`,
  RETIRED_CODE: `
      select used.resh_id, array_agg(distinct used.code_set || ':' || used.code), array[]::integer[]
      from (
        select v.resh_id, u.code_set, u.code
        from unit_in_scope v
        join unit_code u on u.resh_id = v.resh_id
        where ${visibleAtSnapshot('u')}
        union all
        select v.resh_id, v.designation_code_set, v.designation_code
        from unit_in_scope v
        where v.designation_code is not null
      ) as used
      join (
        select code.code_set, code.code
        from code
        where ${isOutOfUseSql('code.code_set', 'code.code')}
      ) as out_of_use on out_of_use.code_set = used.code_set
        and out_of_use.code = used.code
      group by used.resh_id`,
  CLOSED_PARENT: `
      select v.resh_id, array[v.parent_resh_id::text], array[v.parent_resh_id]
      from unit_in_scope v
      where v.parent_resh_id is not null
        and not exists (
          select from unit_version p
          where p.resh_id = v.parent_resh_id
            and ${visibleAtSnapshot('p')}
        )`,
  GAP_IN_VALIDITY: `
      select gap.resh_id, array_agg(gap.closed || ' to ' || gap.reopened order by gap.closed), array[]::integer[]
      from (
        select v.resh_id, w.valid_to as closed,
          lead(w.valid_from) over (partition by v.resh_id order by w.valid_from) as reopened
        from unit_in_scope v
        join unit_version w on w.resh_id = v.resh_id
        where ${knownAtRevision('w')}
      ) as gap
      where gap.reopened > gap.closed
      group by gap.resh_id`,
  DUPLICATE_NAME: `
      select v.resh_id, array[v.name], array_agg(o.resh_id order by o.resh_id)
      from unit_in_scope v
      join unit_version o on o.parent_resh_id = v.parent_resh_id
        and o.name_sort_key = v.name_sort_key
        and o.resh_id <> v.resh_id
      where ${visibleAtSnapshot('o')}
      group by v.resh_id, v.name`,
  DUPLICATE_IDENTIFIER: `
      select v.resh_id, array_agg(distinct i.system || ' ' || i.value), array_agg(distinct j.resh_id)
      from unit_in_scope v
      join unit_identifier i on i.resh_id = v.resh_id
      join unit_identifier j on j.value = i.value
        and j.system = i.system
        and j.resh_id <> i.resh_id
      join unit_version o on o.resh_id = j.resh_id
      where ${visibleAtSnapshot('i')}
        and ${visibleAtSnapshot('j')}
        and ${visibleAtSnapshot('o')}
      group by v.resh_id`,
};

// Uses the version of a code on the day, else the last one before the day, else the first. A code is out of use if that
// version is retired or has ended.
function isOutOfUseSql(codeSet: string, code: string): string {
  return `(
          select c.retired or (c.valid_to is not null and c.valid_to <= $2::date)
          from code_version c
          where c.code_set = ${codeSet}
            and c.code = ${code}
            and ${knownAtRevision('c')}
          order by (c.valid_from is null or c.valid_from <= $2::date) desc, c.valid_from desc nulls last
          limit 1
        )`;
}

const issueRows = z.array(
  z.object({
    kindIndex: z.number(),
    reshId: z.number(),
    name: z.string(),
    values: z.array(z.string()),
    otherReshIds: z.array(z.number()),
  }),
);
const countRows = z.array(z.object({ count: z.number() }));

/** Returns a page of issues of units, by kind, then RESH-id. One statement. */
export async function readQualityIssues(
  client: SqlClient,
  { revision, day, within, kinds, first, after }: QualityIssuePage,
): Promise<QualityIssue[]> {
  const remaining = kinds.filter((kind) => !after || indexOfKind(kind) >= indexOfKind(after.kind));
  if (remaining.length === 0) return [];
  const found = await client.query(
    `-- quality issues
    ${issuesSql(remaining, within)}
    select
      issue.kind_index as "kindIndex",
      issue.resh_id as "reshId",
      v.name,
      issue.values,
      issue.others[1:${OTHER_UNITS_LIMIT}] as "otherReshIds"
    from issue
    join unit_in_scope v on v.resh_id = issue.resh_id
    where (issue.kind_index, issue.resh_id) > ($4::integer, $5::integer)
    order by issue.kind_index, issue.resh_id
    limit $6::integer`,
    [revision, day, within ?? null, after ? indexOfKind(after.kind) : -1, after?.reshId ?? 0, first],
  );
  return issueRows.parse(found).flatMap(({ kindIndex, ...issue }) => {
    const kind = qualityIssueKinds[kindIndex];
    return kind ? [{ kind, ...issue }] : [];
  });
}

function indexOfKind(kind: QualityIssueKind): number {
  return qualityIssueKinds.indexOf(kind);
}

/**
 * Returns common table expressions that end with `issue`: `kind_index`, `resh_id`, `values` and `others`. Parameters:
 * $1 revision, $2 day, $3 RESH-id of the unit at the top or null.
 */
function issuesSql(kinds: readonly QualityIssueKind[], within: number | undefined): string {
  return `with unit_in_scope as (
      select v.*
      from unit_version v
      where ${visibleAtSnapshot('v')}
        ${scopeConditionSql(within)}
    ),
    issue (kind_index, resh_id, values, others) as (${kinds
      .map(
        (kind) => `
      select ${qualityIssueKinds.indexOf(kind)}, * from (${issueQueries[kind]}
      ) as found`,
      )
      .join('\n      union all')}
    )`;
}

function visibleAtSnapshot(table: string): string {
  return `${knownAtRevision(table)}
        and ${validOn('$2::date', table)}`;
}

function knownAtRevision(table: string): string {
  return knownAt('$1::integer', table);
}

function scopeConditionSql(within: number | undefined): string {
  return within === undefined
    ? 'and $3::integer is null'
    : `and v.path_text >= ${scopeBoundSql('top.path_text')}
        and v.path_text < ${scopeBoundSql("top.path_text || ':'")}`;
}

// The bounds of the subtree are subqueries, so that the planner uses the index of paths.
function scopeBoundSql(column: string): string {
  return `(
          select ${column}
          from unit_version top
          where top.resh_id = $3::integer
            and ${visibleAtSnapshot('top')}
        )`;
}

/** Counts the issues of units. One statement. */
export async function countQualityIssues(
  client: SqlClient,
  { revision, day, within, kinds }: QualityIssuesQuery,
): Promise<number> {
  if (kinds.length === 0) return 0;
  const found = await client.query(
    `-- number of quality issues
    ${issuesSql(kinds, within)}
    select count(*)::integer as count
    from issue`,
    [revision, day, within ?? null],
  );
  return countRows.parse(found)[0]?.count ?? 0;
}
