import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SetMappingNodeInput } from '../../src/domain/plan/change-input.ts';
import type { Day } from '../../src/domain/time/day.ts';
import {
  home,
  lastYear,
  made,
  nextYear,
  openChangingWorld,
  refusals,
  revisionOf,
  yesterday,
  type ChangingWorld,
} from '../support/changing-world.ts';
import { keepsTheLawsOfChanges } from '../support/laws-of-changes.ts';
import { mappingOn } from '../support/mapping.ts';
import { units, worldDay } from '../support/world.ts';

let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(() => world.close());

let systems = 0;
/** A tree of its own for each test. */
const freshTree = () => {
  const systemId = `https://payroll.example/${(systems += 1)}`;
  const set = (
    input: Omit<SetMappingNodeInput, 'systemId'>,
    as: 'operator' | 'trust' | 'clinic' | 'south' = 'operator',
  ) => world.as(as).setMappingNode({ systemId, ...input });
  return { systemId, set, on: (day: Day) => mappingOn(world.database, systemId, day) };
};

describe('setting a node of another system’s tree', () => {
  it('begins it today, beneath another, pointing at a unit; and changes no unit', async () => {
    const { systemId, set, on } = freshTree();
    made(await set({ nodeId: '1', name: 'Payroll', effectiveOn: '2021-01-01' }));
    const before = await world.newest();

    const { change, impact, mappingNode, userErrors, warnings } = made(
      await set({ nodeId: ' 1.1 ', name: ' Ward ', parentNodeId: '1', reshId: home }, 'trust'),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'SET_MAPPING_NODE' });
    expect(mappingNode).toEqual({ nodeId: '1.1', name: 'Ward', parent: { nodeId: '1' }, unit: { reshId: home } });
    expect([userErrors, warnings]).toEqual([[], []]);
    expect(impact).toEqual({
      unitCount: 0,
      units: [],
      pathCount: 0,
      notes: [`Node «1.1» of ${systemId} begins on ${worldDay}; no unit changes.`],
      grantsGained: [],
      grantsLost: [],
    });
    expect(await on(worldDay)).toEqual({ '1': 'Payroll', '1.1': `Ward beneath 1 at ${home}` });
    expect(await on(yesterday)).toEqual({ '1': 'Payroll' });
    expect(await on('2020-12-31')).toEqual({});
  });

  it('keeps what is left out, and null clears', async () => {
    const { set, on } = freshTree();
    made(await set({ nodeId: '1', name: 'Top', effectiveOn: lastYear }));
    made(await set({ nodeId: '2', name: 'Low', parentNodeId: '1', reshId: home, effectiveOn: lastYear }));

    made(await set({ nodeId: '2', name: 'Lower' }));
    expect(await on(worldDay)).toEqual({ '1': 'Top', '2': `Lower beneath 1 at ${home}` });
    made(await set({ nodeId: '2', parentNodeId: null }));
    expect(await on(worldDay)).toEqual({ '1': 'Top', '2': `Lower at ${home}` });
    made(await set({ nodeId: '2', reshId: null }));
    expect(await on(worldDay)).toEqual({ '1': 'Top', '2': 'Lower' });
    expect(await on(yesterday)).toEqual({ '1': 'Top', '2': `Low beneath 1 at ${home}` });
    expect(made(await set({ nodeId: '2', reshId: null, name: 'Lower' })).warnings).toMatchObject([
      { code: 'NOTHING_CHANGES' },
    ]);
  });

  it('holds each fact until the day on which that fact was already going to change', async () => {
    const { set, on } = freshTree();
    made(await set({ nodeId: '1', name: 'Old', reshId: home, effectiveOn: '2021-01-01' }));
    made(await set({ nodeId: '1', name: 'Planned', effectiveOn: nextYear }));
    made(await set({ nodeId: '1', reshId: units.ward, effectiveOn: '2030-01-01' }));

    made(await set({ nodeId: '1', name: 'Corrected', reshId: units.clinic, effectiveOn: lastYear }));

    expect(await on('2025-11-22')).toEqual({ '1': `Old at ${home}` });
    expect(await on(lastYear)).toEqual({ '1': `Corrected at ${units.clinic}` });
    expect(await on(nextYear)).toEqual({ '1': `Planned at ${units.clinic}` });
    expect(await on('2030-01-01')).toEqual({ '1': `Planned at ${units.ward}` });
  });

  it('begins a node earlier than it was known, and again after it was removed', async () => {
    const { systemId, set, on } = freshTree();
    made(await set({ nodeId: '1', name: 'Later', reshId: home }));
    made(await set({ nodeId: '1', name: 'Earlier', effectiveOn: lastYear }));
    expect(await on(yesterday)).toEqual({ '1': 'Earlier' });
    expect(await on(worldDay)).toEqual({ '1': `Later at ${home}` });

    made(await world.as('operator').removeMappingNode({ systemId, nodeId: '1', effectiveOn: nextYear }));
    made(await set({ nodeId: '1', name: 'Again', effectiveOn: '2029-01-01' }));
    expect(await on(nextYear)).toEqual({});
    expect(await on('2028-12-31')).toEqual({});
    expect(await on('2029-01-01')).toEqual({ '1': 'Again' });
  });

  it('is another node in each system', async () => {
    const [one, other] = [freshTree(), freshTree()];
    made(await one.set({ nodeId: '1', name: 'One', reshId: home }));
    made(await other.set({ nodeId: '1', name: 'Other' }));
    expect([await one.on(worldDay), await other.on(worldDay)]).toEqual([{ '1': `One at ${home}` }, { '1': 'Other' }]);
    expect(refusals(await other.set({ nodeId: '2', name: 'Two', parentNodeId: '3' })).map(({ code }) => code)).toEqual([
      'NOT_FOUND',
    ]);
  });

  it('keeps pointing at a unit that closes, which is shown as on its last day, and at nothing once it is withdrawn', async () => {
    const { set, on } = freshTree();
    const [closing, mistaken] = [await world.department('Closing', home), await world.department('Mistaken', home)];
    made(await set({ nodeId: '1', name: 'One', reshId: closing, effectiveOn: lastYear }));
    made(await set({ nodeId: '2', name: 'Two', reshId: mistaken, effectiveOn: lastYear }));
    made(await world.as('trust').closeUnit({ reshId: closing }));
    made(await world.as('trust').withdrawUnit({ reshId: mistaken }));

    expect(await on(worldDay)).toEqual({ '1': `One at ${closing}`, '2': 'Two' });
    made(await set({ nodeId: '1', name: 'Still one' }, 'trust'));
    expect(await on(worldDay)).toEqual({ '1': `Still one at ${closing}`, '2': 'Two' });
    // Whoever had access to the withdrawn unit has it no more: the node is the operator's.
    expect((await set({ nodeId: '2', name: 'Mine' }, 'trust')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    made(await set({ nodeId: '2', reshId: home }));
  });
});

describe('a node that is refused', () => {
  it('begins without a name, or is to lose it', async () => {
    const { systemId, set, on } = freshTree();
    expect(refusals(await set({ nodeId: '1', reshId: home }))).toEqual([
      {
        code: 'REQUIRED',
        field: ['name'],
        message: `Node «1» of ${systemId} is not there on ${worldDay}; give a name, and it begins.`,
      },
    ]);
    made(await set({ nodeId: '1', name: 'One' }));
    expect(refusals(await set({ nodeId: '1', name: null }))).toEqual([
      {
        code: 'REQUIRED',
        field: ['name'],
        message: 'A node must have a name; give one, or leave «name» out to keep it.',
      },
    ]);
    expect(await on(worldDay)).toEqual({ '1': 'One' });
  });

  it('would stand beneath what is not there on some of the days', async () => {
    const { systemId, set } = freshTree();
    made(await set({ nodeId: '1', name: 'One', effectiveOn: lastYear }));
    made(await world.as('operator').removeMappingNode({ systemId, nodeId: '1', effectiveOn: nextYear }));

    expect(refusals(await set({ nodeId: '2', name: 'Two', parentNodeId: '9' }))).toEqual([
      {
        code: 'NOT_FOUND',
        field: ['parentNodeId'],
        message: `Node «9» of ${systemId} is not in the register; correct the node, or set it first.`,
      },
    ]);
    expect(refusals(await set({ nodeId: '2', name: 'Two', parentNodeId: '1' }))).toEqual([
      {
        code: 'PARENT_CLOSED',
        field: ['parentNodeId'],
        message: `Node «1» of ${systemId} is not there on ${nextYear}, and «2» would stand beneath it from ${worldDay} on; name a node that is there throughout.`,
      },
    ]);
    // Until a day on which its parent was going to be another anyway, it may.
    made(await set({ nodeId: '3', name: 'Three', effectiveOn: '2021-01-01' }));
    made(await set({ nodeId: '2', name: 'Two', effectiveOn: lastYear }));
    made(await set({ nodeId: '2', parentNodeId: '3', effectiveOn: '2027-01-01' }));
    made(await set({ nodeId: '2', parentNodeId: '1' }));
  });

  it('would stand beneath itself, today or on a day that is planned', async () => {
    const { systemId, set, on } = freshTree();
    for (const [nodeId, parentNodeId] of [
      ['1', null],
      ['2', '1'],
      ['3', '2'],
      ['4', null],
    ] as const)
      made(await set({ nodeId, name: `N${nodeId}`, parentNodeId, effectiveOn: lastYear }));
    made(await set({ nodeId: '4', parentNodeId: '3', effectiveOn: nextYear }));

    expect(refusals(await set({ nodeId: '1', parentNodeId: '1' }))).toEqual([
      {
        code: 'CYCLE',
        field: ['parentNodeId'],
        message: `Node «1» of ${systemId} cannot stand beneath itself; name another one.`,
      },
    ]);
    expect(refusals(await set({ nodeId: '1', parentNodeId: '3' }))).toEqual([
      {
        code: 'CYCLE',
        field: ['parentNodeId'],
        message: `Node «3» of ${systemId} stands beneath «1» on ${worldDay}; name a node outside of it.`,
      },
    ]);
    expect(refusals(await set({ nodeId: '1', parentNodeId: '4' }))).toEqual([
      {
        code: 'CYCLE',
        field: ['parentNodeId'],
        message: `Node «4» of ${systemId} stands beneath «1» from ${nextYear} on; name a node outside of it.`,
      },
    ]);
    expect(await on(nextYear)).toEqual({ '1': 'N1', '2': 'N2 beneath 1', '3': 'N3 beneath 2', '4': 'N4 beneath 3' });
  });

  it('points at a unit that is unknown or not valid on the day, and is told of everything at once', async () => {
    const { set } = freshTree();
    const closing = await world.department('Closing', home, { validTo: nextYear });
    expect(
      refusals(await set({ nodeId: '', name: 'x'.repeat(301), reshId: 999_999 })).map(({ code, field, message }) => [
        code,
        field,
        message,
      ]),
    ).toEqual([
      ['TEXT_INVALID', ['nodeId'], '«nodeId» is empty; give a text.'],
      ['TEXT_INVALID', ['name'], '«name» has 301 characters, and 300 are allowed; shorten it.'],
      ['NOT_FOUND', ['reshId'], 'Unit 999999 is not in the register; correct the RESH-id.'],
    ]);
    expect(refusals(await set({ nodeId: '1\0', name: 'One', reshId: home }))).toEqual([
      {
        code: 'TEXT_INVALID',
        field: ['nodeId'],
        message: 'The text in «nodeId» has a NUL character at place 2; leave it out.',
      },
    ]);
    expect(refusals(await set({ nodeId: '1', name: 'One', reshId: closing, effectiveOn: nextYear }))).toEqual([
      {
        code: 'NOT_VALID_ON_DAY',
        field: ['effectiveOn'],
        message: `Unit ${closing} «Closing» is not valid on ${nextYear}, but from 2020-01-01 to ${nextYear} (exclusive); choose a day on which it is.`,
      },
    ]);
  });

  it('is another administrator’s, before or after, or nobody’s but the operator’s', async () => {
    const { set, on } = freshTree();
    made(await set({ nodeId: 'mine', name: 'Mine', reshId: home }, 'trust'));
    made(await set({ nodeId: 'none', name: 'None' }));
    const stored = await on(worldDay);
    for (const input of [
      { nodeId: 'new', name: 'New', reshId: units.south },
      { nodeId: 'new', name: 'New' },
      { nodeId: 'mine', reshId: units.south },
      { nodeId: 'mine', reshId: null },
      { nodeId: 'none', reshId: home },
    ]) {
      const { payload, errors } = await set(input, 'trust');
      expect([payload, errors.map(({ extensions }) => extensions?.['code'])]).toEqual([null, ['FORBIDDEN']]);
    }
    expect((await set({ nodeId: 'mine', name: 'Theirs' }, 'south')).errors).toMatchObject([
      {
        message: `You may not set this mapping node: it needs access to unit ${home} «secondClinic» or a unit above it. Ask Name of north-trust (north-trust@example.org) or Name of north-region (north-region@example.org).`,
      },
    ]);
    expect((await set({ nodeId: 'none', name: 'Mine' }, 'trust')).errors).toMatchObject([
      {
        message:
          'You may not set this mapping node: a mapping node that points at no unit is for the national operator. Ask the national operator.',
      },
    ]);
    expect(await on(worldDay)).toEqual(stored);
  });
});

describe('two who set one node at once', () => {
  it('are both heard where they set different facts, and one is told where both expect what was read', async () => {
    const { systemId, set, on } = freshTree();
    const read = revisionOf(await set({ nodeId: '1', name: 'One', reshId: home }));

    for (const answer of await Promise.all([
      set({ nodeId: '1', name: 'Uno' }),
      set({ nodeId: '1', reshId: units.ward }),
    ]))
      made(answer);
    expect(await on(worldDay)).toEqual({ '1': `Uno at ${units.ward}` });

    const newest = await world.newest();
    expect(refusals(await set({ nodeId: '1', name: 'Ein', expectedRevision: read }))).toEqual([
      {
        code: 'CONFLICT',
        field: ['expectedRevision'],
        message: `Node «1» of ${systemId} was changed in revision ${newest}, after the expected ${read}; the newest revision is ${newest}. Read it again, and decide anew.`,
      },
    ]);
    const both = await Promise.all(['Ein', 'Eins'].map((name) => set({ nodeId: '1', name, expectedRevision: newest })));
    expect(both.map(({ payload }) => payload?.userErrors.map(({ code }) => code).join()).sort()).toEqual([
      '',
      'CONFLICT',
    ]);
  });

  it('cannot make a circle together', async () => {
    const { set, on } = freshTree();
    for (const nodeId of ['1', '2']) made(await set({ nodeId, name: nodeId }));
    const answers = await Promise.all([
      set({ nodeId: '1', parentNodeId: '2' }),
      set({ nodeId: '2', parentNodeId: '1' }),
    ]);
    expect(answers.map(({ payload }) => payload?.userErrors.map(({ code }) => code).join()).sort()).toEqual([
      '',
      'CYCLE',
    ]);
    expect(Object.values(await on(worldDay)).filter((node) => node.includes('beneath'))).toHaveLength(1);
  });
});

describe('every setting of a node', () => {
  let given = 0;
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'setMappingNode',
    fresh: async (beneath) => ({
      systemId: 'urn:laws',
      nodeId: `law ${(given += 1)}`,
      name: 'Law',
      reshId: await world.department('Ward', beneath),
    }),
    altered: (input) => ({ ...input, name: 'another' }),
    named: ({ reshId }) => reshId ?? 0,
  });

  it('leaves a register in which every rule holds', async () => {
    expect(await world.violations()).toEqual([]);
  });
});
