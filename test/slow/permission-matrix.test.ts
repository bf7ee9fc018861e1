import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeInputs, MutationName } from '../../src/domain/plan/change-input.ts';
import { schema } from '../../src/schema/index.ts';
import type { Database } from '../../src/store/database/database.ts';
import { sendAttempts, type Attempt } from '../support/mutations/attempts.ts';
import { createClient, type TestClient } from '../support/http/client.ts';
import { openTestDatabase } from '../support/database/database.ts';
import {
  allUnits,
  buildScopedWorld,
  unitLabel,
  people,
  type ScopedUnitName,
  type PersonKind,
} from '../support/world/scoped-world.ts';
import { readTableDigests } from '../support/database/table-digests.ts';
import { mutationsAs, numbers, subjects, units, worldDay } from '../support/world/world.ts';

// The changes that each user may make of each unit, written by hand from the rules. The code under test computes
// nothing here. The administrator of the trust administers northTrust, that of the clinic the clinic, the regional one
// north, and the southern one south.
type SubjectKinds = readonly PersonKind[];
const operator: SubjectKinds = ['operator'];
const grantHolders: SubjectKinds = ['operator', 'registrar', 'regional', 'trust', 'clinic', 'south'];

/** Subjects with scope over each unit: those who administer it or a unit above it today. */
const unitScope = {
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
  // In the clinic until yesterday.
  moved: ['operator', 'south'],
  // The plan reports that the unit does not exist.
  withdrawn: grantHolders,
  unknown: grantHolders,
} as const satisfies Partial<Record<ScopedUnitName, SubjectKinds>>;
type Target = keyof typeof unitScope;

/** Who may set facts, codes, sites and identifiers; the registrar may set those of contract specialists. */
const contentScope: Record<Target, SubjectKinds> = { ...unitScope, specialist: ['operator', 'regional', 'registrar'] };

/** Subjects with scope over the parent of each unit. A root has no parent and is reserved for the operator. */
const parentScope: Record<Target, SubjectKinds> = {
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
  withdrawn: grantHolders,
  unknown: grantHolders,
};

const parentByUnit: Partial<Record<Target, ScopedUnitName>> = {
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

/** What an authorization error calls a change that no administrator may make. */
type NationalSubject =
  | 'registering organizations'
  | 'registering contract specialists'
  | 'registering treatment sites without a legal entity'
  | 'changing treatment sites without a legal entity'
  | 'splitting off a new organization'
  | 'merging departments into a new organization'
  | 'creating a root unit'
  | 'designation 61'
  | 'the role operator'
  | 'the role specialist registrar'
  | typeof mappedToNothing
  | typeof noAccess;

const mappedToNothing = 'changing a mapping node that points at no unit';
const noAccess = 'you have no access to the register today';

interface Cell {
  readonly title: string;
  readonly attempt: Attempt;
  readonly allowed: SubjectKinds;
  /** What an authorization error may name: one of these units, or what is reserved for a national role */
  readonly names: readonly string[];
  /** Codes of the user errors for allowed subjects */
  readonly userErrors: readonly string[];
}

type Row<Name extends MutationName> = readonly [
  title: string,
  input: ChangeInputs[Name],
  allowed: SubjectKinds,
  names: readonly (ScopedUnitName | NationalSubject)[],
  userErrors?: readonly string[],
];

function buildCells<Name extends MutationName>(mutation: Name, rows: readonly Row<Name>[]): Cell[] {
  return rows.map(([title, input, allowed, names, userErrors = []]) => ({
    title,
    attempt: { mutation, input: { ...input, dryRun: true } } as unknown as Attempt,
    allowed,
    names: names.map((name) => (name in allUnits ? unitLabel(name as ScopedUnitName) : name)),
    userErrors,
  }));
}

const targets = Object.keys(unitScope) as Target[];
const missing: readonly Target[] = ['withdrawn', 'unknown'];

/** Builds a row for each target. */
function buildCellPerTarget<Name extends MutationName>(
  table: Readonly<Record<Target, SubjectKinds>>,
  inputFor: (reshId: number) => ChangeInputs[Name],
  titleSuffix = '',
): Row<Name>[] {
  return targets.map((target) => [
    `${target}${titleSuffix}`,
    inputFor(allUnits[target]),
    table[target],
    missing.includes(target)
      ? []
      : [target, ...(table === parentScope && parentByUnit[target] ? [parentByUnit[target]] : [])],
    missing.includes(target) ? ['NOT_FOUND'] : [],
  ]);
}

const department = { name: 'New' };
const administrator = { subject: 'new', name: 'New' };

function buildNodeKey(nodeId: string) {
  return { systemId: 'urn:tree', nodeId };
}

const matrix: Readonly<Record<MutationName, readonly Cell[]>> = {
  registerOrganization: buildCells('registerOrganization', [
    [
      'a root',
      { name: 'New', organizationNumber: numbers.unregistered, administrator },
      operator,
      ['registering organizations'],
    ],
    ...(['north', 'northTrust', 'south'] as const).map((parent): Row<'registerOrganization'> => [
      `under ${parent}`,
      { name: 'New', organizationNumber: numbers.unregistered, parentReshId: units[parent], administrator },
      operator,
      ['registering organizations'],
    ]),
  ]),
  registerContractSpecialist: buildCells('registerContractSpecialist', [
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
  registerTreatmentSite: buildCells('registerTreatmentSite', [
    ...buildCellPerTarget<'registerTreatmentSite'>(contentScope, (legalEntityReshId) => ({
      organizationNumber: numbers.unregistered,
      name: 'New',
      legalEntityReshId,
    })),
    [
      'of no unit',
      { organizationNumber: numbers.unregistered, name: 'New' },
      ['operator', 'registrar'],
      ['registering treatment sites without a legal entity'],
    ],
  ]),
  updateTreatmentSite: buildCells('updateTreatmentSite', [
    ...buildCellPerTarget<'updateTreatmentSite'>(contentScope, (legalEntityReshId) => ({
      organizationNumber: numbers.northTrust,
      legalEntityReshId,
    })).map(([title, input, allowed, names, userErrors = []]): Row<'updateTreatmentSite'> => [
      `of no unit, to ${title}`,
      input,
      allowed.filter((kind) => kind === 'operator' || kind === 'registrar'),
      [...names, 'changing treatment sites without a legal entity'],
      userErrors,
    ]),
    ['of a trust', { organizationNumber: numbers.site, name: 'New' }, contentScope.northTrust, ['northTrust']],
    [
      'of a trust, to no unit',
      { organizationNumber: numbers.site, legalEntityReshId: null },
      operator,
      ['northTrust', 'changing treatment sites without a legal entity'],
    ],
    ['unknown', { organizationNumber: numbers.unregistered }, grantHolders, [], ['NOT_FOUND']],
  ]),
  closeTreatmentSite: buildCells('closeTreatmentSite', [
    [
      'of a trust',
      { organizationNumber: numbers.site, effectiveOn: '2040-01-01' },
      contentScope.northTrust,
      ['northTrust'],
      ['SITE_IN_USE'],
    ],
    [
      'of no unit',
      { organizationNumber: numbers.northTrust, effectiveOn: '2040-01-01' },
      ['operator', 'registrar'],
      ['changing treatment sites without a legal entity'],
    ],
    ['unknown', { organizationNumber: numbers.unregistered }, grantHolders, [], ['NOT_FOUND']],
  ]),
  reopenTreatmentSite: buildCells('reopenTreatmentSite', [
    ['of a trust', { organizationNumber: numbers.site }, contentScope.northTrust, ['northTrust'], ['ALREADY_VALID']],
    [
      'of no unit',
      { organizationNumber: numbers.laterSite },
      ['operator', 'registrar'],
      ['changing treatment sites without a legal entity'],
    ],
    ['unknown', { organizationNumber: numbers.unregistered }, grantHolders, [], ['NOT_FOUND']],
  ]),
  createDepartment: buildCells('createDepartment', [
    ...buildCellPerTarget<'createDepartment'>(unitScope, (parentReshId) => ({ ...department, parentReshId })),
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
  updateUnit: buildCells('updateUnit', [
    ...buildCellPerTarget<'updateUnit'>(contentScope, (reshId) => ({ reshId, shortName: 'New' })),
    ...buildCellPerTarget<'updateUnit'>(
      parentScope,
      (reshId) => ({ reshId, organizationNumber: numbers.unregistered }),
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
    ['specialist as it is', { reshId: units.specialist, designation: '61' }, contentScope.specialist, ['specialist']],
    ['specialist as none', { reshId: units.specialist, designation: '05' }, contentScope.specialist, ['specialist']],
  ]),
  moveUnit: buildCells('moveUnit', [
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
      ] as const satisfies [ScopedUnitName, ScopedUnitName, SubjectKinds][]
    ).map(([unit, parent, allowed]): Row<'moveUnit'> => [
      `${unit} to ${parent}`,
      { reshId: allUnits[unit], newParentReshId: allUnits[parent] },
      allowed,
      [unit, parent],
    ]),
    ['northTrust to the top', { reshId: units.northTrust, newParentReshId: null }, operator, ['northTrust', 'north']],
    ['specialist to the top', { reshId: units.specialist, newParentReshId: null }, operator, ['specialist', 'north']],
    ['unknown', { reshId: allUnits.unknown, newParentReshId: units.clinic }, grantHolders, [], ['NOT_FOUND']],
    [
      'ward to unknown',
      { reshId: units.ward, newParentReshId: allUnits.unknown },
      ['operator', 'regional', 'trust', 'clinic'],
      ['ward', 'clinic'],
      ['NOT_FOUND'],
    ],
    ['withdrawn', { reshId: allUnits.withdrawn, newParentReshId: units.clinic }, grantHolders, [], ['NOT_FOUND']],
  ]),
  closeUnit: buildCells(
    'closeUnit',
    buildCellPerTarget(parentScope, (reshId) => ({ reshId, withDescendants: true })),
  ),
  reopenUnit: buildCells('reopenUnit', [
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
      ] as const satisfies [ScopedUnitName, ScopedUnitName | null, SubjectKinds][]
    ).map(([unit, parent, allowed]): Row<'reopenUnit'> => [
      parent ? `${unit} under ${parent}` : unit,
      { reshId: allUnits[unit], ...(parent && { newParentReshId: allUnits[parent] }) },
      allowed,
      ['clinic', 'northTrust', 'siblingTrust', 'southTrust', 'north', 'closedRegion', ...(parent ? [parent] : [])],
    ]),
    ...(
      [
        ['secondWard', ['operator', 'regional', 'trust', 'clinic']],
        ['secondClinic', ['operator', 'regional', 'trust']],
        ['siblingClinic', ['operator', 'regional']],
        ['southClinic', ['operator']],
      ] as const satisfies [ScopedUnitName, SubjectKinds][]
    ).map(([predecessor, allowed]): Row<'reopenUnit'> => [
      `closedWard out of ${predecessor}`,
      { reshId: allUnits.closedWard, predecessorReshIds: [allUnits[predecessor]] },
      allowed,
      ['clinic', 'northTrust', 'siblingTrust', 'southTrust'],
    ]),
    ['unknown', { reshId: allUnits.unknown }, grantHolders, [], ['NOT_FOUND']],
    ['withdrawn', { reshId: allUnits.withdrawn }, grantHolders, [], ['NOT_FOUND']],
  ]),
  mergeUnits: buildCells('mergeUnits', [
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
      ] as const satisfies [ScopedUnitName, ScopedUnitName, SubjectKinds][]
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
      ] as const satisfies [ScopedUnitName, SubjectKinds][]
    ).map(([parent, allowed]): Row<'mergeUnits'> => [
      `wards into a new unit under ${parent}`,
      { sourceReshIds: [units.ward, units.secondWard], newTarget: { name: 'New', parentReshId: allUnits[parent] } },
      allowed,
      ['ward', parent],
    ]),
    [
      'trusts into a new root',
      {
        sourceReshIds: [units.northTrust, units.siblingTrust],
        newTarget: { name: 'New', organizationNumber: numbers.unregistered },
      },
      operator,
      ['northTrust', 'north', 'creating a root unit'],
    ],
    [
      'wards into a new organization',
      {
        sourceReshIds: [units.ward, units.secondWard],
        newTarget: { name: 'New', type: 'ORGANIZATION', parentReshId: units.northTrust },
      },
      operator,
      ['ward', 'northTrust', 'merging departments into a new organization'],
    ],
    [
      'trusts into a new organization',
      {
        sourceReshIds: [units.northTrust, units.siblingTrust],
        newTarget: { name: 'New', parentReshId: units.north },
      },
      ['operator', 'regional'],
      ['northTrust', 'north'],
    ],
    [
      'wards into a new specialist',
      { sourceReshIds: [units.ward], newTarget: { name: 'New', parentReshId: units.clinic, designation: '61' } },
      operator,
      ['clinic', 'designation 61'],
    ],
    [
      'unknown into clinic',
      { sourceReshIds: [allUnits.unknown], targetReshId: units.clinic },
      unitScope.clinic,
      ['clinic'],
      ['NOT_FOUND'],
    ],
  ]),
  splitUnit: buildCells('splitUnit', [
    ...(['ward', 'secondClinic', 'siblingClinic', 'moved', 'unknown'] as const).map((target): Row<'splitUnit'> => [
      target,
      { reshId: allUnits[target], into: [{ name: 'New' }, { name: 'Newer' }] },
      parentScope[target],
      target === 'unknown' ? [] : [target],
      target === 'unknown' ? ['NOT_FOUND'] : [],
    ]),
    [
      'ward, a part of it to secondWard',
      { reshId: units.ward, into: [{ name: 'New' }, { reshId: units.secondWard }] },
      parentScope.ward,
      ['ward', 'clinic'],
    ],
    [
      'ward, a part of it to secondClinic',
      { reshId: units.ward, into: [{ name: 'New' }, { reshId: units.secondClinic }] },
      unitScope.secondClinic,
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
      ['secondClinic', 'northTrust', 'splitting off a new organization'],
    ],
    [
      'ward, a part of it as a specialist',
      { reshId: units.ward, into: [{ name: 'New', designation: '61' }, { name: 'Newer' }] },
      operator,
      ['clinic', 'designation 61'],
    ],
    [
      'specialist, with parts that are none',
      { reshId: units.specialist, into: [{ name: 'New', type: 'DEPARTMENT' }], keepSource: true },
      unitScope.specialist,
      ['specialist', 'north'],
    ],
    [
      'siblingTrust, which makes organizations',
      { reshId: units.siblingTrust, into: [{ name: 'New' }], keepSource: true },
      operator,
      ['siblingTrust', 'north', 'splitting off a new organization'],
    ],
  ]),
  withdrawUnit: buildCells('withdrawUnit', [
    ...(['ward', 'secondClinic', 'siblingClinic', 'specialist', 'privateClinic', 'unknown', 'withdrawn'] as const).map(
      (target): Row<'withdrawUnit'> => [
        target,
        { reshId: allUnits[target] },
        parentScope[target],
        missing.includes(target) ? [] : [target],
        missing.includes(target) ? ['NOT_FOUND'] : [],
      ],
    ),
    ['moved, which was under clinic too', { reshId: allUnits.moved }, operator, ['moved']],
    ['a root', { reshId: units.north }, operator, ['north'], ['HAS_OPEN_CHILDREN']],
  ]),
  reorganize: buildCells('reorganize', [
    [
      'a specialist split, and a department under the part',
      {
        steps: [
          {
            splitUnit: {
              unit: { reshId: units.specialist },
              into: [{ name: 'New', type: 'DEPARTMENT', key: 'part' }],
              keepSource: true,
            },
          },
          { createDepartment: { name: 'Under part', parent: { key: 'part' } } },
        ],
      },
      unitScope.specialist,
      ['specialist', 'north'],
    ],
    [
      'two steps in the clinic',
      {
        steps: [
          { updateUnit: { unit: { reshId: units.ward }, name: 'Other' } },
          { moveUnit: { unit: { reshId: units.ward }, newParent: { reshId: units.secondWard } } },
        ],
      },
      ['operator', 'regional', 'trust', 'clinic'],
      ['ward', 'clinic'],
    ],
    [
      'a step in the clinic and one above it',
      {
        steps: [
          { updateUnit: { unit: { reshId: units.ward }, name: 'Other' } },
          { moveUnit: { unit: { reshId: units.ward }, newParent: { reshId: units.secondClinic } } },
        ],
      },
      ['operator', 'regional', 'trust'],
      ['ward', 'secondClinic'],
    ],
    [
      'a new unit in the clinic, moved into the south by its key',
      {
        steps: [
          { createDepartment: { key: 'new', name: 'New', parent: { reshId: units.clinic } } },
          { moveUnit: { unit: { key: 'new' }, newParent: { reshId: units.southClinic } } },
        ],
      },
      operator,
      ['clinic', 'southClinic'],
    ],
    [
      'a new unit in the clinic, split by its key into one of the south',
      {
        steps: [
          { createDepartment: { key: 'new', name: 'New', parent: { reshId: units.clinic } } },
          { splitUnit: { unit: { key: 'new' }, into: [{ unit: { reshId: units.southClinic } }], keepSource: true } },
        ],
      },
      operator,
      ['clinic', 'southClinic'],
      // Allowed to ask, but a unit that was not valid the day before cannot become another.
      ['NOT_VALID_ON_DAY'],
    ],
    [
      'codes of a specialist',
      { steps: [{ updateUnitCodes: { unit: { reshId: units.specialist }, add: [{ codeSet: 8451, code: '020' }] } }] },
      contentScope.specialist,
      ['specialist'],
    ],
    [
      'a treatment site and an identifier of a specialist',
      {
        steps: [
          { connectTreatmentSite: { unit: { reshId: units.specialist }, organizationNumber: numbers.site } },
          { setIdentifier: { unit: { reshId: units.specialist }, system: 'urn:x', value: '1' } },
          { removeIdentifier: { unit: { reshId: units.specialist }, system: 'urn:x' } },
          { disconnectTreatmentSite: { unit: { reshId: units.specialist } } },
        ],
      },
      contentScope.specialist,
      ['specialist'],
    ],
    [
      'a closing and a reopening in two trusts',
      {
        steps: [
          { closeUnit: { unit: { reshId: units.siblingClinic } } },
          { reopenUnit: { unit: { reshId: units.siblingClinic } } },
          { closeUnit: { unit: { reshId: units.ward } } },
          { reopenUnit: { unit: { reshId: units.ward } } },
        ],
      },
      ['operator', 'regional'],
      ['siblingClinic', 'siblingTrust', 'ward', 'clinic'],
    ],
    [
      'a closing and a merge in two trusts',
      {
        steps: [
          { closeUnit: { unit: { reshId: units.siblingClinic } } },
          { mergeUnits: { sources: [{ reshId: units.ward }], target: { reshId: units.secondWard } } },
        ],
      },
      ['operator', 'regional'],
      ['siblingClinic', 'siblingTrust', 'ward', 'clinic'],
    ],
    [
      'nothing known',
      { steps: [{ closeUnit: { unit: { reshId: allUnits.unknown } } }] },
      grantHolders,
      [],
      ['NOT_FOUND'],
    ],
  ]),
  updateUnitCodes: buildCells(
    'updateUnitCodes',
    buildCellPerTarget(contentScope, (reshId) => ({ reshId, add: [{ codeSet: 8451, code: '020' }] })),
  ),
  connectTreatmentSite: buildCells(
    'connectTreatmentSite',
    buildCellPerTarget(contentScope, (reshId) => ({ reshId, organizationNumber: numbers.site })),
  ),
  disconnectTreatmentSite: buildCells(
    'disconnectTreatmentSite',
    buildCellPerTarget(contentScope, (reshId) => ({ reshId })),
  ),
  setIdentifier: buildCells(
    'setIdentifier',
    buildCellPerTarget(contentScope, (reshId) => ({ reshId, system: 'urn:oid:2.16.578.1.12.4.1.2', value: '1' })),
  ),
  removeIdentifier: buildCells(
    'removeIdentifier',
    buildCellPerTarget(contentScope, (reshId) => ({ reshId, system: 'urn:oid:2.16.578.1.12.4.1.2' })),
  ),
  setMappingNode: buildCells('setMappingNode', [
    ...buildCellPerTarget<'setMappingNode'>(
      unitScope,
      (reshId) => ({ ...buildNodeKey('new'), name: 'New', reshId }),
      ', as a node begins',
    ),
    ...buildCellPerTarget<'setMappingNode'>(
      unitScope,
      (reshId) => ({ ...buildNodeKey('none'), reshId }),
      ', of a node that pointed at nothing',
    ).map(([title, input]): Row<'setMappingNode'> => [
      title,
      input,
      operator,
      [mappedToNothing],
      title.startsWith('withdrawn') || title.startsWith('unknown') ? ['NOT_FOUND'] : [],
    ]),
    ['the name of a node at ward', { ...buildNodeKey('ward'), name: 'New' }, unitScope.ward, ['ward']],
    [
      'the clinic, of a node at the south',
      { ...buildNodeKey('south'), reshId: units.clinic },
      operator,
      ['south', 'clinic'],
    ],
    ['nothing, of a node at ward', { ...buildNodeKey('ward'), reshId: null }, operator, [mappedToNothing, 'ward']],
    ['nothing, as a node begins', { ...buildNodeKey('new'), name: 'New' }, operator, [mappedToNothing]],
    ['a parent elsewhere', { ...buildNodeKey('ward'), parentNodeId: 'south' }, unitScope.ward, ['ward']],
    [
      'a node that was at ward until last year',
      { ...buildNodeKey('gone'), name: 'New', reshId: units.south },
      unitScope.south,
      ['south'],
    ],
    ['a node that goes to the south next year', { ...buildNodeKey('going'), name: 'New' }, operator, ['ward', 'south']],
    [
      'a node that goes to the south next year, until then',
      { ...buildNodeKey('going'), reshId: units.clinic },
      unitScope.clinic,
      ['ward', 'clinic'],
    ],
  ]),
  removeMappingNode: buildCells('removeMappingNode', [
    ['at ward', buildNodeKey('ward'), unitScope.ward, ['ward']],
    ['at the south', buildNodeKey('south'), unitScope.south, ['south']],
    ['at nothing', buildNodeKey('none'), operator, [mappedToNothing]],
    ['that goes to the south next year', buildNodeKey('going'), operator, ['ward', 'south']],
    ['that is unknown', buildNodeKey('unknown'), grantHolders, [], ['NOT_FOUND']],
  ]),
  grantAccess: buildCells('grantAccess', [
    ...buildCellPerTarget<'grantAccess'>(unitScope, (reshId) => ({ ...administrator, role: 'ADMINISTRATOR', reshId })),
    ['an operator', { ...administrator, role: 'OPERATOR' }, operator, ['the role operator']],
    ['a registrar', { ...administrator, role: 'SPECIALIST_REGISTRAR' }, operator, ['the role specialist registrar']],
    [
      'an operator of a unit',
      { ...administrator, role: 'OPERATOR', reshId: units.clinic },
      operator,
      ['the role operator'],
      ['NOT_ALLOWED'],
    ],
    ['an administrator of nothing', { ...administrator, role: 'ADMINISTRATOR' }, grantHolders, [], ['REQUIRED']],
  ]),
  revokeAccess: buildCells('revokeAccess', [
    // The only administrator of an organization can only be revoked from above.
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
    // A department may be left without an administrator.
    ['clinic', { subject: subjects.clinic, role: 'ADMINISTRATOR', reshId: units.clinic }, unitScope.clinic, ['clinic']],
    [
      'a registrar',
      { subject: subjects.registrar, role: 'SPECIALIST_REGISTRAR' },
      operator,
      ['the role specialist registrar'],
    ],
    [
      'the last operator',
      { subject: subjects.operator, role: 'OPERATOR' },
      operator,
      ['the role operator'],
      ['LAST_OPERATOR'],
    ],
    [
      'an administrator of nothing',
      { subject: subjects.clinic, role: 'ADMINISTRATOR' },
      grantHolders,
      [],
      ['REQUIRED'],
    ],
    [
      'of an unknown unit',
      { subject: subjects.clinic, role: 'ADMINISTRATOR', reshId: allUnits.unknown },
      grantHolders,
      [],
      ['NOT_FOUND'],
    ],
    [
      'of a withdrawn unit',
      { subject: subjects.clinic, role: 'ADMINISTRATOR', reshId: allUnits.withdrawn },
      grantHolders,
      [],
      ['NOT_FOUND'],
    ],
  ]),
  undoChange: buildCells('undoChange', [
    // Revision 2 of the world adds units in both regions, and revision 3 withdraws one in the south.
    // The units of a change are read under the lock, so a viewer without access is denied before any is named.
    ['a withdrawal in the south', { revision: 3 }, ['operator', 'south'], ['southClinic', noAccess]],
    [
      'new units everywhere',
      { revision: 2 },
      operator,
      [
        'closedWard',
        'closedClinic',
        'closedSiblingClinic',
        'closedSouthClinic',
        'closedTrust',
        'closedRegion',
        noAccess,
      ],
    ],
    ['the first import', { revision: 1 }, grantHolders, [], ['NOT_UNDOABLE']],
    ['a change of the future', { revision: 1_000 }, grantHolders, [], ['NOT_FOUND']],
  ]),
};

let database: Database;
const clients = new Map<PersonKind, TestClient>();

function findClient(person: PersonKind): TestClient {
  const subject = people[person];
  const client =
    clients.get(person) ?? createClient(database, { today: worldDay, ...(subject !== undefined && { as: subject }) });
  clients.set(person, client);
  return client;
}

beforeAll(async () => {
  database = await openTestDatabase();
  await buildScopedWorld(database);
  const setNode = async (input: Omit<ChangeInputs['setMappingNode'], 'systemId'>) =>
    expect(
      (await mutationsAs(database, subjects.operator).setMappingNode({ systemId: 'urn:tree', ...input })).payload,
    ).toMatchObject({
      userErrors: [],
    });
  await setNode({ nodeId: 'none', name: 'None' });
  await setNode({ nodeId: 'ward', name: 'Ward', reshId: units.ward });
  await setNode({ nodeId: 'south', name: 'South', reshId: units.south });
  await setNode({ nodeId: 'gone', name: 'Gone', reshId: units.ward, effectiveOn: '2024-01-01' });
  await mutationsAs(database, subjects.operator).removeMappingNode({
    ...buildNodeKey('gone'),
    effectiveOn: '2025-01-01',
  });
  await setNode({ nodeId: 'going', name: 'Going', reshId: units.ward });
  await setNode({ nodeId: 'going', reshId: units.south, effectiveOn: '2027-01-01' });
});
afterAll(() => database.close());

// A dry run advances sequences, although its rows are rolled back.
function withoutSequences(all: Record<string, string>) {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !name.endsWith('_seq')));
}

// An authorization error may name a person with an address, or the national operator.
const contactPattern = String.raw`Name of [\w-]+ \([\w-]+@example\.org\)`;
const contactAdvicePattern = new RegExp(`Ask (the national operator|${contactPattern}( or ${contactPattern})*)[.,]`);

function expectDenial(cell: Cell, person: PersonKind, code: string | undefined, message = ''): void {
  const label = `${person}: ${cell.title}`;
  expect([label, code]).toEqual([label, person === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN']);
  if (person === 'nobody') {
    expect(message, label).toContain('Authorization: Bearer');
    return;
  }
  expect(message, label).toMatch(contactAdvicePattern);
  if (cell.names.length > 0)
    expect(
      cell.names.filter((name) => message.includes(name)),
      `${label}: ${message}`,
    ).not.toEqual([]);
}

// Grants that ended or have not begun have no effect; permission-dates.test.ts tests them.
const personKinds = (Object.keys(people) as PersonKind[]).filter((kind) => kind !== 'early' && kind !== 'late');

describe.each(personKinds)('permissions of %s', (person) => {
  it.each(Object.entries(matrix))('allow %s exactly as in the matrix', async (_mutation, rows) => {
    const sendCell = async ({ title, attempt }: Cell) => {
      const { status, responses, neighbour } = await sendAttempts(findClient(person), [attempt]);
      expect({ title, status, neighbour }).toEqual({ title, status: 200, neighbour: 'Mutation' });
      return responses[0];
    };

    const digestBefore = await readTableDigests(database);
    for (const cell of rows.filter(({ allowed }) => !allowed.includes(person))) {
      const answer = await sendCell(cell);
      expect(answer?.payload, cell.title).toBeNull();
      expectDenial(cell, person, answer?.code, answer?.message);
    }

    // Nothing is undone between the attempts, so one comparison at the end covers all of them.
    expect(await readTableDigests(database)).toEqual(digestBefore);

    for (const cell of rows.filter(({ allowed }) => allowed.includes(person))) {
      const { code, message, payload } = (await sendCell(cell)) ?? {};
      expect([cell.title, code, message]).toEqual([cell.title, undefined, undefined]);
      expect([cell.title, payload?.userErrors.map((error) => error.code)]).toEqual([cell.title, cell.userErrors]);
    }
    expect(withoutSequences(await readTableDigests(database))).toEqual(withoutSequences(digestBefore));
  });
});

it('has rows for every mutation', () => {
  expect(Object.keys(matrix).sort()).toEqual(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort());
});

const attemptsByRule: Record<string, readonly [allowed: Attempt, refused: Attempt]> = {
  'scope over a unit': [
    { mutation: 'updateUnit', input: { reshId: units.ward, shortName: 'Mine' } },
    { mutation: 'updateUnit', input: { reshId: units.siblingClinic, shortName: 'Not mine' } },
  ],
  'scope over the parent of a new unit': [
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
  'scope over the old or new parent': [
    { mutation: 'reopenUnit', input: { reshId: allUnits.closedWard } },
    { mutation: 'reopenUnit', input: { reshId: allUnits.closedWard, newParentReshId: units.secondClinic } },
  ],
  'scope over the parents of the sources, and the target': [
    { mutation: 'mergeUnits', input: { sourceReshIds: [units.ward], targetReshId: units.secondWard } },
    { mutation: 'mergeUnits', input: { sourceReshIds: [units.ward], targetReshId: units.secondClinic } },
  ],
  'the scope that each step needs': [
    { mutation: 'reorganize', input: { steps: [{ updateUnit: { unit: { reshId: units.ward }, shortName: 'Mine' } }] } },
    {
      mutation: 'reorganize',
      input: {
        steps: [
          { updateUnit: { unit: { reshId: units.ward }, shortName: 'Mine' } },
          { updateUnit: { unit: { reshId: units.siblingClinic }, shortName: 'Not mine' } },
        ],
      },
    },
  ],
  'scope over a legal entity, or a national role': [
    {
      mutation: 'registerTreatmentSite',
      input: { organizationNumber: numbers.unregistered, name: 'Mine', legalEntityReshId: units.clinic },
    },
    { mutation: 'registerTreatmentSite', input: { organizationNumber: numbers.unregistered, name: 'Nobody’s' } },
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

function toDryRun({ mutation, input }: Attempt): Attempt {
  return { mutation, input: { ...input, dryRun: true } } as unknown as Attempt;
}

describe.each(Object.entries(attemptsByRule))(
  'an allowed and a denied change in one request, by %s',
  (_rule, [allowedAttempt, deniedAttempt]) => {
    it.each([
      ['the allowed one first', [allowedAttempt, deniedAttempt]],
      ['the denied one first', [deniedAttempt, allowedAttempt]],
      ['the denied one in the middle', [allowedAttempt, deniedAttempt, allowedAttempt]],
    ] as const)('%s', async (_order, attempts) => {
      const digestBefore = await readTableDigests(database);
      const { responses, neighbour } = await sendAttempts(findClient('clinic'), attempts.map(toDryRun));

      expect(neighbour).toBe('Mutation');

      responses.forEach(({ code, payload }, index) => {
        const isAllowed = attempts[index] === allowedAttempt;
        expect(code).toBe(isAllowed ? undefined : 'FORBIDDEN');
        expect(payload && [payload.userErrors, payload.impact !== null]).toEqual(isAllowed ? [[], true] : null);
      });
      expect(withoutSequences(await readTableDigests(database))).toEqual(withoutSequences(digestBefore));
    });
  },
);

describe('committed changes of a request', () => {
  const revision = async (): Promise<number> => (await database.prisma.change.findMany()).length;
  const readShortName = async (reshId: number): Promise<string | null | undefined> =>
    (
      await database.prisma.unitVersion.findFirst({
        where: { reshId, supersededRev: null },
        orderBy: { validFrom: 'desc' },
      })
    )?.shortName;

  it.each([
    ['first', 0],
    ['last', 1],
  ])('are only the allowed ones, with the denied one %s', async (_order, index) => {
    const before = await revision();
    const allowedAttempt: Attempt = {
      mutation: 'updateUnit',
      input: { reshId: units.ward, shortName: `Mine ${index}` },
    };
    const deniedAttempt: Attempt = {
      mutation: 'updateUnit',
      input: { reshId: units.siblingClinic, shortName: 'Not mine' },
    };

    const { responses } = await sendAttempts(
      findClient('clinic'),
      index === 0 ? [deniedAttempt, allowedAttempt] : [allowedAttempt, deniedAttempt],
    );

    expect(responses.map(({ code }) => code)).toEqual(
      index === 0 ? ['FORBIDDEN', undefined] : [undefined, 'FORBIDDEN'],
    );
    expect(responses.find(({ payload }) => payload)?.payload?.change).toEqual({ revision: before + 1 });
    expect(await revision()).toBe(before + 1);
    expect([await readShortName(units.ward), await readShortName(units.siblingClinic)]).toEqual([
      `Mine ${index}`,
      null,
    ]);
  });

  it('stop after the user has revoked their own access', async () => {
    const before = await revision();
    const change: Attempt = { mutation: 'updateUnit', input: { reshId: units.ward, shortName: 'Too late' } };
    const revokeOwn: Attempt = {
      mutation: 'revokeAccess',
      input: { subject: subjects.clinic, role: 'ADMINISTRATOR', reshId: units.clinic },
    };

    const { responses } = await sendAttempts(findClient('clinic'), [revokeOwn, change, revokeOwn]);

    expect(responses.map(({ code }) => code)).toEqual([undefined, 'FORBIDDEN', 'FORBIDDEN']);
    expect(await revision()).toBe(before + 1);
    expect(await readShortName(units.ward)).toBe('Mine 1');
  });

  it('continue after the user has received access', async () => {
    const change: Attempt = { mutation: 'updateUnit', input: { reshId: units.secondClinic, shortName: 'Mine now' } };
    const grant: Attempt = {
      mutation: 'grantAccess',
      input: { subject: subjects.trust, role: 'ADMINISTRATOR', reshId: units.siblingTrust },
    };
    const sibling: Attempt = { mutation: 'updateUnit', input: { reshId: units.siblingClinic, shortName: 'Mine now' } };

    expect(
      (await sendAttempts(findClient('trust'), [change, sibling, grant])).responses.map(({ code }) => code),
    ).toEqual([undefined, 'FORBIDDEN', 'FORBIDDEN']);

    await sendAttempts(findClient('regional'), [grant]);
    expect((await sendAttempts(findClient('trust'), [sibling])).responses.map(({ code }) => code)).toEqual([undefined]);
    expect(await readShortName(units.siblingClinic)).toBe('Mine now');
  });
});
