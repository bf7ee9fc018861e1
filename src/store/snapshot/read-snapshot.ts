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
import { UnitBlock, wholeBlock } from './unit-block.ts';
import { noDetails, readUnitDetails } from './unit-details.ts';
import { UnitList } from './unit-list.ts';
import { UnitValues } from './unit-values.ts';

/** Rows of one statement, so that reading a snapshot never blocks requests for long. */
const CHUNK_SIZE = 2_000;
const BLOCK_SIZE = 250;

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
  const blocks: UnitBlock[] = [];
  for await (const chunk of readUnits(database, at, { codes, values }))
    for (let start = 0; start < chunk.length; start += BLOCK_SIZE)
      blocks.push(UnitBlock.create(chunk.slice(start, start + BLOCK_SIZE), values));
  values.noteAllRead();
  const units = new UnitList(values, blocks.map(wholeBlock));
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
export type PlacedUnit = SnapshotUnit & { readonly pathText: string };

/** What is read of units, and where it is kept. */
export interface UnitReading {
  readonly codes: ReadonlyMap<string, CodeRow>;
  /** Receives the codes that units share */
  readonly values: UnitValues;
  /** Units to read; all if absent */
  readonly reshIds?: readonly number[];
}

/** Reads units on a day with their codes, in tree order, a chunk at a time. */
export async function* readUnits(
  database: Database,
  at: Snapshot,
  { codes, values, reshIds }: UnitReading,
): AsyncGenerator<PlacedUnit[]> {
  let rows: z.infer<typeof snapshotRows>;
  let after = '';
  do {
    const parameters = [at.revision, at.day, after, reshIds ?? null];
    rows = snapshotRows.parse(await database.bulk((session) => session.query(unitsSql, parameters)));
    const chunkIds = rows.map(({ reshId }) => reshId);
    const [codesByReshId, detailsByReshId, periods] = await database.bulk(async (session) => [
      await readUnitCodes(session, at, chunkIds, { codes, values }),
      await readUnitDetails(session, at, chunkIds),
      await readUnbrokenPeriods(session, at, rows),
    ]);
    yield rows.map((row, index) => {
      const { validity, placed } = periods[index] as UnbrokenPeriods;
      const unitCodes = codesByReshId.get(row.reshId) ?? [];
      const details = detailsByReshId.get(row.reshId) ?? noDetails;
      // Copies of the rows would take as long as the rest.
      return Object.assign(row, { validity, placed, codes: unitCodes, details });
    });
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
  { codes, values }: Pick<UnitReading, 'codes' | 'values'>,
): Promise<Map<number, UnitCodeRow[]>> {
  const codesByReshId = new Map<number, UnitCodeRow[]>();
  for (const unitCode of unitCodeRows.parse(await client.query(unitCodesSql, [revision, day, reshIds]))) {
    const reference = formatCodeReference(unitCode);
    const row = codes.get(reference);
    if (!row) throw new Error(`Code ${reference} is in use but has no version.`);
    const shared = values.shareCode(row, unitCode);
    const known = codesByReshId.get(unitCode.reshId);
    if (known) known.push(shared);
    else codesByReshId.set(unitCode.reshId, [shared]);
  }
  return codesByReshId;
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
