import { z } from 'zod';
import type { Period } from '../../domain/time/period.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { formatCodeReference } from '../../domain/unit/code-sets.ts';
import type { Database } from '../database/database.ts';
import { readRevisionHash } from '../database/newest-revision.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { readCodeSets, readCodesOfSets, type CodeRow, type UnitCodeRow } from '../read/codes.ts';
import { readTreatmentSites, type TreatmentSiteRow } from '../read/treatment-sites.ts';
import { readUnbrokenPeriods, type UnbrokenPeriods } from '../read/unbroken-periods.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { knownAt, validOn } from '../sql/temporal-conditions.ts';
import { period, unitTables } from '../tables.ts';
import { RegisterSnapshot } from './register-snapshot.ts';
import {
  createSnapshotUnit,
  snapshotColumns,
  snapshotRow,
  type SnapshotRow,
  type SnapshotUnit,
} from './snapshot-unit.ts';
import { noDetails, readUnitDetails } from './unit-details.ts';

/** Rows of one statement, so that reading a snapshot never blocks requests for long. */
const CHUNK_SIZE = 5_000;

const snapshotRows = z.array(snapshotRow);
const unitCodeColumns = { ...unitTables.codes.key, ...period, ...unitTables.codes.facts } as const;
const unitCodeRows = z.array(rowSchema(unitCodeColumns));
type UnitCodeColumns = z.infer<typeof unitCodeRows>[number];

/**
 * Reads the register on a day, as known at a revision, into memory. All statements see the same state, because the rows
 * of a revision never change.
 */
export async function readSnapshot(database: Database, at: Snapshot): Promise<RegisterSnapshot> {
  const codes = await readCodes(database, at);
  const hash = await database.bulk((session) => readRevisionHash(session, at.revision));
  const units: SnapshotUnit[] = [];
  await readUnits(database, at, codes, (chunk) => units.push(...chunk.map(({ unit }) => unit)));
  return new RegisterSnapshot(at, { hash, units, codes, sites: await readSites(database, at, units) });
}

async function readCodes({ prisma }: Database, { revision, day }: Snapshot): Promise<Map<string, CodeRow>> {
  const sets = await readCodeSets(prisma, revision);
  const keys = sets.map(({ number }) => ({ codeSet: number, parentCode: null, revision, day }));
  const codes = (await readCodesOfSets(prisma, keys)).flat();
  return new Map(codes.map((code) => [formatCodeReference(code), code]));
}

const unitsSql = `-- units of a snapshot
  select ${snapshotColumns('v')}
  from unit_version v
  where ${knownAt('$1::integer', 'v')}
    and ${validOn('$2::date', 'v')}
    and v.path_text > $3
    and ($4::integer[] is null or v.resh_id = any($4::integer[]))
  order by v.path_text
  limit ${CHUNK_SIZE}`;

/** A unit, and its path as text, by which units are in tree order. */
export interface PlacedUnit {
  readonly unit: SnapshotUnit;
  readonly pathText: string;
}

/**
 * Reads units on a day with their codes, in tree order.
 *
 * @param onUnits receives the units, a chunk at a time
 * @param reshIds of the units to read; all if absent
 */
export async function readUnits(
  database: Database,
  at: Snapshot,
  codes: ReadonlyMap<string, CodeRow>,
  onUnits: (units: readonly PlacedUnit[]) => void,
  reshIds?: readonly number[],
): Promise<void> {
  const intern = createInterner();
  const internPeriod = createPeriodInterner();
  const internCode = createCodeInterner(codes);
  const internCodes = createListInterner<UnitCodeRow>();
  let rows: SnapshotRow[];
  let after = '';
  do {
    const values = [at.revision, at.day, after, reshIds ?? null];
    rows = snapshotRows.parse(await database.bulk((session) => session.query(unitsSql, values)));
    const chunkIds = rows.map(({ reshId }) => reshId);
    const [codesByReshId, detailsByReshId, periods] = await database.bulk(async (session) => [
      await readUnitCodes(session, at, chunkIds, internCode),
      await readUnitDetails(session, at, chunkIds),
      await readUnbrokenPeriods(session, at, rows),
    ]);
    const createUnit = (row: SnapshotRow, index: number): SnapshotUnit => {
      const { validity, placed } = periods[index] as UnbrokenPeriods;
      const codes = internCodes(codesByReshId.get(row.reshId) ?? []);
      return createSnapshotUnit(
        row,
        {
          codes,
          validity: internPeriod(validity),
          placed: internPeriod(placed),
          details: detailsByReshId.get(row.reshId) ?? noDetails,
        },
        intern,
      );
    };
    onUnits(rows.map((row, index) => ({ pathText: row.pathText, unit: createUnit(row, index) })));
    after = rows.at(-1)?.pathText ?? '';
  } while (rows.length === CHUNK_SIZE);
}

/** Creates a function that returns the same list for the same items in the same order. */
function createListInterner<Item extends object>() {
  const numbers = new Map<Item, number>();
  const numberOf = (item: Item): number => {
    const number = numbers.get(item) ?? numbers.size;
    numbers.set(item, number);
    return number;
  };
  const known = new Map<string, readonly Item[]>();
  return (items: readonly Item[]): readonly Item[] => {
    const key = items.map(numberOf).join(' ');
    const same = known.get(key) ?? items.slice();
    known.set(key, same);
    return same;
  };
}

function createInterner() {
  const known = new Map<string, string>();
  return (text: string): string => {
    const same = known.get(text);
    if (same !== undefined) return same;
    known.set(text, text);
    return text;
  };
}

function createPeriodInterner() {
  const known = new Map<string, Period>();
  return (period: Period): Period => {
    const key = `${period.from} ${period.to}`;
    const same = known.get(key) ?? period;
    known.set(key, same);
    return same;
  };
}

const unitCodesSql = `-- codes of units of a snapshot
  select ${selectList(unitCodeColumns, 'c')}
  from unit_code c
  where c.resh_id = any($3::integer[])
    and ${knownAt('$1::integer', 'c')}
    and ${validOn('$2::date', 'c')}
  order by c.code_set, c.code collate "C"`;

async function readUnitCodes(
  client: SqlClient,
  { revision, day }: Snapshot,
  reshIds: readonly number[],
  internCode: (row: UnitCodeColumns) => UnitCodeRow,
): Promise<Map<number, UnitCodeRow[]>> {
  const codesByReshId = new Map<number, UnitCodeRow[]>();
  for (const row of unitCodeRows.parse(await client.query(unitCodesSql, [revision, day, reshIds]))) {
    const unitCodes = codesByReshId.get(row.reshId);
    if (unitCodes) unitCodes.push(internCode(row));
    else codesByReshId.set(row.reshId, [internCode(row)]);
  }
  return codesByReshId;
}

// Units share the object of a code that they have over the same days.
function createCodeInterner(codes: ReadonlyMap<string, CodeRow>) {
  const interned = new Map<string, UnitCodeRow>();
  return ({ codeSet, code, attributes, from, to }: UnitCodeColumns): UnitCodeRow => {
    const reference = formatCodeReference({ codeSet, code });
    const key = [reference, from, to, ...attributes].join(' ');
    const known = interned.get(key);
    if (known) return known;
    const row = codes.get(reference);
    if (!row) throw new Error(`Code ${reference} is in use but has no version.`);
    const unitCode = { ...row, attributes, validFrom: from, validTo: to };
    interned.set(key, unitCode);
    return unitCode;
  };
}

/** Reads the treatment sites of units, as on a day or closest to it, by organization number. */
export async function readSites(
  { prisma }: Database,
  { revision, day }: Snapshot,
  units: readonly SnapshotUnit[],
): Promise<Map<string, TreatmentSiteRow>> {
  const numbers = [...new Set(units.flatMap(({ treatmentSiteNumber }) => treatmentSiteNumber ?? []))];
  const sites = await readTreatmentSites(
    prisma,
    numbers.map((organizationNumber) => ({ organizationNumber, revision, day })),
  );
  return new Map(sites.flatMap((site) => (site ? [[site.organizationNumber, site]] : [])));
}
