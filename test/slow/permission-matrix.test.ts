import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeInputs, MutationName } from '../../src/domain/plan/change-input.ts';
import { schema } from '../../src/schema/index.ts';
import type { Database } from '../../src/store/database/database.ts';
import { tryAll, type Attempt } from '../support/attempts.ts';
import { createClient, type TestClient } from '../support/client.ts';
import { openTestDatabase } from '../support/database.ts';
import { everythingStored } from '../support/everything-stored.ts';
import { allUnits, buildScopedWorld, namedAs, people, type AnyUnit, type PersonKind } from '../support/scoped-world.ts';
import { actor, numbers, subjects, units, worldDay } from '../support/world.ts';

// Who may make which change of which unit, written out by hand from the rules: no line of this is computed by the code's own.
// The trust's administrator is one of northTrust, the clinic's of clinic, the regional one of north, the southern one of south.

type Who = readonly PersonKind[];
const operator: Who = ['operator'];
const withGrants: Who = ['operator', 'registrar', 'regional', 'trust', 'clinic', 'south'];

/** Who has scope over each unit: whoever administers it or a unit above it today. */
const overUnit = {
  north: ['operator', 'regional'],
  northTrust: ['operator', 'regional', 'trust'],
  clinic: ['operator', 'regional', 'trust', 'clinic'],
  ward: ['operator', 'regional', 'trust', 'clinic'],
  secondClinic: ['operator', 'regional', 'trust'],
  siblingTrust: ['operator', 'regional'],
  siblingClinic: ['operator', 'regional'],
  specialist: ['operator', 'regional'],
  south: ['operator', 'south'],
  southTrust: ['operator', 'south'],
  privateClinic: ['operator', 'south'],
  // It was the clinic's until yesterday.
  moved: ['operator', 'south'],
  // The plan says that there is no such unit.
  withdrawn: withGrants,
  unknown: withGrants,
} as const satisfies Partial<Record<AnyUnit, Who>>;
type Target = keyof typeof overUnit;

/** Who may set facts, codes, sites and identifiers: the registrar those of contract specialists too. */
const overContent: Record<Target, Who> = { ...overUnit, specialist: ['operator', 'regional', 'registrar'] };

/** Who has scope over the parent of each unit; a root has none, and is the operator's. */
const overParent: Record<Target, Who> = {
  north: ['operator'],
  northTrust: ['operator', 'regional'],
  clinic: ['operator', 'regional', 'trust'],
  ward: ['operator', 'regional', 'trust', 'clinic'],
  secondClinic: ['operator', 'regional', 'trust'],
  siblingTrust: ['operator', 'regional'],
  siblingClinic: ['operator', 'regional'],
  specialist: ['operator', 'regional', 'registrar'],
  south: ['operator'],
  southTrust: ['operator', 'south'],
  privateClinic: ['operator', 'south'],
  moved: ['operator', 'south'],
  withdrawn: withGrants,
  unknown: withGrants,
};

const parentOf: Partial<Record<Target, AnyUnit>> = {
  northTrust: 'north',
  clinic: 'northTrust',
  ward: 'clinic',
  secondClinic: 'northTrust',
  siblingTrust: 'north',
  siblingClinic: 'siblingTrust',
  specialist: 'north',
  southTrust: 'south',
  privateClinic: 'privateHospital',
  moved: 'southClinic',
};

/** What a refusal calls that which no administrator may do. */
type NationalMatter =
  | 'registering organizations'
  | 'registering contract specialists'
  | 'registering treatment sites without a legal entity'
  | 'making a new organization of a part'
  | 'making an organization of departments'
  | 'making a unit with nothing above it'
  | 'designation 61'
  | 'the role OPERATOR'
  | 'the role SPECIALIST_REGISTRAR'
  | typeof mappedToNothing;

const mappedToNothing = 'a mapping node that points at no unit';

interface Cell {
  readonly title: string;
  readonly attempt: Attempt;
  readonly allowed: Who;
  /** What a refusal names, any of which will do: units, or what is a national role's alone */
  readonly names: readonly string[];
  /** Codes of the user errors of whoever is allowed */
  readonly userErrors: readonly string[];
}

type Row<Name extends MutationName> = readonly [
  title: string,
  input: ChangeInputs[Name],
  allowed: Who,
  names: readonly (AnyUnit | NationalMatter)[],
  userErrors?: readonly string[],
];

const cells = <Name extends MutationName>(mutation: Name, rows: readonly Row<Name>[]): Cell[] =>
  rows.map(([title, input, allowed, names, userErrors = []]) => ({
    title,
    attempt: { mutation, input: { ...input, dryRun: true } } as unknown as Attempt,
    allowed,
    names: names.map((name) => (name in allUnits ? namedAs(name as AnyUnit) : name)),
    userErrors,
  }));

const targets = Object.keys(overUnit) as Target[];
const missing: readonly Target[] = ['withdrawn', 'unknown'];

/** A row for each target. */
const each = <Name extends MutationName>(
  table: Readonly<Record<Target, Who>>,
  inputFor: (reshId: number) => ChangeInputs[Name],
  what = '',
): Row<Name>[] =>
  targets.map((target) => [
    `${target}${what}`,
    inputFor(allUnits[target]),
    table[target],
    missing.includes(target) ? [] : [target, ...(table === overParent && parentOf[target] ? [parentOf[target]] : [])],
    missing.includes(target) ? ['NOT_FOUND'] : [],
  ]);

const department = { name: 'New' };
const administrator = { subject: 'new', name: 'New' };
const node = (nodeId: string) => ({ systemId: 'urn:tree', nodeId });

const matrix: Readonly<Record<MutationName, readonly Cell[]>> = {
  registerOrganization: cells('registerOrganization', [
    [
      'a root',
      { name: 'New', organizationNumber: numbers.free, administrator },
      operator,
      ['registering organizations'],
    ],
    ...(['north', 'northTrust', 'south'] as const).map((parent): Row<'registerOrganization'> => [
      `beneath ${parent}`,
      { name: 'New', organizationNumber: numbers.free, parentReshId: units[parent], administrator },
      operator,
      ['registering organizations'],
    ]),
  ]),
  registerContractSpecialist: cells('registerContractSpecialist', [
    [
      'north',
      { name: 'New', regionReshId: units.north },
      ['operator', 'registrar'],
      ['registering contract specialists'],
    ],
    [
      'south',
      { name: 'New', regionReshId: units.south },
      ['operator', 'registrar'],
      ['registering contract specialists'],
    ],
  ]),
  registerTreatmentSite: cells('registerTreatmentSite', [
    ...each<'registerTreatmentSite'>(overContent, (legalEntityReshId) => ({
      ...{ organizationNumber: numbers.free, name: 'New', legalEntityReshId },
    })),
    [
      'of no unit',
      { organizationNumber: numbers.free, name: 'New' },
      ['operator', 'registrar'],
      ['registering treatment sites without a legal entity'],
    ],
  ]),
  createDepartment: cells('createDepartment', [
    ...each<'createDepartment'>(overUnit, (parentReshId) => ({ ...department, parentReshId })),
    [
      'a specialist',
      { ...department, parentReshId: units.clinic, designation: '61' },
      operator,
      ['clinic', 'designation 61'],
    ],
    [
      'a specialist with white space',
      { ...department, parentReshId: units.clinic, designation: ' 61 ' },
      operator,
      ['clinic', 'designation 61'],
    ],
  ]),
  updateUnit: cells('updateUnit', [
    ...each<'updateUnit'>(overContent, (reshId) => ({ reshId, shortName: 'New' })),
    ...each<'updateUnit'>(
      overParent,
      (reshId) => ({ reshId, organizationNumber: numbers.free }),
      ', its organization number',
    ),
    [
      'clinic, without its number',
      { reshId: units.northTrust, organizationNumber: null },
      ['operator', 'regional'],
      ['northTrust', 'north'],
    ],
    ['clinic as a specialist', { reshId: units.clinic, designation: '61' }, operator, ['clinic', 'designation 61']],
    [
      'clinic as a specialist with white space',
      { reshId: units.clinic, designation: '\t61' },
      operator,
      ['clinic', 'designation 61'],
    ],
    ['specialist as it is', { reshId: units.specialist, designation: '61' }, overContent.specialist, ['specialist']],
    ['specialist as none', { reshId: units.specialist, designation: '05' }, overContent.specialist, ['specialist']],
  ]),
  moveUnit: cells('moveUnit', [
    ...(
      [
        ['ward', 'secondWard', ['operator', 'regional', 'trust', 'clinic']],
        ['ward', 'secondClinic', ['operator', 'regional', 'trust']],
        ['ward', 'siblingClinic', ['operator', 'regional']],
        ['ward', 'southClinic', ['operator']],
        ['clinic', 'secondClinic', ['operator', 'regional', 'trust']],
        ['clinic', 'siblingTrust', ['operator', 'regional']],
        ['northTrust', 'siblingTrust', ['operator', 'regional']],
        ['northTrust', 'south', ['operator']],
        ['siblingClinic', 'clinic', ['operator', 'regional']],
        ['specialist', 'siblingTrust', ['operator', 'regional']],
        ['specialist', 'south', ['operator', 'registrar']],
        ['southClinic', 'clinic', ['operator']],
        ['southClinic', 'privateClinic', ['operator', 'south']],
        ['moved', 'southTrust', ['operator', 'south']],
        ['moved', 'clinic', ['operator']],
        ['north', 'south', ['operator']],
      ] as const satisfies [AnyUnit, AnyUnit, Who][]
    ).map(([unit, parent, allowed]): Row<'moveUnit'> => [
      `${unit} to ${parent}`,
      { reshId: allUnits[unit], newParentReshId: allUnits[parent] },
      allowed,
      [unit, parent],
    ]),
    ['northTrust to the top', { reshId: units.northTrust, newParentReshId: null }, operator, ['northTrust', 'north']],
    ['specialist to the top', { reshId: units.specialist, newParentReshId: null }, operator, ['specialist', 'north']],
    ['unknown', { reshId: allUnits.unknown, newParentReshId: units.clinic }, withGrants, [], ['NOT_FOUND']],
    [
      'ward to unknown',
      { reshId: units.ward, newParentReshId: allUnits.unknown },
      ['operator', 'regional', 'trust', 'clinic'],
      ['ward', 'clinic'],
      ['NOT_FOUND'],
    ],
    ['withdrawn', { reshId: allUnits.withdrawn, newParentReshId: units.clinic }, withGrants, [], ['NOT_FOUND']],
  ]),
  closeUnit: cells(
    'closeUnit',
    each(overParent, (reshId) => ({ reshId, withDescendants: true })),
  ),
  reopenUnit: cells('reopenUnit', [
    ...(
      [
        ['closedWard', null, ['operator', 'regional', 'trust', 'clinic']],
        ['closedClinic', null, ['operator', 'regional', 'trust']],
        ['closedSiblingClinic', null, ['operator', 'regional']],
        ['closedSouthClinic', null, ['operator', 'south']],
        ['closedTrust', null, ['operator', 'regional']],
        ['closedSpecialist', null, ['operator', 'regional', 'registrar']],
        ['closedRegion', null, ['operator']],
        ['closedWard', 'secondClinic', ['operator', 'regional', 'trust']],
        ['closedWard', 'southClinic', ['operator']],
        ['closedSouthClinic', 'clinic', ['operator']],
        ['closedSpecialist', 'south', ['operator', 'registrar']],
      ] as const satisfies [AnyUnit, AnyUnit | null, Who][]
    ).map(([unit, parent, allowed]): Row<'reopenUnit'> => [
      parent ? `${unit} beneath ${parent}` : unit,
      { reshId: allUnits[unit], ...(parent && { newParentReshId: allUnits[parent] }) },
      allowed,
      ['clinic', 'northTrust', 'siblingTrust', 'southTrust', 'north', 'closedRegion', ...(parent ? [parent] : [])],
    ]),
    ['unknown', { reshId: allUnits.unknown }, withGrants, [], ['NOT_FOUND']],
    ['withdrawn', { reshId: allUnits.withdrawn }, withGrants, [], ['NOT_FOUND']],
  ]),
  mergeUnits: cells('mergeUnits', [
    ...(
      [
        ['ward', 'secondWard', ['operator', 'regional', 'trust', 'clinic']],
        ['ward', 'secondClinic', ['operator', 'regional', 'trust']],
        ['ward', 'siblingClinic', ['operator', 'regional']],
        ['clinic', 'secondClinic', ['operator', 'regional', 'trust']],
        ['siblingClinic', 'clinic', ['operator', 'regional']],
        ['northTrust', 'siblingTrust', ['operator', 'regional']],
        ['southTrust', 'privateHospital', ['operator', 'south']],
        ['ward', 'southClinic', ['operator']],
        ['southClinic', 'clinic', ['operator']],
        ['moved', 'southClinic', ['operator', 'south']],
        ['moved', 'ward', ['operator']],
        ['south', 'north', ['operator']],
      ] as const satisfies [AnyUnit, AnyUnit, Who][]
    ).map(([source, target, allowed]): Row<'mergeUnits'> => [
      `${source} into ${target}`,
      { sourceReshIds: [allUnits[source]], targetReshId: allUnits[target] },
      allowed,
      [source, target],
    ]),
    ...(
      [
        ['clinic', ['operator', 'regional', 'trust', 'clinic']],
        ['northTrust', ['operator', 'regional', 'trust']],
        ['siblingTrust', ['operator', 'regional']],
        ['southTrust', ['operator']],
      ] as const satisfies [AnyUnit, Who][]
    ).map(([parent, allowed]): Row<'mergeUnits'> => [
      `wards into a new unit beneath ${parent}`,
      { sourceReshIds: [units.ward, units.secondWard], target: { name: 'New', parentReshId: allUnits[parent] } },
      allowed,
      ['ward', parent],
    ]),
    [
      'trusts into a new root',
      {
        sourceReshIds: [units.northTrust, units.siblingTrust],
        target: { name: 'New', organizationNumber: numbers.free },
      },
      operator,
      ['northTrust', 'north', 'making a unit with nothing above it'],
    ],
    [
      'wards into a new organization',
      {
        sourceReshIds: [units.ward, units.secondWard],
        target: { name: 'New', type: 'ORGANIZATION', parentReshId: units.northTrust },
      },
      operator,
      ['ward', 'northTrust', 'making an organization of departments'],
    ],
    [
      'trusts into a new organization',
      {
        sourceReshIds: [units.northTrust, units.siblingTrust],
        target: { name: 'New', parentReshId: units.north },
      },
      ['operator', 'regional'],
      ['northTrust', 'north'],
    ],
    [
      'wards into a new specialist',
      { sourceReshIds: [units.ward], target: { name: 'New', parentReshId: units.clinic, designation: '61' } },
      operator,
      ['clinic', 'designation 61'],
    ],
    [
      'unknown into clinic',
      { sourceReshIds: [allUnits.unknown], targetReshId: units.clinic },
      overUnit.clinic,
      ['clinic'],
      ['NOT_FOUND'],
    ],
  ]),
  splitUnit: cells('splitUnit', [
    ...(['ward', 'secondClinic', 'siblingClinic', 'moved', 'unknown'] as const).map((target): Row<'splitUnit'> => [
      target,
      { reshId: allUnits[target], into: [{ name: 'New' }, { name: 'Newer' }] },
      overParent[target],
      target === 'unknown' ? [] : [target],
      target === 'unknown' ? ['NOT_FOUND'] : [],
    ]),
    [
      'ward, a part of it to secondWard',
      { reshId: units.ward, into: [{ name: 'New' }, { reshId: units.secondWard }] },
      overParent.ward,
      ['ward', 'clinic'],
    ],
    [
      'ward, a part of it to secondClinic',
      { reshId: units.ward, into: [{ name: 'New' }, { reshId: units.secondClinic }] },
      overUnit.secondClinic,
      ['ward', 'secondClinic'],
    ],
    [
      'ward, a part of it to southClinic',
      { reshId: units.ward, into: [{ name: 'New' }, { reshId: units.southClinic }] },
      operator,
      ['ward', 'southClinic'],
    ],
    [
      'secondClinic, a part of it as an organization',
      { reshId: units.secondClinic, into: [{ name: 'New', type: 'ORGANIZATION' }, { name: 'Newer' }] },
      operator,
      ['secondClinic', 'northTrust', 'making a new organization of a part'],
    ],
    [
      'ward, a part of it as a specialist',
      { reshId: units.ward, into: [{ name: 'New', designation: '61' }, { name: 'Newer' }] },
      operator,
      ['clinic', 'designation 61'],
    ],
    [
      'specialist, parts of which are none',
      { reshId: units.specialist, into: [{ name: 'New', type: 'DEPARTMENT' }], keepSource: true },
      overUnit.specialist,
      ['specialist', 'north'],
    ],
    [
      'siblingTrust, which makes organizations',
      { reshId: units.siblingTrust, into: [{ name: 'New' }], keepSource: true },
      operator,
      ['siblingTrust', 'north', 'making a new organization of a part'],
    ],
  ]),
  withdrawUnit: cells('withdrawUnit', [
    ...(['ward', 'secondClinic', 'siblingClinic', 'specialist', 'privateClinic', 'unknown', 'withdrawn'] as const).map(
      (target): Row<'withdrawUnit'> => [
        target,
        { reshId: allUnits[target] },
        overParent[target],
        missing.includes(target) ? [] : [target],
        missing.includes(target) ? ['NOT_FOUND'] : [],
      ],
    ),
    ['moved, which stood beneath clinic too', { reshId: allUnits.moved }, operator, ['moved']],
    ['a root', { reshId: units.north }, operator, ['north'], ['HAS_OPEN_CHILDREN']],
  ]),
  reorganize: cells('reorganize', [
    [
      'a specialist split, and a department beneath the part',
      {
        steps: [
          {
            split: {
              reshId: units.specialist,
              into: [{ name: 'New', type: 'DEPARTMENT', key: 'part' }],
              keepSource: true,
            },
          },
          { create: { name: 'Beneath', parentKey: 'part' } },
        ],
      },
      overUnit.specialist,
      ['specialist', 'north'],
    ],
    [
      'two steps in the clinic',
      {
        steps: [
          { update: { reshId: units.ward, name: 'Other' } },
          { move: { reshId: units.ward, newParentReshId: units.secondWard } },
        ],
      },
      ['operator', 'regional', 'trust', 'clinic'],
      ['ward', 'clinic'],
    ],
    [
      'a step in the clinic and one above it',
      {
        steps: [
          { update: { reshId: units.ward, name: 'Other' } },
          { move: { reshId: units.ward, newParentReshId: units.secondClinic } },
        ],
      },
      ['operator', 'regional', 'trust'],
      ['ward', 'secondClinic'],
    ],
    [
      'a new unit in the clinic, moved into the south by its key',
      {
        steps: [
          { create: { key: 'new', name: 'New', parentReshId: units.clinic } },
          { move: { reshKey: 'new', newParentReshId: units.southClinic } },
        ],
      },
      operator,
      ['clinic', 'southClinic'],
    ],
    [
      'a new unit in the clinic, split by its key into one of the south',
      {
        steps: [
          { create: { key: 'new', name: 'New', parentReshId: units.clinic } },
          { split: { reshKey: 'new', into: [{ reshId: units.southClinic }], keepSource: true } },
        ],
      },
      operator,
      ['clinic', 'southClinic'],
      // It may be asked for; what was not there the day before becomes nothing.
      ['NOT_VALID_ON_DAY'],
    ],
    [
      'codes of a specialist',
      { steps: [{ setCodes: { reshId: units.specialist, add: [{ codeSet: 8451, code: '020' }] } }] },
      overContent.specialist,
      ['specialist'],
    ],
    [
      'a closing and a merge in two trusts',
      {
        steps: [
          { close: { reshId: units.siblingClinic } },
          { merge: { sourceReshIds: [units.ward], targetReshId: units.secondWard } },
        ],
      },
      ['operator', 'regional'],
      ['siblingClinic', 'siblingTrust', 'ward', 'clinic'],
    ],
    ['nothing known', { steps: [{ close: { reshId: allUnits.unknown } }] }, withGrants, [], ['NOT_FOUND']],
  ]),
  setUnitCodes: cells(
    'setUnitCodes',
    each(overContent, (reshId) => ({ reshId, add: [{ codeSet: 8451, code: '020' }] })),
  ),
  connectTreatmentSite: cells(
    'connectTreatmentSite',
    each(overContent, (reshId) => ({ reshId, organizationNumber: numbers.site })),
  ),
  disconnectTreatmentSite: cells(
    'disconnectTreatmentSite',
    each(overContent, (reshId) => ({ reshId })),
  ),
  setIdentifier: cells(
    'setIdentifier',
    each(overContent, (reshId) => ({ reshId, system: 'urn:oid:2.16.578.1.12.4.1.2', value: '1' })),
  ),
  setMappingNode: cells('setMappingNode', [
    ...each<'setMappingNode'>(overUnit, (reshId) => ({ ...node('new'), name: 'New', reshId }), ', as a node begins'),
    ...each<'setMappingNode'>(
      overUnit,
      (reshId) => ({ ...node('none'), reshId }),
      ', of a node that pointed at nothing',
    ).map(([title, input]): Row<'setMappingNode'> => [
      title,
      input,
      operator,
      [mappedToNothing],
      title.startsWith('withdrawn') || title.startsWith('unknown') ? ['NOT_FOUND'] : [],
    ]),
    ['the name of a node at ward', { ...node('ward'), name: 'New' }, overUnit.ward, ['ward']],
    ['the clinic, of a node at the south', { ...node('south'), reshId: units.clinic }, operator, ['south', 'clinic']],
    ['nothing, of a node at ward', { ...node('ward'), reshId: null }, operator, [mappedToNothing, 'ward']],
    ['nothing, as a node begins', { ...node('new'), name: 'New' }, operator, [mappedToNothing]],
    ['a parent elsewhere', { ...node('ward'), parentNodeId: 'south' }, overUnit.ward, ['ward']],
    [
      'a node that was at ward until last year',
      { ...node('gone'), name: 'New', reshId: units.south },
      overUnit.south,
      ['south'],
    ],
    ['a node that goes to the south next year', { ...node('going'), name: 'New' }, operator, ['ward', 'south']],
    [
      'a node that goes to the south next year, until then',
      { ...node('going'), reshId: units.clinic },
      overUnit.clinic,
      ['ward', 'clinic'],
    ],
  ]),
  removeMappingNode: cells('removeMappingNode', [
    ['at ward', node('ward'), overUnit.ward, ['ward']],
    ['at the south', node('south'), overUnit.south, ['south']],
    ['at nothing', node('none'), operator, [mappedToNothing]],
    ['that goes to the south next year', node('going'), operator, ['ward', 'south']],
    ['that is unknown', node('unknown'), withGrants, [], ['NOT_FOUND']],
  ]),
  grantAccess: cells('grantAccess', [
    ...each<'grantAccess'>(overUnit, (reshId) => ({ ...administrator, role: 'ADMINISTRATOR', reshId })),
    ['an operator', { ...administrator, role: 'OPERATOR' }, operator, ['the role OPERATOR']],
    ['a registrar', { ...administrator, role: 'SPECIALIST_REGISTRAR' }, operator, ['the role SPECIALIST_REGISTRAR']],
    [
      'an operator of a unit',
      { ...administrator, role: 'OPERATOR', reshId: units.clinic },
      operator,
      ['the role OPERATOR'],
      ['NOT_ALLOWED'],
    ],
    ['an administrator of nothing', { ...administrator, role: 'ADMINISTRATOR' }, withGrants, [], ['REQUIRED']],
  ]),
  revokeAccess: cells('revokeAccess', [
    // The only one of an organization: only from above.
    ['regional', { subject: subjects.regional, role: 'ADMINISTRATOR', reshId: units.north }, operator, ['north']],
    ['south', { subject: subjects.south, role: 'ADMINISTRATOR', reshId: units.south }, operator, ['south']],
    [
      'trust',
      { subject: subjects.trust, role: 'ADMINISTRATOR', reshId: units.northTrust },
      ['operator', 'regional'],
      ['northTrust', 'north'],
    ],
    [
      'trust, with white space',
      { subject: ` ${subjects.trust} `, role: 'ADMINISTRATOR', reshId: units.northTrust },
      ['operator', 'regional'],
      ['northTrust', 'north'],
    ],
    // A department may be left without one.
    ['clinic', { subject: subjects.clinic, role: 'ADMINISTRATOR', reshId: units.clinic }, overUnit.clinic, ['clinic']],
    [
      'a registrar',
      { subject: subjects.registrar, role: 'SPECIALIST_REGISTRAR' },
      operator,
      ['the role SPECIALIST_REGISTRAR'],
    ],
    [
      'the last operator',
      { subject: subjects.operator, role: 'OPERATOR' },
      operator,
      ['the role OPERATOR'],
      ['LAST_OPERATOR'],
    ],
    ['an administrator of nothing', { subject: subjects.clinic, role: 'ADMINISTRATOR' }, withGrants, [], ['REQUIRED']],
    [
      'of an unknown unit',
      { subject: subjects.clinic, role: 'ADMINISTRATOR', reshId: allUnits.unknown },
      withGrants,
      [],
      ['NOT_FOUND'],
    ],
    [
      'of a withdrawn unit',
      { subject: subjects.clinic, role: 'ADMINISTRATOR', reshId: allUnits.withdrawn },
      withGrants,
      [],
      ['NOT_FOUND'],
    ],
  ]),
};

let database: Database;
const clients = new Map<PersonKind, TestClient>();
const clientOf = (person: PersonKind): TestClient => {
  const subject = people[person];
  const client =
    clients.get(person) ?? createClient(database, { today: worldDay, ...(subject !== undefined && { as: subject }) });
  clients.set(person, client);
  return client;
};
beforeAll(async () => {
  database = await openTestDatabase();
  await buildScopedWorld(database);
  const set = async (input: Omit<ChangeInputs['setMappingNode'], 'systemId'>) =>
    expect(
      (await actor(database, subjects.operator).setMappingNode({ systemId: 'urn:tree', ...input })).payload,
    ).toMatchObject({
      userErrors: [],
    });
  await set({ nodeId: 'none', name: 'None' });
  await set({ nodeId: 'ward', name: 'Ward', reshId: units.ward });
  await set({ nodeId: 'south', name: 'South', reshId: units.south });
  await set({ nodeId: 'gone', name: 'Gone', reshId: units.ward, effectiveOn: '2024-01-01' });
  await actor(database, subjects.operator).removeMappingNode({ ...node('gone'), effectiveOn: '2025-01-01' });
  await set({ nodeId: 'going', name: 'Going', reshId: units.ward });
  await set({ nodeId: 'going', reshId: units.south, effectiveOn: '2027-01-01' });
});
afterAll(() => database.close());

// Numbers that a dry run took from a sequence stay taken; its rows are gone.
const tablesOf = (all: Record<string, string>) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !name.endsWith('_seq')));

// Whom a refusal may name: a person with an address, or the national operator.
const contact = String.raw`Name of [\w-]+ \([\w-]+@example\.org\)`;
const whomToAsk = new RegExp(`Ask (the national operator|${contact}( or ${contact})*)[.,]`);

const expectRefusal = (cell: Cell, person: PersonKind, code: string | undefined, message = ''): void => {
  const where = `${person}: ${cell.title}`;
  expect([where, code]).toEqual([where, person === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN']);
  if (person === 'nobody') return void expect(message, where).toContain('Authorization: Bearer');
  expect(message, where).toMatch(whomToAsk);
  if (cell.names.length > 0)
    expect(
      cell.names.filter((name) => message.includes(name)),
      `${where}: ${message}`,
    ).not.toEqual([]);
};

// Grants of yesterday and tomorrow are as none: see permission-days.
const kinds = (Object.keys(people) as PersonKind[]).filter((kind) => kind !== 'early' && kind !== 'late');

describe.each(kinds)('for %s', (person) => {
  it.each(Object.entries(matrix))('%s is allowed exactly where the rules say so', async (_mutation, rows) => {
    const answerTo = async ({ title, attempt }: Cell) => {
      const { status, answers, neighbour } = await tryAll(clientOf(person), [attempt]);
      expect({ title, status, neighbour }).toEqual({ title, status: 200, neighbour: 'Mutation' });
      return answers[0];
    };

    const stored = await everythingStored(database);
    for (const cell of rows.filter(({ allowed }) => !allowed.includes(person))) {
      const answer = await answerTo(cell);
      expect(answer?.payload, cell.title).toBeNull();
      expectRefusal(cell, person, answer?.code, answer?.message);
    }
    // Nothing undoes what is written, so that one look at the end tells of all of them.
    expect(await everythingStored(database)).toEqual(stored);

    for (const cell of rows.filter(({ allowed }) => allowed.includes(person))) {
      const { code, message, payload } = (await answerTo(cell)) ?? {};
      expect([cell.title, code, message]).toEqual([cell.title, undefined, undefined]);
      expect([cell.title, payload?.userErrors.map((error) => error.code)]).toEqual([cell.title, cell.userErrors]);
    }
    expect(tablesOf(await everythingStored(database))).toEqual(tablesOf(stored));
  });
});

it('has rows for every mutation', () => {
  expect(Object.keys(matrix).sort()).toEqual(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort());
});

const own: Record<string, readonly [allowed: Attempt, refused: Attempt]> = {
  'scope over a unit': [
    { mutation: 'updateUnit', input: { reshId: units.ward, shortName: 'Mine' } },
    { mutation: 'updateUnit', input: { reshId: units.siblingClinic, shortName: 'Not mine' } },
  ],
  'scope over the unit that something is created beneath': [
    { mutation: 'createDepartment', input: { parentReshId: units.clinic, name: 'Mine' } },
    { mutation: 'createDepartment', input: { parentReshId: units.northTrust, name: 'Not mine' } },
  ],
  'scope over both parents': [
    { mutation: 'moveUnit', input: { reshId: units.ward, newParentReshId: units.secondWard } },
    { mutation: 'moveUnit', input: { reshId: units.ward, newParentReshId: units.secondClinic } },
  ],
  'scope over the parent': [
    { mutation: 'closeUnit', input: { reshId: units.ward } },
    { mutation: 'closeUnit', input: { reshId: units.clinic, withDescendants: true } },
  ],
  'scope over the parent that is, or is to be': [
    { mutation: 'reopenUnit', input: { reshId: allUnits.closedWard } },
    { mutation: 'reopenUnit', input: { reshId: allUnits.closedWard, newParentReshId: units.secondClinic } },
  ],
  'scope over the parents of what is merged, and the target': [
    { mutation: 'mergeUnits', input: { sourceReshIds: [units.ward], targetReshId: units.secondWard } },
    { mutation: 'mergeUnits', input: { sourceReshIds: [units.ward], targetReshId: units.secondClinic } },
  ],
  'the scope that each step needs': [
    { mutation: 'reorganize', input: { steps: [{ update: { reshId: units.ward, shortName: 'Mine' } }] } },
    {
      mutation: 'reorganize',
      input: {
        steps: [
          { update: { reshId: units.ward, shortName: 'Mine' } },
          { update: { reshId: units.siblingClinic, shortName: 'Not mine' } },
        ],
      },
    },
  ],
  'scope over a legal entity, or a national role': [
    {
      mutation: 'registerTreatmentSite',
      input: { organizationNumber: numbers.free, name: 'Mine', legalEntityReshId: units.clinic },
    },
    { mutation: 'registerTreatmentSite', input: { organizationNumber: numbers.free, name: 'Nobody’s' } },
  ],
  'scope, or the operator': [
    { mutation: 'grantAccess', input: { ...administrator, role: 'ADMINISTRATOR', reshId: units.ward } },
    { mutation: 'grantAccess', input: { ...administrator, role: 'OPERATOR' } },
  ],
  'scope, or scope above for the last one': [
    { mutation: 'revokeAccess', input: { subject: subjects.clinic, role: 'ADMINISTRATOR', reshId: units.clinic } },
    { mutation: 'revokeAccess', input: { subject: subjects.trust, role: 'ADMINISTRATOR', reshId: units.northTrust } },
  ],
};

const dry = ({ mutation, input }: Attempt): Attempt =>
  ({ mutation, input: { ...input, dryRun: true } }) as unknown as Attempt;

describe.each(Object.entries(own))('an allowed and a refused change in one request, by %s', (_rule, [mine, others]) => {
  it.each([
    ['the allowed one first', [mine, others]],
    ['the refused one first', [others, mine]],
    ['the refused one between', [mine, others, mine]],
  ] as const)('%s', async (_order, attempts) => {
    const stored = await everythingStored(database);
    const { answers, neighbour } = await tryAll(clientOf('clinic'), attempts.map(dry));

    expect(neighbour).toBe('Mutation');
    answers.forEach(({ code, payload }, place) => {
      const isMine = attempts[place] === mine;
      expect(code).toBe(isMine ? undefined : 'FORBIDDEN');
      expect(payload && [payload.userErrors, payload.impact !== null]).toEqual(isMine ? [[], true] : null);
    });
    expect(tablesOf(await everythingStored(database))).toEqual(tablesOf(stored));
  });
});

describe('changes that are really made', () => {
  const revision = async (): Promise<number> => (await database.prisma.change.findMany()).length;
  const shortNameOf = async (reshId: number): Promise<string | null | undefined> =>
    (
      await database.prisma.unitVersion.findFirst({
        where: { reshId, supersededRev: null },
        orderBy: { validFrom: 'desc' },
      })
    )?.shortName;

  it.each([
    ['first', 0],
    ['last', 1],
  ])('are the allowed ones of a request alone, the refused one %s', async (_order, place) => {
    const before = await revision();
    const mine: Attempt = { mutation: 'updateUnit', input: { reshId: units.ward, shortName: `Mine ${place}` } };
    const others: Attempt = { mutation: 'updateUnit', input: { reshId: units.siblingClinic, shortName: 'Not mine' } };

    const { answers } = await tryAll(clientOf('clinic'), place === 0 ? [others, mine] : [mine, others]);

    expect(answers.map(({ code }) => code)).toEqual(place === 0 ? ['FORBIDDEN', undefined] : [undefined, 'FORBIDDEN']);
    expect(answers.find(({ payload }) => payload)?.payload?.change).toEqual({ revision: before + 1 });
    expect(await revision()).toBe(before + 1);
    expect([await shortNameOf(units.ward), await shortNameOf(units.siblingClinic)]).toEqual([`Mine ${place}`, null]);
  });

  it('stop within a request where one of them ends the access', async () => {
    const before = await revision();
    const change: Attempt = { mutation: 'updateUnit', input: { reshId: units.ward, shortName: 'Too late' } };
    const leave: Attempt = {
      mutation: 'revokeAccess',
      input: { subject: subjects.clinic, role: 'ADMINISTRATOR', reshId: units.clinic },
    };

    const { answers } = await tryAll(clientOf('clinic'), [leave, change, leave]);

    expect(answers.map(({ code }) => code)).toEqual([undefined, 'FORBIDDEN', 'FORBIDDEN']);
    expect(await revision()).toBe(before + 1);
    expect(await shortNameOf(units.ward)).toBe('Mine 1');
  });

  it('begin within a request where one of them gives the access', async () => {
    const change: Attempt = { mutation: 'updateUnit', input: { reshId: units.secondClinic, shortName: 'Mine now' } };
    const grant: Attempt = {
      mutation: 'grantAccess',
      input: { subject: subjects.trust, role: 'ADMINISTRATOR', reshId: units.siblingTrust },
    };
    const sibling: Attempt = { mutation: 'updateUnit', input: { reshId: units.siblingClinic, shortName: 'Mine now' } };

    expect((await tryAll(clientOf('trust'), [change, sibling, grant])).answers.map(({ code }) => code)).toEqual([
      undefined,
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
    await tryAll(clientOf('regional'), [grant]);
    expect((await tryAll(clientOf('trust'), [sibling])).answers.map(({ code }) => code)).toEqual([undefined]);
    expect(await shortNameOf(units.siblingClinic)).toBe('Mine now');
  });
});
