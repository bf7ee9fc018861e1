import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayBefore, type Day } from '../../src/domain/time/day.ts';
import type { ReportedProblem } from '../../src/exchange/import/reported-problems.ts';
import { synchronize } from '../../src/exchange/sync/synchronize.ts';
import type { Database } from '../../src/store/database/database.ts';
import { synchronizeOptions } from '../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { dayNear, histories, type History } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { factsOn, emptyState, type Facts, type RegisterState } from '../support/model/register-state.ts';
import { findViolations } from '../support/database/violations.ts';

let database: Database;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'resh-synchronizing-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

type DesiredUnit = Pick<Facts, 'parentReshId' | 'type' | 'name' | 'shortName' | 'organizationNumber'>;
type DesiredState = ReadonlyMap<number, DesiredUnit>;

/** A random draw of one unit of a desired state. */
interface UnitDraw {
  readonly isIncluded: boolean;
  readonly rank: number;
  readonly parent: number;
  readonly isOrganization: boolean;
  readonly name: string | null;
  readonly number: number;
}

const unitDraw: fc.Arbitrary<UnitDraw> = fc.record({
  isIncluded: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  rank: fc.nat(1_000),
  parent: fc.nat(40),
  isOrganization: fc.boolean(),
  name: fc.option(fc.constantFrom('Avdeling', 'Ærlig, «B»', 'post; 3', 'Øye "x"')),
  number: fc.nat(8),
});

const numbers = ['974747138', '974749025', '974557746', '983974880'];

/** A random draw of one synchronization. */
interface SynchronizationDraw {
  readonly dayIndex: number;
  readonly unitDraws: readonly UnitDraw[];
  readonly hasNumbers: boolean;
}

const synchronizationDraw: fc.Arbitrary<SynchronizationDraw> = fc.record({
  dayIndex: fc.nat(200),
  unitDraws: fc.array(unitDraw, { minLength: 1, maxLength: 25 }),
  hasNumbers: fc.boolean(),
});

/**
 * Builds a tree of existing and new units; a unit drawn without a name keeps its name.
 *
 * @param state of the register before all synchronizations
 * @param withdrawnIds RESH-ids that cannot be used again
 */
function buildDesiredState(
  draws: readonly UnitDraw[],
  state: RegisterState,
  withdrawnIds: ReadonlySet<number>,
  day: Day,
): DesiredState {
  const newReshIds = [7_000_001, 7_000_002, 3, 4].filter((reshId) => !state.timelines.has(reshId));
  const treeOrder = [...state.timelines.keys(), ...newReshIds]
    .filter((reshId) => !withdrawnIds.has(reshId))
    .flatMap((reshId, index) => {
      const draw = draws[index % Math.max(1, draws.length)];
      return draw?.isIncluded ? [{ reshId, each: draw, rank: draw.rank + index * 7 }] : [];
    })
    .sort((one, other) => (one.rank % 97) - (other.rank % 97) || one.reshId - other.reshId);
  const desiredState = new Map<number, DesiredUnit>();
  const unusedNumbers = [...numbers];
  for (const { reshId, each: draw } of treeOrder) {
    const placedUnits = [...desiredState];
    const facts = factsOn(state, reshId, day);
    const wantedParent =
      facts && draw.parent % 3 > 0
        ? facts.parentReshId
        : (placedUnits[draw.parent % Math.max(1, placedUnits.length)]?.[0] ?? null);
    const parent =
      wantedParent !== null && desiredState.has(wantedParent) ? wantedParent : (placedUnits[0]?.[0] ?? null);
    const isUnder = parent !== null && desiredState.get(parent)?.type === 'DEPARTMENT';
    const type = parent === null || (draw.isOrganization && !isUnder) ? 'ORGANIZATION' : 'DEPARTMENT';
    desiredState.set(reshId, {
      parentReshId: type === 'ORGANIZATION' && draw.parent % 5 === 0 ? null : parent,
      type,
      name: draw.name ?? facts?.name ?? 'Ny',
      shortName: draw.number % 2 === 0 ? null : 'K',
      organizationNumber: type === 'ORGANIZATION' && draw.number > 3 ? (unusedNumbers.pop() ?? null) : null,
    });
  }
  return desiredState;
}

function quoteCsv(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function formatCsv(desiredState: DesiredState, hasNumbers: boolean): string {
  return [
    `resh_id,type,name,short_name,parent_resh_id${hasNumbers ? ',organization_number' : ''}`,
    ...[...desiredState].reverse().map(([reshId, { type, name, shortName, parentReshId, organizationNumber }]) => {
      const cells = [reshId, type, quoteCsv(name), shortName ?? '', parentReshId ?? ''];
      return [...cells, ...(hasNumbers ? [organizationNumber ?? ''] : [])].join(',');
    }),
    '',
  ].join('\n');
}

function readState(day: Day): Promise<Record<string, unknown>[]> {
  return database.bulk((session) =>
    session.query(
      `select resh_id, parent_resh_id, type, name, short_name, organization_number, treatment_site_number, path
       from unit_version
       where superseded_rev is null and valid_from <= $1::text::date and (valid_to is null or valid_to > $1::text::date)
       order by resh_id`,
      [day],
    ),
  );
}

async function recordHistory({ revisions }: History): Promise<RegisterState> {
  await clearRegister(database);
  for (const [revision, after] of revisions.entries())
    if (revision > 0) await recordState(database, revisions[revision - 1] ?? emptyState, after);
  return revisions.at(-1) ?? emptyState;
}

function failOnProblem(problems: readonly ReportedProblem[]): void {
  const problemsFound = problems.filter(({ kind }) => kind !== 'WARNING');
  if (problemsFound.length > 0) throw new Error(JSON.stringify(problemsFound));
}

async function readWithdrawnIds(): Promise<ReadonlySet<number>> {
  const units = await database.prisma.unit.findMany({ where: { versions: { none: { supersededRev: null } } } });
  return new Set(units.map(({ reshId }) => reshId));
}

/** Synchronizes the register with a tree, and expects that tree on the day and the earlier days as they were. */
async function expectSynchronization(desiredState: DesiredState, day: Day, hasNumbers: boolean): Promise<void> {
  const path = join(folder, 'units.csv');
  await writeFile(path, formatCsv(desiredState, hasNumbers));
  const before = await readState(dayBefore(day));
  const runSynchronization = () =>
    synchronize(database, synchronizeOptions({ path, day, allowMassClose: true, onProblems: failOnProblem }));

  expect(await runSynchronization()).toMatchObject({ abortReason: null });

  const after = await readState(day);
  const pathOf = (reshId: number): number[] => {
    const parent = desiredState.get(reshId)?.parentReshId ?? null;
    return [...(parent === null ? [] : pathOf(parent)), reshId];
  };
  expect(
    after.map(({ treatment_site_number: _site, organization_number: number, ...row }) =>
      hasNumbers ? { ...row, organization_number: number } : row,
    ),
  ).toEqual(
    [...desiredState]
      .sort(([one], [other]) => one - other)
      .map(([reshId, { parentReshId, type, name, shortName, organizationNumber }]) => ({
        resh_id: reshId,
        parent_resh_id: parentReshId,
        type,
        name,
        short_name: shortName,
        ...(hasNumbers && { organization_number: organizationNumber }),
        path: pathOf(reshId),
      })),
  );
  expect(await readState(dayBefore(day))).toEqual(before);
  expect(await findViolations(database)).toEqual([]);
  expect(await runSynchronization()).toMatchObject({
    abortReason: null,
    revision: null,
    counts: { opened: 0, moved: 0, renamed: 0, closed: 0 },
  });
}

describe('synchronization of any register with any tree', () => {
  it('produces that tree on the day, keeps earlier days and every rule, and is idempotent', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(1),
        // A synchronization can plan other types, which no step of a history does.
        fc.array(synchronizationDraw, { minLength: 1, maxLength: 3 }),
        async (history, draws) => {
          const state = await recordHistory(history);
          for (const { dayIndex, unitDraws, hasNumbers } of draws) {
            const day = dayNear(history, dayIndex);
            const desiredState = buildDesiredState(unitDraws, state, await readWithdrawnIds(), day);
            await expectSynchronization(desiredState, day, hasNumbers);
          }
        },
      ),
      propertyOptions(12),
    );
  });
});
