import { z } from 'zod';
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
import { snapshotColumns, snapshotRow, type SnapshotUnit } from './snapshot-unit.ts';
import { UnitBlock, type UnitRange } from './unit-block.ts';
import { noDetails, readUnitDetails } from './unit-details.ts';
import { UnitList } from './unit-list.ts';
import { UnitValues } from './unit-values.ts';

/** Rows of one statement, so that reading a snapshot never blocks requests for long. */
const CHUNK_SIZE = 1_000;

const snapshotRows = z.array(snapshotRow);
const unitCodeColumns = { ...unitTables.codes.key, ...period, ...unitTables.codes.facts } as const;
const unitCodeRows = z.array(rowSchema(unitCodeColumns));

/**
 * Reads the register on a day, as known at a revision, into memory. All statements see the same state, because the rows
 * of a revision never change.
 */
export async function readSnapshot(database: Database, at: Snapshot): Promise<RegisterSnapshot> {
  const codes = await readCodes(database, at);
  const hash = await database.bulk((session) => readRevisionHash(session, at.revision));
  const values = new UnitValues();
  const chunks: UnitRange[] = [];
  await readUnits(database, at, {
    codes,
    values,
    onUnits: ({ block }) => chunks.push({ block, start: 0, end: block.length }),
  });
  const units = new UnitList(values, chunks);
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

/** Units in tree order, and the path of each as text, by which they are. */
export interface UnitChunk {
  readonly block: UnitBlock;
  readonly pathTexts: readonly string[];
}

/** What is read of units, and where it is kept. */
export interface UnitReading {
  readonly codes: ReadonlyMap<string, CodeRow>;
  /** Receives the values that units share */
  readonly values: UnitValues;
  /** Receives the units, a chunk at a time */
  readonly onUnits: (units: UnitChunk) => void;
  /** Units to read; all if absent */
  readonly reshIds?: readonly number[];
}

/** Reads units on a day with their codes, in tree order. */
export async function readUnits(
  database: Database,
  at: Snapshot,
  { codes, values, onUnits, reshIds }: UnitReading,
): Promise<void> {
  let rows: z.infer<typeof snapshotRows>;
  let after = '';
  do {
    const parameters = [at.revision, at.day, after, reshIds ?? null];
    rows = snapshotRows.parse(await database.bulk((session) => session.query(unitsSql, parameters)));
    const chunkIds = rows.map(({ reshId }) => reshId);
    const [codesByReshId, detailsByReshId, periods] = await database.bulk(async (session) => [
      await readUnitCodes(session, at, chunkIds, codes),
      await readUnitDetails(session, at, chunkIds),
      await readUnbrokenPeriods(session, at, rows),
    ]);
    const units = rows.map((row, index): SnapshotUnit => ({
      ...row,
      ...(periods[index] as UnbrokenPeriods),
      codes: codesByReshId.get(row.reshId) ?? [],
      details: detailsByReshId.get(row.reshId) ?? noDetails,
    }));
    onUnits({ block: UnitBlock.create(units, values), pathTexts: rows.map(({ pathText }) => pathText) });
    after = rows.at(-1)?.pathText ?? '';
  } while (rows.length === CHUNK_SIZE);
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
  codes: ReadonlyMap<string, CodeRow>,
): Promise<Map<number, UnitCodeRow[]>> {
  const codesByReshId = new Map<number, UnitCodeRow[]>();
  for (const row of unitCodeRows.parse(await client.query(unitCodesSql, [revision, day, reshIds]))) {
    const unitCodes = codesByReshId.get(row.reshId);
    const unitCode = toUnitCode(row, codes);
    if (unitCodes) unitCodes.push(unitCode);
    else codesByReshId.set(row.reshId, [unitCode]);
  }
  return codesByReshId;
}

function toUnitCode(
  { codeSet, code, attributes, from, to }: z.infer<typeof unitCodeRows>[number],
  codes: ReadonlyMap<string, CodeRow>,
): UnitCodeRow {
  const reference = formatCodeReference({ codeSet, code });
  const row = codes.get(reference);
  if (!row) throw new Error(`Code ${reference} is in use but has no version.`);
  return { ...row, attributes, validFrom: from, validTo: to };
}

/** Reads the treatment sites of units, as on a day or closest to it, by organization number. */
export async function readSites(
  { prisma }: Database,
  { revision, day }: Snapshot,
  units: UnitList,
): Promise<Map<string, TreatmentSiteRow>> {
  const numbers = listSiteNumbers(units);
  const sites = await readTreatmentSites(
    prisma,
    numbers.map((organizationNumber) => ({ organizationNumber, revision, day })),
  );
  return new Map(sites.flatMap((site) => (site ? [[site.organizationNumber, site]] : [])));
}

function listSiteNumbers(units: UnitList): string[] {
  const numbers = new Set<string>();
  for (const { treatmentSiteNumber } of units) if (treatmentSiteNumber !== null) numbers.add(treatmentSiteNumber);
  return [...numbers];
}
