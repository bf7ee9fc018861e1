import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/time/day.ts';
import { openExtract } from '../../src/exchange/extract/open-extract.ts';
import type { Database } from '../../src/store/database/database.ts';
import { advanceSnapshot } from '../../src/store/snapshot/advance-snapshot.ts';
import { readSnapshot } from '../../src/store/snapshot/read-snapshot.ts';
import { RegisterSnapshot } from '../../src/store/snapshot/register-snapshot.ts';
import { UnitList } from '../../src/store/snapshot/unit-list.ts';
import { UnitValues } from '../../src/store/snapshot/unit-values.ts';
import { openDemoRegister } from '../support/registers/demo-register.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { dayNear, histories } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { emptyState } from '../support/model/register-state.ts';

const names = ['units.csv', 'units.ndjson', 'units.fhir.ndjson'] as const;

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

type Parameters = Readonly<Record<string, string>>;

/** Returns an extract read from a snapshot, or from the database without one. */
async function readExtract(
  { prisma }: Database,
  name: (typeof names)[number],
  day: Day,
  parameters: Parameters,
  snapshot?: RegisterSnapshot,
): Promise<string> {
  const extract = await openExtract(prisma, name, Object.entries(parameters), day, async () => snapshot);
  return text(extract.streamChunks());
}

async function expectSameExtracts(
  register: Database,
  snapshot: RegisterSnapshot,
  within: number | undefined,
): Promise<void> {
  const { revision, day } = snapshot.at;
  const all = { validAt: day, revision: String(revision) };
  for (const name of names)
    for (const parameters of within === undefined ? [all] : [all, { ...all, within: String(within) }])
      expect(await readExtract(register, name, day, parameters, snapshot)).toBe(
        await readExtract(register, name, day, parameters),
      );
}

describe('extracts over a random history', () => {
  it('have the same bytes from memory, read or advanced, and from the database', async () => {
    let extractedUnits = 0;
    await fc.assert(
      fc.asyncProperty(histories(1), fc.nat(), async (history, choice) => {
        await clearRegister(database);
        const day = dayNear(history, choice);
        let advanced: RegisterSnapshot | undefined;
        for (const [revision, state] of history.revisions.entries()) {
          if (revision > 0) await recordState(database, history.revisions[revision - 1] ?? emptyState, state);
          const read = await readSnapshot(database, { revision, day });
          advanced = (advanced && (await advanceSnapshot(database, advanced, revision))) ?? read;
          const within = [...read.units][choice % Math.max(read.units.length, 1)]?.reshId;
          await expectSameExtracts(database, read, within);
          await expectSameExtracts(database, advanced, within);
          extractedUnits += read.units.length;
        }
      }),
      propertyOptions(10),
    );

    expect(extractedUnits).toBeGreaterThan(0);
  });
});

it('are the same bytes from memory and from the database for a register with all kinds of details', async () => {
  const demo = await openDemoRegister();
  try {
    const { revision } = await demo.newestRevision();
    for (const day of ['2018-01-01', '2026-11-23']) {
      const snapshot = await readSnapshot(demo, { revision, day });
      const details = [...snapshot.units].map((unit) => unit.details);

      expect(details.flatMap(({ addresses }) => addresses)).not.toEqual([]);
      expect(details.flatMap(({ contactPoints }) => contactPoints)).not.toEqual([]);
      expect(details.flatMap(({ identifiers }) => identifiers)).not.toEqual([]);
      await expectSameExtracts(demo, snapshot, 100089);
    }
  } finally {
    await demo.close();
  }
});

it('ignore a snapshot of a register with another ledger', async () => {
  const demo = await openDemoRegister();
  try {
    const { revision } = await demo.newestRevision();
    const snapshot = await readSnapshot(demo, { revision, day: '2026-11-23' });
    const { at, hash, codes, sites } = snapshot;
    const units = new UnitList(new UnitValues(), []);
    const replaced = new RegisterSnapshot(at, { hash, units, codes, sites });
    const restored = new RegisterSnapshot(at, { hash: 'another', units, codes, sites });
    const stored = await readExtract(demo, 'units.csv', '2026-11-23', {});

    expect(await readExtract(demo, 'units.csv', '2026-11-23', {}, replaced)).not.toBe(stored);
    expect(await readExtract(demo, 'units.csv', '2026-11-23', {}, restored)).toBe(stored);
  } finally {
    await demo.close();
  }
});
