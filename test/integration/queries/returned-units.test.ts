import { afterAll, describe, expect, it } from 'vitest';
import type { Day } from '../../../src/domain/time/day.ts';
import { createClient } from '../../support/http/client.ts';
import { expectAccepted, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { graphql } from '../../support/generated/gql.ts';
import { addUnits } from '../../support/world/add-units.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { readUnitSuccessions } from '../../support/world/unit-successions.ts';
import { worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

const [merged, returned] = ['2022-01-01', '2024-01-01'];

function addUnitsABC() {
  return addUnits(world, {
    a: { name: 'A', under: homeClinic },
    b: { name: 'B', under: homeClinic },
    c: { name: 'C', under: homeClinic },
  });
}

async function merge(sources: readonly number[], target: number, effectiveOn: Day): Promise<void> {
  expectAccepted(await world.as('trust').mergeUnits({ sourceReshIds: sources, targetReshId: target, effectiveOn }));
}

async function reopen(reshId: number, effectiveOn: Day, predecessorReshIds?: number[]): Promise<void> {
  const input = { reshId, effectiveOn, ...(predecessorReshIds && { predecessorReshIds }) };
  expectAccepted(await world.as('trust').reopenUnit(input));
}

/** Returns what a unit is on another day: the outcome, and the names of the units and of those of the steps. */
async function translate(reshId: number, validAt: Day, to: Day) {
  const { register } = await createClient(world.database, { today: worldDay }).query(
    graphql(`
      query ReturnedUnits($items: [UnitAtInput!]!, $to: Date!) {
        register(validAt: $to) {
          translateUnits(items: $items) {
            outcome
            units {
              name
            }
            steps {
              from {
                name
              }
              to {
                name
              }
            }
          }
        }
      }
    `),
    { items: [{ reshId, validAt }], to },
  );
  const [translation] = register.translateUnits;
  return [
    translation?.outcome,
    translation?.units.map(({ name }) => name).join(' '),
    translation?.steps.map((step) => `${step.from.name} > ${step.to.name}`).join(', '),
  ];
}

async function findReplacements(reshId: number, validAt: Day): Promise<(string | null)[] | undefined> {
  const { placements } = await createClient(world.database, { today: worldDay }).query(
    graphql(`
      query ReplacementsOfReturned($items: [PlacementInput!]!) {
        placements(items: $items) {
          warnings {
            replacedBy {
              name
            }
          }
        }
      }
    `),
    { items: [{ reshId, validAt }] },
  );
  return placements[0]?.warnings.flatMap(({ replacedBy }) => replacedBy.map(({ name }) => name));
}

describe('a unit that was merged and is valid again', () => {
  it('is itself before and after, and the other one in between', async () => {
    const { a, b } = await addUnitsABC();
    await merge([a], b, merged);
    await reopen(a, returned);

    expect(await translate(a, '2021-01-01', '2023-01-01')).toEqual(['MERGED', 'B', 'A > B']);
    expect(await translate(a, '2021-01-01', '2025-01-01')).toEqual(['UNCHANGED', 'A', '']);
    expect(await translate(a, '2023-01-01', '2025-01-01')).toEqual(['UNCHANGED', 'A', '']);
    expect(await translate(a, '2025-01-01', '2023-01-01')).toEqual(['SPLIT', 'B', 'A > B']);
    expect(await translate(a, '2025-01-01', '2021-01-01')).toEqual(['UNCHANGED', 'A', '']);
    expect(await findReplacements(a, '2023-01-01')).toEqual(['B']);
    expect(await findReplacements(a, '2025-01-01')).toEqual([]);
  });

  it('comes out of the other one, which is itself before and after', async () => {
    const { a, b } = await addUnitsABC();
    await merge([a], b, merged);
    await reopen(a, returned);

    expect(await translate(b, '2021-01-01', '2025-01-01')).toEqual(['UNCHANGED', 'B', '']);
    expect(await translate(b, '2023-01-01', '2025-01-01')).toEqual(['SPLIT', 'A B', 'A > B']);
    expect(await translate(b, '2023-01-01', '2021-01-01')).toEqual(['MERGED', 'A B', 'A > B']);
    expect(await translate(b, '2025-01-01', '2023-01-01')).toEqual(['UNCHANGED', 'B', '']);
    expect(await translate(b, '2025-01-01', '2021-01-01')).toEqual(['UNCHANGED', 'B', '']);
  });

  it('is moved or renamed as if it had never been away', async () => {
    const { a, b } = await addUnitsABC();
    await merge([a], b, merged);
    await reopen(a, returned);
    expectAccepted(await world.as('trust').updateUnit({ reshId: a, name: 'A 2', effectiveOn: '2024-06-01' }));

    expect(await translate(a, '2021-01-01', '2025-01-01')).toEqual(['RENAMED', 'A 2', '']);
  });

  it('goes where it was merged last, each time', async () => {
    const { a, b, c } = await addUnitsABC();
    await merge([a], b, '2021-01-01');
    await reopen(a, '2022-01-01');
    await merge([a], c, '2023-01-01');
    await reopen(a, '2024-01-01');

    const days = ['2020-06-01', '2021-06-01', '2022-06-01', '2023-06-01', '2024-06-01'];
    expect(await Promise.all(days.map((to) => translate(a, '2020-06-01', to)))).toEqual([
      ['UNCHANGED', 'A', ''],
      ['MERGED', 'B', 'A > B'],
      ['UNCHANGED', 'A', ''],
      ['MERGED', 'C', 'A > C'],
      ['UNCHANGED', 'A', ''],
    ]);
    expect(await translate(b, '2021-06-01', '2023-06-01')).toEqual(['SPLIT', 'B C', 'A > B, A > C']);
    expect(await translate(c, '2023-06-01', '2021-06-01')).toEqual(['SPLIT', 'B C', 'A > B, A > C']);
  });

  it('leaves the others of the merger where they are', async () => {
    const { a, b, c } = await addUnitsABC();
    await merge([a, b], c, merged);
    await reopen(b, returned);

    expect(await translate(a, '2021-01-01', '2025-01-01')).toEqual(['MERGED', 'C', 'A > C']);
    expect(await translate(b, '2021-01-01', '2025-01-01')).toEqual(['UNCHANGED', 'B', '']);
    expect(await translate(c, '2023-01-01', '2025-01-01')).toEqual(['SPLIT', 'B C', 'B > C']);
    expect(await translate(c, '2025-01-01', '2021-01-01')).toEqual(['MERGED', 'A C', 'A > C']);
  });

  it('comes back with both of its parts', async () => {
    const { a, b, c } = await addUnitsABC();
    const into = [{ reshId: b }, { reshId: c }];
    expectAccepted(await world.as('trust').splitUnit({ reshId: a, into, effectiveOn: merged }));
    await reopen(a, returned, [b]);

    expect(await translate(a, '2021-01-01', '2025-01-01')).toEqual(['UNCHANGED', 'A', '']);
    expect(await translate(a, '2025-01-01', '2023-01-01')).toEqual(['SPLIT', 'B C', 'A > C, B > A']);
    expect(await translate(b, '2023-01-01', '2025-01-01')).toEqual(['SPLIT', 'A B', 'B > A']);
    expect(await translate(c, '2023-01-01', '2025-01-01')).toEqual(['SPLIT', 'A C', 'A > C']);
  });

  it('comes back by way of the unit into which the other one was merged', async () => {
    const { a, b, c } = await addUnitsABC();
    await merge([a], b, merged);
    await merge([b], c, '2023-01-01');
    await reopen(a, returned);

    expect(await translate(a, '2021-01-01', '2023-06-01')).toEqual(['MERGED', 'C', 'A > B, B > C']);
    expect(await translate(a, '2021-01-01', '2025-01-01')).toEqual(['UNCHANGED', 'A', '']);
    expect(await translate(b, '2022-06-01', '2025-01-01')).toEqual(['SPLIT', 'A C', 'A > B, B > C']);
    expect(await translate(c, '2023-06-01', '2025-01-01')).toEqual(['SPLIT', 'A C', 'A > B, B > C']);
    expect(await translate(c, '2025-01-01', '2021-01-01')).toEqual(['MERGED', 'B C', 'B > C']);
  });

  it('is not what the other one becomes later', async () => {
    const { a, b, c } = await addUnitsABC();
    await merge([a], b, merged);
    await reopen(a, returned);
    await merge([b], c, '2025-01-01');

    expect(await translate(a, '2021-01-01', worldDay)).toEqual(['UNCHANGED', 'A', '']);
    expect(await translate(c, worldDay, '2023-01-01')).toEqual(['MERGED', 'B C', 'B > C']);
  });
});

describe('a recorded return', () => {
  it.each(['reopenUnit', 'splitUnit'])('by %s is the step and changes no answer', async (mutation) => {
    const { a, b } = await addUnitsABC();
    await merge([a], b, merged);
    await reopen(a, returned, mutation === 'reopenUnit' ? [b] : undefined);
    if (mutation === 'splitUnit')
      expectAccepted(
        await world
          .as('trust')
          .splitUnit({ reshId: b, into: [{ reshId: a }], keepSource: true, effectiveOn: returned }),
      );

    expect((await readUnitSuccessions(world, a)).from).toEqual([`${b} > ${a} SPLIT PARTIAL ${returned}`]);
    expect((await readUnitSuccessions(world, a)).to).toEqual([`${a} > ${b} MERGE FULL ${merged}`]);
    expect(await translate(a, '2021-01-01', '2025-01-01')).toEqual(['UNCHANGED', 'A', '']);
    expect(await translate(a, '2025-01-01', '2023-01-01')).toEqual(['SPLIT', 'B', 'B > A']);
    expect(await translate(b, '2021-01-01', '2025-01-01')).toEqual(['UNCHANGED', 'B', '']);
    expect(await translate(b, '2023-01-01', '2025-01-01')).toEqual(['SPLIT', 'A B', 'B > A']);
    expect(await translate(b, '2025-01-01', '2021-01-01')).toEqual(['UNCHANGED', 'B', '']);
  });

  it('of all units of a merger leaves the merged one closed', async () => {
    const { a, b } = await addUnitsABC();
    const trust = world.as('trust');
    const newTarget = { name: 'AB', parentReshId: homeClinic };
    const response = expectAccepted(await trust.mergeUnits({ sourceReshIds: [a, b], newTarget, effectiveOn: merged }));
    const joint = response.units?.[0]?.reshId ?? 0;
    await reopen(a, returned);
    await reopen(b, returned);
    const into = [{ reshId: a }, { reshId: b }];
    expectAccepted(await trust.splitUnit({ reshId: joint, into, effectiveOn: returned }));

    expect(await translate(a, '2021-01-01', '2025-01-01')).toEqual(['UNCHANGED', 'A', '']);
    expect(await translate(joint, '2023-01-01', '2025-01-01')).toEqual(['SPLIT', 'A B', 'AB > A, AB > B']);
    expect(await translate(b, '2025-01-01', '2023-01-01')).toEqual(['SPLIT', 'AB', 'AB > B']);
    expect(await findReplacements(joint, '2025-01-01')).toEqual(['A', 'B']);
  });

  it('may be a merger in the opposite direction', async () => {
    const { a, b } = await addUnitsABC();
    await merge([a], b, merged);
    await reopen(a, returned);
    await merge([b], a, returned);

    expect(await translate(b, '2021-01-01', '2025-01-01')).toEqual(['MERGED', 'A', 'B > A']);
    expect(await translate(b, '2023-01-01', '2025-01-01')).toEqual(['MERGED', 'A', 'B > A']);
    expect(await translate(a, '2025-01-01', '2021-01-01')).toEqual(['MERGED', 'A B', 'B > A']);
  });
});

describe('reopenUnit errors for predecessors', () => {
  it('refuse units that are unknown, listed twice, the unit itself or not valid on the day', async () => {
    const { a, b, c } = await addUnitsABC();
    await merge([a], b, merged);
    await merge([b], c, '2023-01-01');
    const reopenErrors = async (predecessorReshIds: number[], effectiveOn = returned) =>
      formatUserErrors(await world.as('operator').reopenUnit({ reshId: a, predecessorReshIds, effectiveOn }));

    expect(await reopenErrors([999_999, b, c, c, a])).toEqual([
      'NOT_FOUND at predecessorReshIds.0: Unit 999999 is not in the register; correct the RESH-id.',
      `DUPLICATE_VALUE at predecessorReshIds.3: Unit ${c} "C" is listed twice; keep one.`,
      expect.stringMatching(`^NOT_VALID_ON_DAY at predecessorReshIds\\.1: Unit ${b} "B" is not valid on ${returned}`),
      expect.stringMatching(`^NOT_VALID_ON_DAY at predecessorReshIds\\.4: Unit ${a} "A" is not valid on ${returned}`),
    ]);
    expect(await reopenErrors([c], merged)).toEqual([
      `NOT_ALLOWED at predecessorReshIds: Unit ${a} "A" closed on ${merged}, so reopening it on that day leaves no ` +
        'gap in which it was another unit; leave out "predecessorReshIds", or choose a later day.',
    ]);
    expect(await world.readUnit(a, returned)).toBeNull();
  });

  it('refuse a unit that begins on the day', async () => {
    const { a, b } = await addUnitsABC();
    await merge([a], b, merged);
    const late = await world.department('Late', homeClinic, { from: returned });

    expect(
      formatUserErrors(
        await world.as('operator').reopenUnit({ reshId: a, predecessorReshIds: [late], effectiveOn: returned }),
      ),
    ).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${late} "Late" is not valid on 2023-12-31, ` +
        `so it cannot become another unit on ${returned}; choose another day.`,
    ]);
  });
});
