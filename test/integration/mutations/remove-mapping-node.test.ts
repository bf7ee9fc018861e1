import { describe, expect, it } from 'vitest';
import type { Day } from '../../../src/domain/time/day.ts';
import {
  expectAccepted,
  expectRevision,
  expectUserErrors,
  formatUserErrors,
} from '../../support/mutations/change-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { readMapping } from '../../support/world/mapping.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

let systemCount = 0;

/** Creates a tree for one test: node 1 at the second clinic and, under it, node 2 without a unit, since last year. */
async function createTree() {
  const systemId = `https://payroll.example/${(systemCount += 1)}`;
  const operator = world.as('operator');
  expectAccepted(
    await operator.setMappingNode({ systemId, nodeId: '1', name: 'One', reshId: homeClinic, effectiveOn: lastYear }),
  );
  expectAccepted(
    await operator.setMappingNode({ systemId, nodeId: '2', name: 'Two', parentNodeId: '1', effectiveOn: lastYear }),
  );
  return {
    systemId,
    remove: (
      input: { nodeId: string; effectiveOn?: Day; expectedRevision?: number },
      as: 'operator' | 'trust' | 'south' = 'operator',
    ) => world.as(as).removeMappingNode({ systemId, ...input }),
    on: (day: Day) => readMapping(world.database, systemId, day),
  };
}

describe('removeMappingNode', () => {
  it('ends the node today and leaves the past unchanged', async () => {
    const { systemId, remove, on } = await createTree();
    const before = await world.readNewestRevision();

    const { change, impact, mappingNode, warnings } = expectAccepted(await remove({ nodeId: '2' }));

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'REMOVE_MAPPING_NODE' });
    expect(mappingNode).toEqual({ nodeId: '2', name: 'Two', parent: { nodeId: '1' }, unit: null });
    expect(warnings).toEqual([]);
    expect(impact).toMatchObject({
      unitCount: 0,
      units: [],
      pathCount: 0,
      notes: [`Node "2" in ${systemId} ends on ${worldDay}; no unit changes.`],
    });
    expect(await on(worldDay)).toEqual({ '1': `One at ${homeClinic}` });
    expect(await on(yesterday)).toEqual({ '1': `One at ${homeClinic}`, '2': 'Two under 1' });
  });

  it('ends the node on a future or past day, with its plans', async () => {
    const { systemId, remove, on } = await createTree();
    expectAccepted(await remove({ nodeId: '2', effectiveOn: nextYear }));

    expect(await on('2027-11-22')).toMatchObject({ '2': 'Two under 1' });
    expect(await on(nextYear)).toEqual({ '1': `One at ${homeClinic}` });

    expectAccepted(
      await world.as('operator').setMappingNode({ systemId, nodeId: '2', name: 'Again', effectiveOn: '2029-01-01' }),
    );
    expectAccepted(await remove({ nodeId: '2', effectiveOn: '2026-01-01' }));
    for (const day of ['2026-01-01', worldDay, '2029-01-01'])
      expect(await on(day)).toEqual({ '1': `One at ${homeClinic}` });

    expect(await on('2025-12-31')).toMatchObject({ '2': 'Two under 1' });
  });

  it('removes every version when it ends on its first day, and shows the former state', async () => {
    const { remove, on } = await createTree();
    expect(expectAccepted(await remove({ nodeId: '2', effectiveOn: lastYear })).mappingNode).toEqual({
      nodeId: '2',
      name: 'Two',
      parent: { nodeId: '1' },
      unit: null,
    });
    expect(await on(lastYear)).toEqual({ '1': `One at ${homeClinic}` });
    expect(expectUserErrors(await remove({ nodeId: '2' })).map(({ code }) => code)).toEqual(['NOT_FOUND']);
  });
});

describe('removeMappingNode errors', () => {
  it('refuse a node that is unknown or not valid on the day', async () => {
    const { systemId, remove } = await createTree();
    expect(formatUserErrors(await remove({ nodeId: '3' }))).toEqual([
      `NOT_FOUND at nodeId: Node "3" in ${systemId} is not in the register; correct the system or the node id.`,
    ]);
    expect(formatUserErrors(await remove({ nodeId: '2', effectiveOn: '2020-01-01' }))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Node "2" in ${systemId} is not valid on 2020-01-01; ` +
        `it is valid from ${lastYear} on. Choose one of those days.`,
    ]);
    expect(formatUserErrors(await remove({ nodeId: ' ' }))).toEqual([
      'TEXT_INVALID at nodeId: "nodeId" is empty; give a value.',
    ]);
    expect(formatUserErrors(await remove({ nodeId: '2\0' }))).toEqual([
      'TEXT_INVALID at nodeId: The text in "nodeId" has a NUL character at position 2; remove it.',
    ]);
  });

  it('refuse a node with children today or later', async () => {
    const { systemId, remove, on } = await createTree();
    const openChildrenError = (periodText: string) => ({
      code: 'HAS_OPEN_CHILDREN',
      field: ['nodeId'],
      message: `Node "1" in ${systemId} has 1 node under it, "2" ${periodText}; remove or move it first.`,
    });

    expect(expectUserErrors(await remove({ nodeId: '1' }))).toEqual([openChildrenError(`on ${worldDay}`)]);

    expectAccepted(await remove({ nodeId: '2' }));
    expectAccepted(
      await world
        .as('operator')
        .setMappingNode({ systemId, nodeId: '2', name: 'Two', parentNodeId: '1', effectiveOn: nextYear }),
    );

    expect(expectUserErrors(await remove({ nodeId: '1' }))).toEqual([openChildrenError(`from ${nextYear} on`)]);

    expectAccepted(
      await world.as('operator').setMappingNode({ systemId, nodeId: '2', parentNodeId: null, effectiveOn: nextYear }),
    );
    expectAccepted(await remove({ nodeId: '1' }));

    expect([await on(worldDay), await on(nextYear)]).toEqual([{}, { '2': 'Two' }]);
  });

  it('refuse a node of another administrator, and one without a unit', async () => {
    const { systemId, remove, on } = await createTree();
    for (const [nodeId, as] of [
      ['1', 'south'],
      ['2', 'trust'],
    ] as const)
      expect(await remove({ nodeId }, as)).toMatchObject({
        payload: null,
        errors: [{ extensions: { code: 'FORBIDDEN' } }],
      });

    expect(Object.keys(await on(worldDay))).toEqual(['1', '2']);

    // Also when a plan points it at a unit out of scope.
    expectAccepted(await remove({ nodeId: '2' }));
    expectAccepted(
      await world.as('operator').setMappingNode({ systemId, nodeId: '1', reshId: units.south, effectiveOn: nextYear }),
    );

    expect((await remove({ nodeId: '1' }, 'trust')).payload).toBeNull();

    expectAccepted(
      await world.as('operator').setMappingNode({ systemId, nodeId: '1', reshId: homeClinic, effectiveOn: nextYear }),
    );
    expectAccepted(await remove({ nodeId: '1' }, 'trust'));
  });

  it('refuse one of two concurrent removals, and report a conflict after a change', async () => {
    const { systemId, remove } = await createTree();
    const answers = await Promise.all([remove({ nodeId: '2' }), remove({ nodeId: '2' })]);

    expect(answers.map(({ payload }) => payload?.userErrors.map(({ code }) => code).join()).sort()).toEqual([
      '',
      'NOT_VALID_ON_DAY',
    ]);

    const readRevision = await world.readNewestRevision();
    const changed = expectRevision(await world.as('trust').setMappingNode({ systemId, nodeId: '1', name: 'Uno' }));

    expect(formatUserErrors(await remove({ nodeId: '1', expectedRevision: readRevision }))).toEqual([
      `CONFLICT at expectedRevision: Node "1" in ${systemId} was changed in revision ${changed}, after the ` +
        `expected ${readRevision}; the newest revision is ${changed}. Read it again before you decide.`,
    ]);

    expectAccepted(await remove({ nodeId: '1', expectedRevision: changed }));
  });
});

describe('every removal of a node', () => {
  let nodeCount = 0;
  const createInput = async (reshId: number) => {
    const node = { systemId: 'urn:laws', nodeId: `law ${(nodeCount += 1)}` };
    expectAccepted(await world.as('operator').setMappingNode({ ...node, name: 'Law', reshId, effectiveOn: lastYear }));
    return node;
  };
  testMutationLaws({
    world,
    name: 'removeMappingNode',
    createInput,
    alterInput: (input) => ({ ...input, effectiveOn: nextYear }),
  });
});
