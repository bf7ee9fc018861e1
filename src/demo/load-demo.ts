import { formatCopyLine } from '../domain/text/csv.ts';
import type { Day } from '../domain/time/day.ts';
import { analyzeRegister } from '../store/change/analyze-register.ts';
import { nextRevision, appendLedgerEntry, type ChangeEntry } from '../store/change/ledger.ts';
import type { Database } from '../store/database/database.ts';
import { lockRegister, runInTransaction, type LockedBulkTransaction } from '../store/database/transaction.ts';
import { nationalCodeSets } from '../domain/unit/national-code-sets.ts';
import { buildRow, createRowWriter, formatArray, type RowWriter } from './copy-rows.ts';
import { createCorrectionCollector, type Correction } from './corrections.ts';
import { generateUnits } from './generate-units.ts';
import { buildDatedRows, buildUnitRows } from './unit-rows.ts';
import { demoUsers, GRANTS_VALID_FROM } from './users.ts';

const unitsPerBatch = 1_000;

/** The register already has changes, so the demo register cannot be loaded. */
export class RegisterNotEmptyError extends Error {
  override readonly name = 'RegisterNotEmptyError';

  constructor(revision: number) {
    super(
      `The register is not empty: it is at revision ${revision}. The demo register can be loaded into an empty ` +
        'register only; set DATA_DIR to a new folder, or DATABASE_URL to a new database.',
    );
  }
}

export interface DemoOptions {
  /** Approximate number of units */
  readonly units: number;
  /** Day before all planned changes */
  readonly today: Day;
  readonly seed?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Loads the invented demo register into an empty register, in one transaction. The first change creates it; a second
 * one corrects a few facts of its past, so that there is an earlier revision to query.
 *
 * @returns number of units, and the newest revision
 * @throws RegisterNotEmptyError if the register is not empty, checked under the register lock
 */
export function loadDemo(
  database: Database,
  { units, today, seed = 1, onProgress = () => {} }: DemoOptions,
): Promise<{ units: number; revision: number }> {
  const change = {
    actor: { subject: 'command-line', name: 'Demo register' },
    operation: 'DEMO',
    effectiveOn: null,
    input: { units, today, seed },
  } as const satisfies Partial<ChangeEntry>;
  return database.bulk(async (session) => {
    const loaded = await runInTransaction(session, async (unlocked) => {
      const transaction = await lockRegister(unlocked);
      const firstRevision = await nextRevision(transaction);
      if (firstRevision !== 1) throw new RegisterNotEmptyError(firstRevision - 1);
      const written = await writeInitialRevision(transaction, firstRevision, { units, today, seed, onProgress });
      await appendLedgerEntry(transaction, firstRevision, {
        ...change,
        reason: 'Invented departments under real regions and trusts',
      });
      const revision = firstRevision + 1;
      await writeCorrections(transaction, revision, written.corrections);
      await appendLedgerEntry(transaction, revision, {
        ...change,
        reason: 'Former names and opening days corrected after a look into the archive',
      });
      return { units: written.unitCount, revision };
    });
    await analyzeRegister(session);
    return loaded;
  });
}

/** Writes the code sets, the units and the demo users; returns the number of units, and the corrections to make. */
async function writeInitialRevision(
  transaction: LockedBulkTransaction,
  revision: number,
  { units, today, seed, onProgress }: Required<DemoOptions>,
): Promise<{ unitCount: number; corrections: readonly Correction[] }> {
  const writer = createRowWriter(transaction, revision);
  addCodes(writer);
  const corrections = createCorrectionCollector(today);
  const administeredIds = new Set(demoUsers.map(({ reshId }) => reshId));
  const generatedIds = new Set<number>();
  let maxReshId = 1;
  let unitCount = 0;
  for (const unit of generateUnits(units, today, seed)) {
    for (const row of buildUnitRows(unit)) writer.add(row);
    corrections.consider(unit);
    maxReshId = Math.max(maxReshId, unit.reshId);
    if (administeredIds.has(unit.reshId)) generatedIds.add(unit.reshId);
    unitCount++;
    if (unitCount % unitsPerBatch === 0) {
      await writer.write();
      onProgress(unitCount, Math.max(units, unitCount));
    }
  }
  addUsers(writer, generatedIds);
  await writer.write();
  await transaction.query(
    `-- start RESH-ids above those of the demo
     select setval('resh_id_seq', $1::integer)::text as set`,
    [maxReshId],
  );
  onProgress(unitCount, unitCount);
  return { unitCount, corrections: corrections.chosen };
}

function addCodes(writer: RowWriter): void {
  for (const { number: codeSet, name: setName, codes } of nationalCodeSets) {
    writer.add(['code_set', [codeSet, `2.16.578.1.12.4.1.1.${codeSet}`, setName]]);
    for (const { code, name, parent, retired, replacedBy } of codes) {
      writer.add(['code', [codeSet, code]]);
      writer.add(
        buildRow('code_version', {
          codeSet,
          code,
          name,
          parentCode: parent ?? null,
          retired: String(retired ?? false),
          replacedBy: formatArray((replacedBy ?? []).map((successor) => `${codeSet}:${successor}`)),
        }),
      );
    }
  }
}

/** Adds the grants of the demo users whose unit exists; a very small register lacks some of the units. */
function addUsers(writer: RowWriter, generatedIds: ReadonlySet<number>): void {
  for (const { subject, name, email, role, reshId } of demoUsers) {
    if (reshId !== null && !generatedIds.has(reshId)) continue;
    writer.add(buildRow('administrator', { subject, name, email, from: GRANTS_VALID_FROM }));
    writer.add(buildRow('access_grant', { subject, role, reshId, from: GRANTS_VALID_FROM }));
  }
}

async function writeCorrections(
  transaction: LockedBulkTransaction,
  revision: number,
  corrections: readonly Correction[],
): Promise<void> {
  const writer = createRowWriter(transaction, revision);
  for (const { recorded, corrected } of corrections) {
    const before = buildDatedRows(recorded);
    const after = buildDatedRows(corrected);
    const lines = (rows: typeof before): Set<string> =>
      new Set(rows.map(([target, cells]) => target + formatCopyLine(cells)));
    const [linesBefore, linesAfter] = [lines(before), lines(after)];
    for (const [target, cells] of before.filter(
      ([rowTarget, cells]) => !linesAfter.has(rowTarget + formatCopyLine(cells)),
    ))
      await transaction.query(
        `-- supersede corrected rows
         update ${target}
         set superseded_rev = $1::integer
         where resh_id = $2::integer
           and valid_from = $3::text::date
           and superseded_rev is null`,
        [revision, cells[0], cells[1]],
      );
    for (const [target, cells] of after)
      if (!linesBefore.has(target + formatCopyLine(cells))) writer.add([target, cells]);
  }
  await writer.write();
}
