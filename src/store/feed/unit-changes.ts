import { z } from 'zod';
import { unitChangeKinds, type UnitChangeKind } from '../../domain/unit/facts.ts';
import { computeUnitChange, type UnitChange } from '../../domain/unit/change.ts';
import type { DatedUnit } from '../../domain/unit/state.ts';
import type { Succession } from '../../domain/unit/succession.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { changedUnitsSql, unitChangeTables, firstChangedUnitsSql, matchesRevision } from '../sql/fact-tables.ts';
import { groupByKey } from '../sql/temporal-conditions.ts';
import type { ReshIdPage } from '../sql/unit-row.ts';
import { factColumns, factRowSchemas } from '../sql/unit-facts.ts';
import { succession, unitTables } from '../tables.ts';
import { readCrossingKinds } from './crossings.ts';

/** The units that one of several revisions changed, all or those within a unit. */
export interface UnitChangesKey {
  readonly revision: number;
  /** RESH-id of a unit: only units that are at or under it on some day, before or after the change */
  readonly within?: number | undefined;
}

const pageStatement = `-- units changed by revisions
  select key.n, page.resh_id as "reshId"
  from jsonb_to_recordset($1::text::jsonb)
    as key (n integer, revision integer, within integer, first integer, after integer)
  cross join lateral (
    select resh_id
    from (${unitChangeTables
      .map(
        (table) => `
      (${firstChangedUnitsSql(table, 'key.revision', 'key.after', 'key.first', isWithinSql('step'))})`,
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
    where ${isWithinSql('changed')}
  ) as count
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, revision integer, within integer)`;

/** Returns the condition that a unit is within that of the key, if any, on some day, before or after the change. */
function isWithinSql(unit: string): string {
  return `(
          key.within is null
          or exists (
            select
            from unit_version v
            where v.resh_id = ${unit}.resh_id
              and key.within = any(v.path)
              and v.recorded_rev <= key.revision
              and (v.superseded_rev is null or v.superseded_rev >= key.revision)
          )
        )`;
}

const changedUnitRows = z.array(z.object({ n: z.number(), reshId: z.number() }));
const countRows = z.array(z.object({ n: z.number(), count: z.number() }));
const sideRows = z.array(z.object({ n: z.number(), isBefore: z.boolean(), isAfter: z.boolean() }));

/** A unit, and the revision that changed it. */
interface ChangedUnit {
  readonly reshId: number;
  readonly revision: number;
}

const successionColumns = { ...succession.key, ...succession.facts };
const successionRows = z.array(rowSchema(successionColumns).extend({ n: z.number(), isKnown: z.boolean() }));

/**
 * Returns pages of the units with facts, lists or successions that revisions changed, each in RESH-id order. Units that
 * only got a new path are not included. It also works in the transaction of a change before it commits. Eight
 * statements, and another one for pages within a unit.
 */
export async function readUnitChangesByRevision(
  client: SqlClient,
  pages: readonly (UnitChangesKey & ReshIdPage)[],
): Promise<UnitChange[][]> {
  const found = changedUnitRows.parse(
    await client.query(pageStatement, [toKeysJson(pages.map(({ after = 0, ...page }) => ({ ...page, after })))]),
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
  return groupByKey(await addCrossingKinds(client, changed, pages), pages.length).map((page) =>
    page.map(({ change }) => change),
  );
}

interface FoundChange {
  /** Index of the page */
  readonly n: number;
  readonly change: UnitChange;
}

/** Adds to the changes of pages within a unit how they crossed the border of its subtree. At most one statement. */
async function addCrossingKinds(
  client: SqlClient,
  changes: readonly FoundChange[],
  pages: readonly UnitChangesKey[],
): Promise<FoundChange[]> {
  const units = changes.flatMap(({ n, change: { reshId } }, index) => {
    const { revision = 0, within } = pages[n] ?? {};
    return within === undefined ? [] : [{ index, reshId, revision, within }];
  });
  if (units.length === 0) return [...changes];
  const crossings = await readCrossingKinds(client, units);
  const kindsByIndex = new Map(units.map(({ index }, place) => [index, crossings[place] ?? []]));
  return changes.map(({ n, change }, index) => {
    const kinds: readonly UnitChangeKind[] = [...change.kinds, ...(kindsByIndex.get(index) ?? [])];
    return { n, change: { ...change, kinds: unitChangeKinds.filter((kind) => kinds.includes(kind)) } };
  });
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
 * Returns the successions from and to each unit that the revision ended and recorded, in the order of the keys. One
 * statement.
 */
async function readSuccessionChanges(
  client: SqlClient,
  units: readonly ChangedUnit[],
): Promise<Record<'before' | 'after', Succession[]>[]> {
  const rows = await client.query(
    `-- succession changes of units
     select key.n, s.recorded_rev = key.revision as "isKnown", ${selectList(successionColumns, 's')}
     from jsonb_to_recordset($1::text::jsonb) as key (n integer, "reshId" integer, revision integer)
     join succession s on key."reshId" in (s.from_resh_id, s.to_resh_id)
       and key.revision in (s.recorded_rev, s.superseded_rev)`,
    [toKeysJson(units)],
  );
  return groupByKey(successionRows.parse(rows), units.length).map((found) => {
    const side = (isAfter: boolean) =>
      found.filter(({ isKnown }) => isKnown === isAfter).map(({ n: _n, isKnown: _isKnown, ...change }) => change);
    return { before: side(false), after: side(true) };
  });
}

/** Counts the units that revisions changed. One statement. */
export async function countUnitChangesByRevision(
  client: SqlClient,
  keys: readonly UnitChangesKey[],
): Promise<number[]> {
  const rows = countRows.parse(await client.query(countStatement, [toKeysJson(keys)]));
  return groupByKey(rows, keys.length).map(([row]) => row?.count ?? 0);
}
