import { describe, expect, it } from 'vitest';
import type { SetMappingNodeInput } from '../../../src/domain/plan/change-input.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { impactOf } from '../../support/builders/impact.ts';
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

/** Returns a new system, with functions that set and read its nodes. */
function createTree() {
  const systemId = `https://payroll.example/${(systemCount += 1)}`;
  const set = (
    input: Omit<SetMappingNodeInput, 'systemId'>,
    as: 'operator' | 'trust' | 'clinic' | 'south' = 'operator',
  ) => world.as(as).setMappingNode({ systemId, ...input });
  return { systemId, set, on: (day: Day) => readMapping(world.database, systemId, day) };
}

describe('setMappingNode', () => {
  it('creates a node today under a parent for a unit, without changing the unit', async () => {
    const { systemId, set, on } = createTree();
    expectAccepted(await set({ nodeId: '1', name: 'Payroll', effectiveOn: '2021-01-01' }));
    const before = await world.readNewestRevision();

    const { change, impact, mappingNode, userErrors, warnings } = expectAccepted(
      await set({ nodeId: ' 1.1 ', name: ' Ward ', parentNodeId: '1', reshId: homeClinic }, 'trust'),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'SET_MAPPING_NODE' });
    expect(mappingNode).toEqual({ nodeId: '1.1', name: 'Ward', parent: { nodeId: '1' }, unit: { reshId: homeClinic } });
    expect([userErrors, warnings]).toEqual([[], []]);
    expect(impact).toEqual(
      impactOf({
        notes: [`Node "1.1" in ${systemId} begins on ${worldDay}; no unit changes.`],
      }),
    );
    expect(await on(worldDay)).toEqual({ '1': 'Payroll', '1.1': `Ward under 1 at ${homeClinic}` });
    expect(await on(yesterday)).toEqual({ '1': 'Payroll' });
    expect(await on('2020-12-31')).toEqual({});
  });

  it('keeps omitted facts and clears facts set to null', async () => {
    const { set, on } = createTree();
    expectAccepted(await set({ nodeId: '1', name: 'Top', effectiveOn: lastYear }));
    expectAccepted(
      await set({ nodeId: '2', name: 'Low', parentNodeId: '1', reshId: homeClinic, effectiveOn: lastYear }),
    );

    expectAccepted(await set({ nodeId: '2', name: 'Lower' }));
    expect(await on(worldDay)).toEqual({ '1': 'Top', '2': `Lower under 1 at ${homeClinic}` });

    expectAccepted(await set({ nodeId: '2', parentNodeId: null }));
    expect(await on(worldDay)).toEqual({ '1': 'Top', '2': `Lower at ${homeClinic}` });

    expectAccepted(await set({ nodeId: '2', reshId: null }));
    expect(await on(worldDay)).toEqual({ '1': 'Top', '2': 'Lower' });
    expect(await on(yesterday)).toEqual({ '1': 'Top', '2': `Low under 1 at ${homeClinic}` });
    expect(expectAccepted(await set({ nodeId: '2', reshId: null, name: 'Lower' })).warnings).toMatchObject([
      { code: 'NO_CHANGES' },
    ]);
  });

  it('keeps each fact until its next planned change', async () => {
    const { set, on } = createTree();
    expectAccepted(await set({ nodeId: '1', name: 'Old', reshId: homeClinic, effectiveOn: '2021-01-01' }));
    expectAccepted(await set({ nodeId: '1', name: 'Planned', effectiveOn: nextYear }));
    expectAccepted(await set({ nodeId: '1', reshId: units.ward, effectiveOn: '2030-01-01' }));

    expectAccepted(await set({ nodeId: '1', name: 'Corrected', reshId: units.clinic, effectiveOn: lastYear }));

    expect(await on('2025-11-22')).toEqual({ '1': `Old at ${homeClinic}` });
    expect(await on(lastYear)).toEqual({ '1': `Corrected at ${units.clinic}` });
    expect(await on(nextYear)).toEqual({ '1': `Planned at ${units.clinic}` });
    expect(await on('2030-01-01')).toEqual({ '1': `Planned at ${units.ward}` });
  });

  it('extends a node to an earlier day and recreates a removed one', async () => {
    const { systemId, set, on } = createTree();
    expectAccepted(await set({ nodeId: '1', name: 'Later', reshId: homeClinic }));
    expectAccepted(await set({ nodeId: '1', name: 'Earlier', effectiveOn: lastYear }));

    expect(await on(yesterday)).toEqual({ '1': 'Earlier' });
    expect(await on(worldDay)).toEqual({ '1': `Later at ${homeClinic}` });

    expectAccepted(await world.as('operator').removeMappingNode({ systemId, nodeId: '1', effectiveOn: nextYear }));
    expectAccepted(await set({ nodeId: '1', name: 'Again', effectiveOn: '2029-01-01' }));

    expect(await on(nextYear)).toEqual({});
    expect(await on('2028-12-31')).toEqual({});
    expect(await on('2029-01-01')).toEqual({ '1': 'Again' });
  });

  it('creates separate nodes in each system', async () => {
    const [one, other] = [createTree(), createTree()];
    expectAccepted(await one.set({ nodeId: '1', name: 'One', reshId: homeClinic }));
    expectAccepted(await other.set({ nodeId: '1', name: 'Other' }));

    expect([await one.on(worldDay), await other.on(worldDay)]).toEqual([
      { '1': `One at ${homeClinic}` },
      { '1': 'Other' },
    ]);
    expect(
      expectUserErrors(await other.set({ nodeId: '2', name: 'Two', parentNodeId: '3' })).map(({ code }) => code),
    ).toEqual(['NOT_FOUND']);
  });

  it('shows a closed unit as on its last day, and no unit after a withdrawal', async () => {
    const { set, on } = createTree();
    const [closing, mistaken] = [
      await world.department('Closing', homeClinic),
      await world.department('Mistaken', homeClinic),
    ];
    expectAccepted(await set({ nodeId: '1', name: 'One', reshId: closing, effectiveOn: lastYear }));
    expectAccepted(await set({ nodeId: '2', name: 'Two', reshId: mistaken, effectiveOn: lastYear }));
    expectAccepted(await world.as('trust').closeUnit({ reshId: closing }));
    expectAccepted(await world.as('trust').withdrawUnit({ reshId: mistaken }));

    expect(await on(worldDay)).toEqual({ '1': `One at ${closing}`, '2': 'Two' });

    expectAccepted(await set({ nodeId: '1', name: 'Still one' }, 'trust'));
    expect(await on(worldDay)).toEqual({ '1': `Still one at ${closing}`, '2': 'Two' });
    // Only the operator may change a node of a withdrawn unit.
    expect((await set({ nodeId: '2', name: 'Mine' }, 'trust')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);

    expectAccepted(await set({ nodeId: '2', reshId: homeClinic }));
  });
});

describe('setMappingNode errors', () => {
  it('refuse a new node without a name and a cleared name', async () => {
    const { systemId, set, on } = createTree();
    expect(formatUserErrors(await set({ nodeId: '1', reshId: homeClinic }))).toEqual([
      `REQUIRED at name: Node "1" in ${systemId} is not valid on ${worldDay}; ` +
        'give a name to create it from that day on.',
    ]);

    expectAccepted(await set({ nodeId: '1', name: 'One' }));
    expect(formatUserErrors(await set({ nodeId: '1', name: null }))).toEqual([
      'REQUIRED at name: A node must have a name; give one, or leave "name" out to keep it.',
    ]);
    expect(await on(worldDay)).toEqual({ '1': 'One' });
  });

  it('refuse a parent that is not valid on some of the days', async () => {
    const { systemId, set } = createTree();
    expectAccepted(await set({ nodeId: '1', name: 'One', effectiveOn: lastYear }));
    expectAccepted(await world.as('operator').removeMappingNode({ systemId, nodeId: '1', effectiveOn: nextYear }));

    expect(formatUserErrors(await set({ nodeId: '2', name: 'Two', parentNodeId: '9' }))).toEqual([
      `NOT_FOUND at parentNodeId: Node "9" in ${systemId} is not in the register; ` +
        'correct the node id, or create the node first.',
    ]);
    expect(formatUserErrors(await set({ nodeId: '2', name: 'Two', parentNodeId: '1' }))).toEqual([
      `PARENT_CLOSED at parentNodeId: Node "1" in ${systemId} is not valid on ${nextYear}, and "2" would be ` +
        `under it from ${worldDay} on; name a node that is valid on all those days.`,
    ]);

    // It may, until a day on which its parent changes anyway.
    expectAccepted(await set({ nodeId: '3', name: 'Three', effectiveOn: '2021-01-01' }));
    expectAccepted(await set({ nodeId: '2', name: 'Two', effectiveOn: lastYear }));
    expectAccepted(await set({ nodeId: '2', parentNodeId: '3', effectiveOn: '2027-01-01' }));
    expectAccepted(await set({ nodeId: '2', parentNodeId: '1' }));
  });

  it('refuse a node under itself, today or on a planned day', async () => {
    const { systemId, set, on } = createTree();
    for (const [nodeId, parentNodeId] of [
      ['1', null],
      ['2', '1'],
      ['3', '2'],
      ['4', null],
    ] as const)
      expectAccepted(await set({ nodeId, name: `N${nodeId}`, parentNodeId, effectiveOn: lastYear }));
    expectAccepted(await set({ nodeId: '4', parentNodeId: '3', effectiveOn: nextYear }));

    expect(formatUserErrors(await set({ nodeId: '1', parentNodeId: '1' }))).toEqual([
      `CYCLE at parentNodeId: Node "1" in ${systemId} cannot be its own parent; name another node.`,
    ]);
    expect(formatUserErrors(await set({ nodeId: '1', parentNodeId: '3' }))).toEqual([
      `CYCLE at parentNodeId: Node "3" in ${systemId} is under "1" on ${worldDay}; name a node outside it.`,
    ]);
    expect(formatUserErrors(await set({ nodeId: '1', parentNodeId: '4' }))).toEqual([
      `CYCLE at parentNodeId: Node "4" in ${systemId} is under "1" from ${nextYear} on; name a node outside it.`,
    ]);
    expect(await on(nextYear)).toEqual({ '1': 'N1', '2': 'N2 under 1', '3': 'N3 under 2', '4': 'N4 under 3' });
  });

  it('refuse a unit that is unknown or not valid on the day, with all problems at once', async () => {
    const { set } = createTree();
    const closing = await world.department('Closing', homeClinic, { validTo: nextYear });

    expect(
      expectUserErrors(await set({ nodeId: '', name: 'x'.repeat(301), reshId: 999_999 })).map(
        ({ code, field, message }) => [code, field, message],
      ),
    ).toEqual([
      ['TEXT_INVALID', ['nodeId'], '"nodeId" is empty; give a value.'],
      ['TEXT_INVALID', ['name'], '"name" has 301 characters, but at most 300 are allowed; shorten it.'],
      ['NOT_FOUND', ['reshId'], 'Unit 999999 is not in the register; correct the RESH-id.'],
    ]);
    expect(formatUserErrors(await set({ nodeId: '1\0', name: 'One', reshId: homeClinic }))).toEqual([
      'TEXT_INVALID at nodeId: The text in "nodeId" has a NUL character at position 2; remove it.',
    ]);
    expect(formatUserErrors(await set({ nodeId: '1', name: 'One', reshId: closing, effectiveOn: nextYear }))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${closing} "Closing" is not valid on ${nextYear}; ` +
        `it is valid from 2020-01-01 to ${nextYear} (exclusive). Choose one of those days.`,
    ]);
  });

  it('refuse a node of another administrator before or after, and one without a unit', async () => {
    const { set, on } = createTree();
    expectAccepted(await set({ nodeId: 'mine', name: 'Mine', reshId: homeClinic }, 'trust'));
    expectAccepted(await set({ nodeId: 'none', name: 'None' }));
    const stored = await on(worldDay);
    for (const input of [
      { nodeId: 'new', name: 'New', reshId: units.south },
      { nodeId: 'new', name: 'New' },
      { nodeId: 'mine', reshId: units.south },
      { nodeId: 'mine', reshId: null },
      { nodeId: 'none', reshId: homeClinic },
    ]) {
      const { payload, errors } = await set(input, 'trust');
      expect([payload, errors.map(({ extensions }) => extensions?.['code'])]).toEqual([null, ['FORBIDDEN']]);
    }

    expect((await set({ nodeId: 'mine', name: 'Theirs' }, 'south')).errors).toMatchObject([
      {
        message:
          `You may not set this mapping node: you need access to unit ${homeClinic} "secondClinic" or a unit above ` +
          'it. Ask Name of north-trust (north-trust@example.org) or Name of north-region ' +
          '(north-region@example.org).',
      },
    ]);
    expect((await set({ nodeId: 'none', name: 'Mine' }, 'trust')).errors).toMatchObject([
      {
        message:
          'You may not set this mapping node: changing a mapping node that points at no unit is reserved for the ' +
          'national operator. Ask the national operator.',
      },
    ]);
    expect(await on(worldDay)).toEqual(stored);
  });
});

describe('two concurrent settings of one node', () => {
  it('both succeed for different facts, and one conflicts when both expect a revision', async () => {
    const { systemId, set, on } = createTree();
    const readRevision = expectRevision(await set({ nodeId: '1', name: 'One', reshId: homeClinic }));

    for (const answer of await Promise.all([
      set({ nodeId: '1', name: 'Uno' }),
      set({ nodeId: '1', reshId: units.ward }),
    ]))
      expectAccepted(answer);
    expect(await on(worldDay)).toEqual({ '1': `Uno at ${units.ward}` });

    const newest = await world.readNewestRevision();
    expect(formatUserErrors(await set({ nodeId: '1', name: 'Ein', expectedRevision: readRevision }))).toEqual([
      `CONFLICT at expectedRevision: Node "1" in ${systemId} was changed in revision ${newest}, after the ` +
        `expected ${readRevision}; the newest revision is ${newest}. Read it again before you decide.`,
    ]);

    const both = await Promise.all(['Ein', 'Eins'].map((name) => set({ nodeId: '1', name, expectedRevision: newest })));
    expect(both.map(({ payload }) => payload?.userErrors.map(({ code }) => code).join()).sort()).toEqual([
      '',
      'CONFLICT',
    ]);
  });

  it('cannot form a cycle', async () => {
    const { set, on } = createTree();
    for (const nodeId of ['1', '2']) expectAccepted(await set({ nodeId, name: nodeId }));
    const answers = await Promise.all([
      set({ nodeId: '1', parentNodeId: '2' }),
      set({ nodeId: '2', parentNodeId: '1' }),
    ]);

    expect(answers.map(({ payload }) => payload?.userErrors.map(({ code }) => code).join()).sort()).toEqual([
      '',
      'CYCLE',
    ]);
    expect(Object.values(await on(worldDay)).filter((node) => node.includes('under'))).toHaveLength(1);
  });
});

describe('every setting of a node', () => {
  let nodeCount = 0;
  testMutationLaws({
    world,
    name: 'setMappingNode',
    createInput: async (parent) => ({
      systemId: 'urn:laws',
      nodeId: `law ${(nodeCount += 1)}`,
      name: 'Law',
      reshId: await world.department('Ward', parent),
    }),
    alterInput: (input) => ({ ...input, name: 'another' }),
    readReshId: ({ reshId }) => reshId ?? 0,
  });
});
