import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeInputs, MutationName } from '../../src/domain/change-input.ts';
import type { Database } from '../../src/store/database.ts';
import { tryAll, type Attempt } from '../support/attempts.ts';
import { mutationNames } from '../support/changes.ts';
import { createClient, type TestClient } from '../support/client.ts';
import { openTestDatabase } from '../support/database.ts';
import { everythingStored } from '../support/everything-stored.ts';
import { allUnits, buildScopedWorld, namedAs, people, type AnyUnit, type PersonKind } from '../support/scoped-world.ts';
import { numbers, subjects, units, worldDay } from '../support/world.ts';

// Who may make which change of which unit, written out by hand from the rules: no line of this is computed by the code's own.
// The trust's administrator is one of northTrust, the clinic's of clinic, the regional one of north, the southern one of south.

type Who = readonly PersonKind[];
const nobody: Who = [];
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

interface Cell {
  readonly title: string;
  readonly attempt: Attempt;
  readonly allowed: Who;
  /** What a refusal names: units, any of which will do, or what is nobody's but a national role's */
  readonly names: readonly AnyUnit[] | string;
  /** Codes of the user errors of whoever is allowed */
  readonly userErrors: readonly string[];
}

type Row<Name extends MutationName> = readonly [
  title: string,
  input: ChangeInputs[Name],
  allowed: Who,
  names: readonly AnyUnit[] | string,
  userErrors?: readonly string[],
];

const cells = <Name extends MutationName>(mutation: Name, rows: readonly Row<Name>[]): Cell[] =>
  rows.map(([title, input, allowed, names, userErrors = []]) => ({
    title,
    attempt: { mutation, input: { ...input, dryRun: true } } as unknown as Attempt,
    allowed,
    names,
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
    table === overParent ? [target, ...(parentOf[target] ? [parentOf[target]] : [])] : [target],
    missing.includes(target) ? ['NOT_FOUND'] : [],
  ]);

const department = { name: 'New' };
const administrator = { subject: 'new', name: 'New' };

const matrix: Readonly<Record<MutationName, readonly Cell[]>> = {
  registerOrganization: cells('registerOrganization', [
    ['a root', { name: 'New', organizationNumber: numbers.free, administrator }, operator, 'registering organizations'],
    ...(['north', 'northTrust', 'south'] as const).map((parent): Row<'registerOrganization'> => [
      `beneath ${parent}`,
      { name: 'New', organizationNumber: numbers.free, parentReshId: units[parent], administrator },
      operator,
      'registering organizations',
    ]),
  ]),
  registerContractSpecialist: cells('registerContractSpecialist', [
    [
      'north',
      { name: 'New', regionReshId: units.north },
      ['operator', 'registrar'],
      'registering contract specialists',
    ],
    [
      'south',
      { name: 'New', regionReshId: units.south },
      ['operator', 'registrar'],
      'registering contract specialists',
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
      'registering treatment sites without a legal entity',
    ],
  ]),
  createDepartment: cells('createDepartment', [
    ...each<'createDepartment'>(overUnit, (parentReshId) => ({ ...department, parentReshId })),
    ['a specialist', { ...department, parentReshId: units.clinic, designation: '61' }, operator, ['clinic']],
    [
      'a specialist with white space',
      { ...department, parentReshId: units.clinic, designation: ' 61 ' },
      operator,
      ['clinic'],
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
    ['clinic as a specialist', { reshId: units.clinic, designation: '61' }, operator, ['clinic']],
    ['clinic as a specialist with white space', { reshId: units.clinic, designation: '\t61' }, operator, ['clinic']],
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
        ['specialist', 'siblingTrust', ['operator', 'regional', 'registrar']],
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
  grantAccess: cells('grantAccess', [
    ...each<'grantAccess'>(overUnit, (reshId) => ({ ...administrator, role: 'ADMINISTRATOR', reshId })),
    ['an operator', { ...administrator, role: 'OPERATOR' }, operator, 'the role OPERATOR'],
    ['a registrar', { ...administrator, role: 'SPECIALIST_REGISTRAR' }, operator, 'the role SPECIALIST_REGISTRAR'],
    [
      'an operator of a unit',
      { ...administrator, role: 'OPERATOR', reshId: units.clinic },
      operator,
      'the role OPERATOR',
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
      'the role SPECIALIST_REGISTRAR',
    ],
    [
      'the last operator',
      { subject: subjects.operator, role: 'OPERATOR' },
      operator,
      'the role OPERATOR',
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
let stored: Record<string, string>;
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
  stored = await everythingStored(database);
});
afterAll(() => database.close());

// Numbers that a dry run took from a sequence stay taken; its rows are gone.
const tablesOf = (all: Record<string, string>) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !name.endsWith('_seq')));

const contact = String.raw`Name of [\w-]+ \([\w-]+@example\.org\)`;
const whomToAsk = new RegExp(`Ask (the national operator|${contact}( or ${contact})*)[.,]`);

const expectRefusal = (cell: Cell, person: PersonKind, code: string | undefined, message = ''): void => {
  const where = `${person}: ${cell.title}`;
  expect(code, where).toBe(person === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  if (person === 'nobody') return void expect(message, where).toContain('Authorization: Bearer');
  expect(message, where).toMatch(whomToAsk);
  if (typeof cell.names === 'string') return void expect(message, where).toContain(cell.names);
  const isNamed = cell.names.some((unit) => message.includes(namedAs(unit)));
  const namesAnything = cell.names.filter((unit) => unit !== 'unknown' && unit !== 'withdrawn').length > 0;
  const isOfDesignation = message.includes('designation 61');
  if (namesAnything) expect(isNamed || isOfDesignation, `${where}: ${message}`).toBe(true);
};

const kinds = Object.keys(people) as PersonKind[];

describe.each(kinds)('for %s', (person) => {
  it.each(mutationNames)('%s is allowed exactly where the rules say so', async (mutation) => {
    const client = clientOf(person);
    for (const cell of matrix[mutation]) {
      const { status, answers, neighbour } = await tryAll(client, [cell.attempt]);
      const [answer] = answers;
      const now = await everythingStored(database);
      expect({ status, neighbour }).toEqual({ status: 200, neighbour: 'Mutation' });

      if (cell.allowed.includes(person)) {
        expect([answer?.code, answer?.message], `${person}: ${cell.title}`).toEqual([undefined, undefined]);
        expect(
          answer?.payload?.userErrors.map(({ code }) => code),
          `${person}: ${cell.title}`,
        ).toEqual(cell.userErrors);
        expect(tablesOf(now)).toEqual(tablesOf(stored));
      } else {
        expect(answer?.payload).toBeNull();
        expectRefusal(cell, person, answer?.code, answer?.message);
        expect(now).toEqual(stored);
      }
      stored = now;
    }
  });
});

it('has rows for every mutation, and somebody for whom each is refused', () => {
  expect(Object.entries(matrix).filter(([, rows]) => rows.length === 0)).toEqual([]);
  expect(nobody).toEqual([]);
});
