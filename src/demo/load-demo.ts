import type { Day } from '../domain/time/day.ts';
import type { BulkSession } from '../store/database/bulk-session.ts';
import type { Database } from '../store/database/database.ts';
import { analyzeRegister } from '../store/change/ledger-digest.ts';
import { lockRegister, nextRevision, sealChange, type ChangeEntry } from '../store/change/ledger.ts';
import { codeSets } from './code-register.ts';
import { chooseCorrections, type Correction } from './corrections.ts';
import { generateUnits } from './generate-units.ts';
import { demoPeople, GRANTED_FROM } from './people.ts';
import {
  arrayText,
  csvLine,
  datedRows,
  rowsOfUnit,
  targetOrder,
  targets,
  type Cell,
  type Target,
} from './unit-rows.ts';

const unitsInChunk = 1_000;

/** The register has changes already; the demo register comes first or not at all. */
export class RegisterNotEmptyError extends Error {
  override readonly name = 'RegisterNotEmptyError';

  constructor(revision: number) {
    super(
      `The register is not empty: it is at revision ${revision}. The demo register loads into an empty one only; set DATA_DIR to a new folder, or DATABASE_URL to a new database.`,
    );
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** Gathers rows and writes them table by table. */
const rowWriter = (session: BulkSession, revision: number) => {
  let gathered = new Map<Target, string[]>();
  return {
    add: (target: Target, cells: readonly Cell[]): void => {
      const lines = gathered.get(target) ?? [];
      if (lines.length === 0) gathered.set(target, lines);
      lines.push(csvLine([...cells, revision]));
    },
    write: async (): Promise<void> => {
      for (const target of targetOrder) {
        const lines = gathered.get(target);
        if (lines) await session.copyFrom(targets[target], once(lines.join('')));
      }
      gathered = new Map();
    },
  };
};

const writeCodes = async (session: BulkSession, revision: number): Promise<void> => {
  const codes = codeSets.flatMap(({ number, codes }) => codes.map((code) => ({ set: number, ...code })));
  const copy = (target: string, rows: readonly (readonly Cell[])[]) =>
    session.copyFrom(target, once(rows.map(csvLine).join('')));
  await copy(
    'code_set (number, oid, name, registered_rev)',
    codeSets.map((set) => [set.number, `2.16.578.1.12.4.1.1.${set.number}`, set.name, revision]),
  );
  await copy(
    'code (code_set, code, registered_rev)',
    codes.map(({ set, code }) => [set, code, revision]),
  );
  await copy(
    'code_version (code_set, code, name, parent_code, retired, replaced_by, recorded_rev)',
    codes.map(({ set, code, name, parent, retired, replacedBy }) => [
      ...[set, code, name, parent ?? null, String(retired ?? false)],
      ...[arrayText((replacedBy ?? []).map((successor) => `${set}:${successor}`)), revision],
    ]),
  );
};

/** Grants to those whose unit is there: a very small register does not have each. */
const writePeople = async (session: BulkSession, revision: number, made: ReadonlySet<number>): Promise<void> => {
  const people = demoPeople.filter(({ reshId }) => reshId === null || made.has(reshId));
  await session.copyFrom(
    'administrator (subject, name, email, valid_from, recorded_rev)',
    once(people.map(({ subject, name, email }) => csvLine([subject, name, email, GRANTED_FROM, revision])).join('')),
  );
  await session.copyFrom(
    'access_grant (subject, role, resh_id, valid_from, recorded_rev)',
    once(people.map(({ subject, role, reshId }) => csvLine([subject, role, reshId, GRANTED_FROM, revision])).join('')),
  );
};

const writeCorrections = async (
  session: BulkSession,
  revision: number,
  corrections: readonly Correction[],
): Promise<void> => {
  const writer = rowWriter(session, revision);
  for (const { recorded, corrected } of corrections) {
    const before = datedRows(recorded);
    const after = datedRows(corrected);
    const lines = (rows: typeof before): Set<string> => new Set(rows.map(([target, cells]) => target + csvLine(cells)));
    const [linesBefore, linesAfter] = [lines(before), lines(after)];
    for (const [target, cells] of before.filter(([of, cells]) => !linesAfter.has(of + csvLine(cells))))
      await session.query(
        `-- supersede what is corrected
         update ${target}
         set superseded_rev = $1::integer
         where resh_id = $2::integer
           and valid_from = $3::text::date
           and superseded_rev is null`,
        [revision, cells[0], cells[1]],
      );
    for (const [target, cells] of after) if (!linesBefore.has(target + csvLine(cells))) writer.add(target, cells);
  }
  await writer.write();
};

/**
 * Loads the invented demo register into an empty one: a change that makes it, and one that corrects a few things of its past,
 * so that there is an earlier revision to ask. Both or none.
 *
 * @param options.units about how many units; `today` decides what is planned for later
 * @returns how many units it has, and its newest revision
 * @throws RegisterNotEmptyError when the register is not empty, decided while nobody else can change it
 */
export const loadDemo = (
  database: Database,
  options: { units: number; today: Day; seed?: number; onProgress?: (done: number, total: number) => void },
): Promise<{ units: number; revision: number }> =>
  database.bulk(async (session) => {
    const { units, today, seed = 1, onProgress } = options;
    const change = {
      actor: { subject: 'command-line', name: 'Demo register' },
      effectiveOn: null,
      input: { units, today, seed },
    } as const satisfies Partial<ChangeEntry>;
    let done = 0;

    const make = async (revision: number): Promise<readonly Correction[]> => {
      await writeCodes(session, revision);
      const writer = rowWriter(session, revision);
      const corrections = chooseCorrections(today);
      const administered = new Set(demoPeople.map(({ reshId }) => reshId));
      const made = new Set<number>();
      let greatest = 1;
      for (const unit of generateUnits(units, today, seed)) {
        for (const [target, cells] of rowsOfUnit(unit)) writer.add(target, cells);
        corrections.offer(unit);
        greatest = Math.max(greatest, unit.reshId);
        if (administered.has(unit.reshId)) made.add(unit.reshId);
        done++;
        if (done % unitsInChunk === 0) {
          await writer.write();
          onProgress?.(done, Math.max(units, done));
        }
      }
      await writer.write();
      await writePeople(session, revision, made);
      await session.query(
        `-- RESH-ids go on above the demo's\nselect setval('resh_id_seq', $1::integer)::text as set`,
        [greatest],
      );
      onProgress?.(done, done);
      return corrections.chosen;
    };

    await session.execute('begin isolation level read committed');
    try {
      await lockRegister(session);
      const first = await nextRevision(session);
      if (first !== 1) throw new RegisterNotEmptyError(first - 1);
      const corrections = await make(first);
      await sealChange(session, first, {
        ...change,
        operation: 'DEMO',
        reason: 'Invented departments under real regions and trusts',
      });
      const revision = first + 1;
      await writeCorrections(session, revision, corrections);
      await sealChange(session, revision, {
        ...change,
        operation: 'DEMO',
        reason: 'Former names and opening days corrected after a look into the archive',
      });
      await session.execute('commit');
      await analyzeRegister(session);
      return { units: done, revision };
    } catch (error) {
      // The first error is the one to tell; a lost connection cannot roll back and need not.
      await session.execute('rollback').catch(() => {});
      throw error;
    }
  });
