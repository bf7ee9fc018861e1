import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import {
  computeUnitDifference,
  type UnitWithPaths,
  type UnitAtPoints,
  type UnitDifference,
} from '../../domain/unit/difference.ts';
import { differenceKinds, type DifferenceKind } from '../../domain/unit/facts.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { differingDaysSql, differingUnitsBetweenPointsSql } from '../sql/difference.ts';
import { differenceKindsSql } from '../sql/difference-kinds.ts';
import { knownAt } from '../sql/temporal-conditions.ts';
import { factColumns, factRowSchemas } from '../sql/unit-facts.ts';
import { succession, unitTables } from '../tables.ts';

/** Two points of the register to compare. */
export interface DifferenceQuery {
  readonly from: Snapshot;
  readonly to: Snapshot;
  /** RESH-id of a unit: limits the query to the units in its subtree at either point; absent for the whole register */
  readonly within?: number | undefined;
  /** Limits the query to units with a difference of one of the kinds */
  readonly kinds?: readonly DifferenceKind[] | undefined;
}

/** A page of differences; `after` is the last RESH-id of the previous page. */
export interface DifferencePage extends DifferenceQuery {
  readonly first: number;
  readonly after?: number | undefined;
}

const reshIdRows = z.array(z.object({ reshId: z.number() }));
const countRows = z.array(z.object({ count: z.number() }));
const sideRows = z.array(z.object({ reshId: z.number(), isBefore: z.boolean(), isAfter: z.boolean() }));

const columnsWithPath = {
  ...factColumns,
  versions: { ...factColumns.versions, path: unitTables.versions.derived.path },
};
const rowSchemas: { readonly [List in keyof UnitWithPaths]: z.ZodType<UnitWithPaths[List][number]> } = {
  ...factRowSchemas,
  versions: rowSchema(columnsWithPath.versions),
};

type BySide<Item> = Record<'from' | 'to', Item[]>;

const effectColumns = { kind: succession.facts.kind, effectiveOn: succession.facts.effectiveOn };
const successionRows = z.array(rowSchema(effectColumns).extend({ reshId: z.number() }));

/** Returns a page of the units that differ between two points, in RESH-id order. Eight statements. */
export async function readDifferences(
  client: SqlClient,
  { first, after, ...query }: DifferencePage,
): Promise<UnitDifference[]> {
  const selected = selectUnits(query, after);
  const rows = await client.query(
    `-- units that differ between two points
    select resh_id as "reshId"
    from (
    ${selected.sql}
    ) as differing
    order by resh_id
    limit $${selected.values.length + 1}::integer`,
    [...selected.values, first],
  );
  const reshIds = reshIdRows.parse(rows).map(({ reshId }) => reshId);
  if (reshIds.length === 0) return [];
  const units = await readUnitsAtPoints(client, query, reshIds);
  return units.flatMap((unit) => {
    const difference = computeUnitDifference(unit, query.within);
    if (!difference) throw new Error(`Unit ${unit.reshId} differs in the database but not in memory.`);
    return [difference];
  });
}

/** Returns a query of the units to which a query of differences is limited, as `resh_id`, and its parameters. */
function selectUnits({ from, to, within, kinds }: DifferenceQuery, after = 0) {
  const values = [from.revision, from.day, to.revision, to.day, after, ...(within === undefined ? [] : [within])];
  const top = within === undefined ? undefined : '$6::integer';
  if (!kinds) return { sql: differingUnitsBetweenPointsSql('$5::integer', top), values };
  const sql = `select distinct resh_id
    from (
    ${differenceKindsSql('$5::integer', top)}
    ) as difference
    where kind = any($${values.length + 1}::text[])`;
  return { sql, values: [...values, [...kinds]] };
}

/** Returns units at both points, in the order of the RESH-ids. Seven statements. */
async function readUnitsAtPoints(
  client: SqlClient,
  query: DifferenceQuery,
  reshIds: readonly number[],
): Promise<UnitAtPoints[]> {
  const units = JSON.stringify(reshIds);
  const versions = await readFactsAtPoints(client, 'versions', query, units);
  const codes = await readFactsAtPoints(client, 'codes', query, units);
  const identifiers = await readFactsAtPoints(client, 'identifiers', query, units);
  const names = await readFactsAtPoints(client, 'names', query, units);
  const addresses = await readFactsAtPoints(client, 'addresses', query, units);
  const contactPoints = await readFactsAtPoints(client, 'contactPoints', query, units);
  const successions = await readSuccessions(client, query.to.revision, units);
  const unitAtPoint = (reshId: number, side: 'from' | 'to') => ({
    day: query[side].day,
    history: {
      versions: versions.get(reshId)?.[side] ?? [],
      codes: codes.get(reshId)?.[side] ?? [],
      identifiers: identifiers.get(reshId)?.[side] ?? [],
      names: names.get(reshId)?.[side] ?? [],
      addresses: addresses.get(reshId)?.[side] ?? [],
      contactPoints: contactPoints.get(reshId)?.[side] ?? [],
    },
  });
  return reshIds.map((reshId) => ({
    reshId,
    from: unitAtPoint(reshId, 'from'),
    to: unitAtPoint(reshId, 'to'),
    successions: successions.get(reshId) ?? [],
  }));
}

/** Returns one list of units on all days, as known at both points, by RESH-id. One statement. */
async function readFactsAtPoints<List extends keyof UnitWithPaths>(
  client: SqlClient,
  list: List,
  { from, to }: DifferenceQuery,
  units: string,
): Promise<Map<number, BySide<UnitWithPaths[List][number]>>> {
  const isKnownBefore = `(${knownAt('$2::integer')})`;
  const isKnownAfter = `(${knownAt('$3::integer')})`;
  const rows = await client.query(
    `-- ${list} of units that differ
     select resh_id as "reshId",
       ${isKnownBefore} as "isBefore",
       ${isKnownAfter} as "isAfter",
       ${selectList(columnsWithPath[list])}
     from jsonb_array_elements_text($1::text::jsonb) as unit_id (id)
     join ${unitTables[list].name} as fact on fact.resh_id = unit_id.id::integer
     where ${isKnownBefore}
       or ${isKnownAfter}
     order by resh_id, valid_from`,
    [units, from.revision, to.revision],
  );
  const items = z.array(rowSchemas[list]).parse(rows);
  const factsByReshId = new Map<number, BySide<UnitWithPaths[List][number]>>();
  sideRows.parse(rows).forEach(({ reshId, isBefore, isAfter }, index) => {
    const unit = factsByReshId.get(reshId) ?? { from: [], to: [] };
    factsByReshId.set(reshId, unit);
    const item = items[index];
    if (item && isBefore) unit.from.push(item);
    if (item && isAfter) unit.to.push(item);
  });
  return factsByReshId;
}

async function readSuccessions(
  client: SqlClient,
  revision: number,
  units: string,
): Promise<Map<number, UnitAtPoints['successions'][number][]>> {
  const rows = await client.query(
    `-- successions of units that differ
     select s.from_resh_id as "reshId", ${selectList(effectColumns, 's')}
     from jsonb_array_elements_text($1::text::jsonb) as unit_id (id)
     join succession s on s.from_resh_id = unit_id.id::integer
     where ${knownAt('$2::integer', 's')}`,
    [units, revision],
  );
  const byReshId = new Map<number, UnitAtPoints['successions'][number][]>();
  for (const { reshId, ...succession } of successionRows.parse(rows))
    byReshId.set(reshId, [...(byReshId.get(reshId) ?? []), succession]);
  return byReshId;
}

/** Counts the units that differ between two points. One statement. */
export async function countDifferences(client: SqlClient, query: DifferenceQuery): Promise<number> {
  const selected = selectUnits(query);
  const rows = await client.query(
    `-- number of units that differ between two points
    select count(*)::integer as count
    from (
    ${selected.sql}
    ) as differing`,
    selected.values,
  );
  return countRows.parse(rows)[0]?.count ?? 0;
}

const kindCountRows = z.array(z.object({ kind: z.enum(differenceKinds), count: z.number() }));
/** Number of units that differ in a way. */
export type DifferenceKindCount = z.infer<typeof kindCountRows>[number];

/** Counts the units that differ between two points by kind of difference, in the order of the kinds. One statement. */
export async function countDifferencesByKind(
  client: SqlClient,
  query: Omit<DifferenceQuery, 'kinds'>,
): Promise<DifferenceKindCount[]> {
  const { from, to, within } = query;
  const rows = await client.query(
    `-- number of units that differ between two points, by kind
    select kind, count(*)::integer as count
    from (
    ${differenceKindsSql('0', within === undefined ? undefined : '$5::integer')}
    ) as difference
    group by kind
    order by array_position($${within === undefined ? 5 : 6}::text[], kind)`,
    [from.revision, from.day, to.revision, to.day, ...(within === undefined ? [] : [within]), [...differenceKinds]],
  );
  return kindCountRows.parse(rows);
}

/** Range of days, both included, as known at a revision. */
export interface ChangePointsQuery {
  readonly revision: number;
  readonly from: Day;
  readonly to: Day;
  readonly within?: number | undefined;
}

const dayRows = z.array(z.object({ day: z.string() }));

/** Returns the first days on which the register or a subtree differs from the previous day. One statement. */
export async function readChangePoints(
  client: SqlClient,
  { revision, from, to, within }: ChangePointsQuery,
  first: number,
): Promise<Day[]> {
  // All units in the subtree on some day.
  const scope = `with scope as materialized (
      select distinct v.resh_id
      from unit_version own
      join unit_version v on v.path_text >= own.path_text
        and v.path_text < own.path_text || ':'
      where own.resh_id = $5::integer
        and ${knownAt('$1::integer', 'own')}
        and ${knownAt('$1::integer', 'v')}
    )`;
  const days =
    within === undefined
      ? differingDaysSql('')
      : differingDaysSql(
          `
          and resh_id in (select scope.resh_id from scope)`,
          '$5::integer',
        );
  const rows = await client.query(
    `-- change points
    ${within === undefined ? '' : scope}
    select day::text as day
    from (
    ${days}
    ) as differing
    group by differing.day
    order by differing.day
    limit $4::integer`,
    [revision, from, to, first, ...(within === undefined ? [] : [within])],
  );
  return dayRows.parse(rows).map(({ day }) => day);
}
