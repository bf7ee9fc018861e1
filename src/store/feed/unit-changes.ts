import { z } from 'zod';
import { computeUnitChange, type UnitChange, type UnitSuccession } from '../../domain/unit/change.ts';
import type { DatedUnit } from '../../domain/unit/state.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { changedUnitsSql, unitChangeTables, firstChangedUnitsSql, matchesRevision } from '../sql/fact-tables.ts';
import { groupByKey } from '../sql/temporal-conditions.ts';
import { factColumns, factRowSchemas } from '../sql/unit-facts.ts';
import { succession, unitTables } from '../tables.ts';

/** A page of the units that a revision changed; `after` is the last RESH-id of the previous page. */
export interface UnitChangePage {
  readonly first: number;
  readonly after?: number | undefined;
}

/** A page of the units that one of several revisions changed. */
export interface UnitChangesKey extends UnitChangePage {
  readonly revision: number;
}

const pageStatement = `-- units changed by revisions
  select key.n, page.resh_id as "reshId"
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, revision integer, first integer, after integer)
  cross join lateral (
    select resh_id
    from (${unitChangeTables
      .map(
        (table) => `
      (${firstChangedUnitsSql(table, 'key.revision', 'key.after', 'key.first')})`,
      )
      .join('\n      union')}
    ) as changed
    order by resh_id
    limit key.first
  ) as page
  order by key.n, page.resh_id`;

const countStatement = `-- number of units changed by revisions
  select key.n, (
    select count(*)::integer
    from (
      ${unitChangeTables
        .map((table) => changedUnitsSql(table, matchesRevision('key.revision')))
        .join('\n      union\n      ')}
    ) as changed
  ) as count
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, revision integer)`;

const changedUnitRows = z.array(z.object({ n: z.number(), reshId: z.number() }));
const countRows = z.array(z.object({ n: z.number(), count: z.number() }));
const sideRows = z.array(z.object({ n: z.number(), isBefore: z.boolean(), isAfter: z.boolean() }));

/** A unit, and the revision that changed it. */
interface ChangedUnit {
  readonly reshId: number;
  readonly revision: number;
}

const successionRows = z.array(rowSchema(succession.facts).extend({ n: z.number(), isKnown: z.boolean() }));

/**
 * Returns pages of the units with facts, lists or successions that revisions changed, each in RESH-id order. Units that
 * only got a new path are not included. It also works in the transaction of a change before it commits. Eight
 * statements.
 */
export async function readUnitChangesByRevision(
  client: SqlClient,
  pages: readonly UnitChangesKey[],
): Promise<UnitChange[][]> {
  const found = changedUnitRows.parse(
    await client.query(pageStatement, [
      toKeysJson(pages.map(({ revision, first, after }) => ({ revision, first, after: after ?? 0 }))),
    ]),
  );
  if (found.length === 0) return pages.map(() => []);
  const units = found.map(({ n, reshId }) => ({ n, reshId, revision: pages[n]?.revision ?? 0 }));
  const changes = await readUnitChangeDetails(
    client,
    units.map(({ reshId, revision }) => ({ reshId, revision })),
  );
  const changed = units.flatMap(({ n }, index) => {
    const change = changes[index];
    return change ? [{ n, change }] : [];
  });
  return groupByKey(changed, pages.length).map((page) => page.map(({ change }) => change));
}

function toKeysJson(keys: readonly object[]): string {
  return JSON.stringify(keys.map((key, n) => ({ n, ...key })));
}

/** Returns the changes that revisions made to units, in the order of the keys; undefined if none. Seven statements. */
async function readUnitChangeDetails(
  client: SqlClient,
  units: readonly ChangedUnit[],
): Promise<(UnitChange | undefined)[]> {
  const versions = await readFactsBeforeAndAfter(client, 'versions', units);
  const codes = await readFactsBeforeAndAfter(client, 'codes', units);
  const identifiers = await readFactsBeforeAndAfter(client, 'identifiers', units);
  const names = await readFactsBeforeAndAfter(client, 'names', units);
  const addresses = await readFactsBeforeAndAfter(client, 'addresses', units);
  const contactPoints = await readFactsBeforeAndAfter(client, 'contactPoints', units);
  const successions = await readSuccessionChanges(client, units);
  const buildState = (index: number, side: 'before' | 'after'): DatedUnit => ({
    versions: versions[index]?.[side] ?? [],
    codes: codes[index]?.[side] ?? [],
    identifiers: identifiers[index]?.[side] ?? [],
    names: names[index]?.[side] ?? [],
    addresses: addresses[index]?.[side] ?? [],
    contactPoints: contactPoints[index]?.[side] ?? [],
  });
  return units.map(({ reshId }, index) =>
    computeUnitChange(reshId, buildState(index, 'before'), buildState(index, 'after'), successions[index]),
  );
}

/** Returns one list of each unit as known before and after the revision, in the order of the keys. One statement. */
async function readFactsBeforeAndAfter<List extends keyof DatedUnit>(
  client: SqlClient,
  list: List,
  units: readonly ChangedUnit[],
): Promise<Record<'before' | 'after', DatedUnit[List][number][]>[]> {
  const rows = await client.query(
    `-- ${list} of changed units
     select key.n,
       recorded_rev < key.revision as "isBefore",
       superseded_rev is distinct from key.revision as "isAfter",
       ${selectList(factColumns[list], 'fact')}
     from jsonb_to_recordset($1::text::jsonb) as key (n integer, "reshId" integer, revision integer)
     join ${unitTables[list].name} as fact on fact.resh_id = key."reshId"
     where recorded_rev <= key.revision
       and (superseded_rev is null or superseded_rev >= key.revision)
     order by key.n, valid_from`,
    [toKeysJson(units)],
  );
  const sides = sideRows.parse(rows);
  const items = z.array(factRowSchemas[list]).parse(rows);
  const factsByUnit = units.map((): Record<'before' | 'after', DatedUnit[List][number][]> => ({
    before: [],
    after: [],
  }));
  items.forEach((item, index) => {
    const side = sides[index];
    const unit = side && factsByUnit[side.n];
    if (side?.isBefore) unit?.before.push(item);
    if (side?.isAfter) unit?.after.push(item);
  });
  return factsByUnit;
}

/**
 * Returns the successions of each unit that the revision ended and recorded, in the order of the keys. One statement.
 */
async function readSuccessionChanges(
  client: SqlClient,
  units: readonly ChangedUnit[],
): Promise<Record<'before' | 'after', UnitSuccession[]>[]> {
  const rows = await client.query(
    `-- succession changes of units
     select key.n, s.recorded_rev = key.revision as "isKnown", ${selectList(succession.facts, 's')}
     from jsonb_to_recordset($1::text::jsonb) as key (n integer, "reshId" integer, revision integer)
     join succession s on s.from_resh_id = key."reshId"
       and key.revision in (s.recorded_rev, s.superseded_rev)`,
    [toKeysJson(units)],
  );
  return groupByKey(successionRows.parse(rows), units.length).map((found) => {
    const side = (isAfter: boolean) =>
      found
        .filter(({ isKnown }) => isKnown === isAfter)
        .map(({ toReshId, kind, extent, effectiveOn }) => ({ toReshId, kind, extent, effectiveOn }));
    return { before: side(false), after: side(true) };
  });
}

/** Counts the units that each revision changed. One statement. */
export async function countUnitChangesByRevision(client: SqlClient, revisions: readonly number[]): Promise<number[]> {
  const rows = countRows.parse(
    await client.query(countStatement, [toKeysJson(revisions.map((revision) => ({ revision })))]),
  );
  return groupByKey(rows, revisions.length).map(([row]) => row?.count ?? 0);
}
