import {
  extendSchema,
  getNamedType,
  graphql,
  isInputObjectType,
  isListType,
  isNonNullType,
  parse,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createScopeReader } from '../../../src/auth/authorizer.ts';
import { withAuthorization } from '../../../src/auth/middleware.ts';
import { permissions } from '../../../src/auth/permissions.ts';
import { findUnmetRequirement } from '../../../src/auth/scope.ts';
import { createContext } from '../../../src/context.ts';
import type { MutationName } from '../../../src/domain/plan/change-input.ts';
import { schema } from '../../../src/schema/index.ts';
import { administratorGrant } from '../../support/builders/mutation-inputs.ts';
import { readTableDigests } from '../../support/database/table-digests.ts';
import { buildWorld, subjects, units, worldStart, worldDay } from '../../support/world/world.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const mutations = schema.getMutationType()?.getFields() ?? {};
const names = Object.keys(mutations) as MutationName[];

it('has an entry for every mutation of the schema and nothing else', () => {
  expect(names.length).toBeGreaterThan(0);
  expect(Object.keys(permissions).sort()).toEqual([...names].sort());
});

describe('mutation without an entry', () => {
  const register = useRegister({ fill: buildWorld });

  // A schema with an additional mutation without a line in the permission table; it records that it ran.
  const extendWithMutation = (calls: string[]): GraphQLSchema => {
    const copy = extendSchema(schema, parse('extend type Mutation { eraseUnit(input: String): String }'));
    const field = copy.getMutationType()?.getFields()['eraseUnit'];
    if (field) field.resolve = () => calls.push('eraseUnit').toString();
    return withAuthorization(copy);
  };

  it.each([...Object.values(subjects), 'stranger', null])('is denied to %s', async (subject) => {
    const calls: string[] = [];
    const before = await readTableDigests(register.database);
    const answer = await graphql({
      schema: extendWithMutation(calls),
      source: `mutation {
        first: eraseUnit(input: "1")
        allowed: updateUnit(input: { reshId: ${units.ward}, shortName: "New", dryRun: true }) { userErrors { code } }
        second: eraseUnit
      }`,
      contextValue: createContext(register.database, worldDay, subject === null ? null : { subject, name: null }, 'en'),
    });

    const denied = answer.errors?.filter(({ path }) => path?.[0] !== 'allowed');
    expect(answer.data).toMatchObject({ first: null, second: null });
    expect(denied?.map(({ path, message, extensions }) => ({ path, message, code: extensions['code'] }))).toEqual(
      ['first', 'second'].map((alias) => ({
        path: [alias],
        message: 'Nobody may make this change: the permission table has no line for it.',
        code: 'FORBIDDEN',
      })),
    );
    expect(denied?.[0]).not.toBe(denied?.[1]);
    expect(answer.data?.['allowed'] !== null).toBe(
      subject !== null && !['stranger', subjects.registrar, subjects.south].includes(subject),
    );
    expect(calls).toEqual([]);
    expect((await readTableDigests(register.database))['change']).toBe(before['change']);
  });

  it('is detected at startup when a mutation has no resolver of its own', () => {
    const copy = extendSchema(schema, parse('extend type Mutation { eraseUnit: String }'));
    expect(() => withAuthorization(copy)).toThrow('Mutation.eraseUnit has no resolver or no authorization rule.');
  });
});

// Positions in an input that can name a unit: the path, and whether it is in a list.
type InputPath = readonly (string | number)[];

function listUnitPaths(type: GraphQLInputType, path: InputPath = []): InputPath[] {
  if (isNonNullType(type)) return listUnitPaths(type.ofType, path);
  if (isListType(type)) return listUnitPaths(type.ofType, [...path, 0]);
  if (getNamedType(type).name === 'ReshId') return [path];
  if (!isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => listUnitPaths(field.type, [...path, field.name]));
}

function buildInputAt(path: InputPath, value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  return typeof first === 'number' ? [buildInputAt(rest, value)] : { [first]: buildInputAt(rest, value) };
}

function mergeDeep(base: unknown, override: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(override)) return [mergeDeep(base[0], override[0])];
  if (typeof base !== 'object' || base === null || typeof override !== 'object' || override === null) return override;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(override)) result[key] = mergeDeep(result[key], value);
  return result;
}

const ward = units.ward;
const foreignUnit = units.southClinic;
const ownUnit = { reshId: ward };
const otherOwnUnit = { reshId: units.secondWard };
const ownUnitStep = { unit: ownUnit };

/** Inputs that the clinic's administrator may send, or a national role if no administrator may. */
const allowedInputs: Readonly<Record<MutationName, object>> = {
  registerOrganization: { name: 'New', organizationNumber: '974749025', administrator: { subject: 'x', name: 'X' } },
  registerContractSpecialist: { name: 'New', regionReshId: ward },
  registerTreatmentSite: { organizationNumber: '974749025', name: 'New', legalEntityReshId: ward },
  updateTreatmentSite: { organizationNumber: '974749025', legalEntityReshId: ward },
  closeTreatmentSite: { organizationNumber: '974749025' },
  reopenTreatmentSite: { organizationNumber: '974749025' },
  createDepartment: { name: 'New', parentReshId: ward },
  updateUnit: ownUnit,
  moveUnit: { reshId: ward, newParentReshId: units.secondWard },
  closeUnit: ownUnit,
  reopenUnit: ownUnit,
  mergeUnits: { sourceReshIds: [ward] },
  splitUnit: { reshId: ward, into: [otherOwnUnit] },
  withdrawUnit: ownUnit,
  reorganize: { steps: [] },
  updateUnitCodes: ownUnit,
  connectTreatmentSite: { reshId: ward, organizationNumber: '974747138' },
  disconnectTreatmentSite: ownUnit,
  setIdentifier: { reshId: ward, system: 'urn:oid:1.2.3', value: '1' },
  removeIdentifier: { reshId: ward, system: 'urn:oid:1.2.3' },
  setMappingNode: { systemId: 'urn:x', nodeId: '1', name: 'New', reshId: ward },
  removeMappingNode: { systemId: 'urn:x', nodeId: '1' },
  grantAccess: administratorGrant('x', ward),
  revokeAccess: administratorGrant('x', ward),
  undoChange: { revision: 1 },
};
const nationalOnly: readonly MutationName[] = ['registerOrganization', 'registerContractSpecialist'];

/** Inputs of each step of a reorganization that the clinic's administrator may send. */
const allowedSteps: Readonly<Record<string, object>> = {
  moveUnit: { unit: { reshId: ward }, newParent: { reshId: units.secondWard } },
  updateUnit: ownUnitStep,
  createDepartment: { name: 'New', parent: { reshId: ward } },
  closeUnit: ownUnitStep,
  mergeUnits: { sources: [{ reshId: ward }] },
  splitUnit: { unit: { reshId: ward }, into: [{ unit: otherOwnUnit }] },
  updateUnitCodes: ownUnitStep,
};

/** Fields that name units without changing them, with the reason. */
const unrestrictedFields: Readonly<Record<string, string>> = {
  'closeUnit successorReshIds.0': 'a successor is named, and does not change',
  'reorganize steps.0.closeUnit.successors.0.reshId': 'a successor is named, and does not change',
  'splitUnit into.0.childReshIds.0': 'only children of the unit that is split are taken',
  'reorganize steps.0.splitUnit.into.0.children.0.reshId': 'only children of the unit that is split are taken',
};

const unitFields = names.flatMap((name) => {
  const input = mutations[name]?.args.find((arg) => arg.name === 'input')?.type;
  return input ? listUnitPaths(input).map((path) => ({ name, path, text: `${name} ${path.join('.')}` })) : [];
});
const restrictedFields = unitFields.filter(({ text }) => unrestrictedFields[text] === undefined);

function buildBaseInput(name: MutationName, path: InputPath): unknown {
  const step = name === 'reorganize' ? String(path[2]) : undefined;
  return step === undefined ? allowedInputs[name] : { steps: [{ [step]: allowedSteps[step] }] };
}

describe('unit field of an input', () => {
  const register = useRegister({ fill: buildWorld });

  const grants = [{ role: 'ADMINISTRATOR' as const, reshId: units.clinic, from: worldStart, to: null }];
  const findUnmet = (name: MutationName, input: unknown) =>
    register.database.transaction(async (tx) =>
      findUnmetRequirement(grants, await permissions[name](input as never, createScopeReader(tx, worldDay))),
    );

  it('exists in every input except those that name a node, a site or a revision', () => {
    expect(names.filter((name) => !unitFields.some((unitField) => unitField.name === name))).toEqual([
      'closeTreatmentSite',
      'removeMappingNode',
      'reopenTreatmentSite',
      'undoChange',
    ]);
    expect(
      Object.keys(unrestrictedFields).filter((text) => !unitFields.some((unitField) => unitField.text === text)),
    ).toEqual([]);
  });

  it.each(names)('of %s accepts a unit in scope, except for changes of national roles', async (name) => {
    expect((await findUnmet(name, allowedInputs[name]))?.kind).toBe(nationalOnly.includes(name) ? 'role' : undefined);
  });

  it.each(Object.entries(allowedSteps))('of the step %s accepts a unit in scope', async (step, input) => {
    expect(await findUnmet('reorganize', { steps: [{ [step]: input }] })).toBeUndefined();
  });

  it.each(restrictedFields)('is checked for scope: $text', async ({ name, path }) => {
    expect(await findUnmet(name, mergeDeep(buildBaseInput(name, path), buildInputAt(path, foreignUnit)))).toBeDefined();
  });

  const opening = { createDepartment: { key: 'new', name: 'New', parent: { reshId: ward } } };
  const merging = {
    mergeUnits: {
      sources: [{ reshId: ward }],
      newTarget: { key: 'new', type: 'ORGANIZATION', name: 'New', parent: { reshId: units.clinic } },
    },
  };
  it.each([
    ['the parent to move it to', [opening, { moveUnit: { unit: { key: 'new' }, newParent: { reshId: foreignUnit } } }]],
    [
      'the part to split it into',
      [opening, { splitUnit: { unit: { key: 'new' }, into: [{ unit: { reshId: foreignUnit } }] } }],
    ],
    [
      'the unit to merge it into',
      [opening, { mergeUnits: { sources: [{ key: 'new' }], target: { reshId: foreignUnit } } }],
    ],
    [
      'the unit merged into it',
      [opening, { mergeUnits: { sources: [{ reshId: foreignUnit }], target: { key: 'new' } } }],
    ],
    ['the unit moved under it', [opening, { moveUnit: { unit: { reshId: foreignUnit }, newParent: { key: 'new' } } }]],
    ['the root as its new parent', [merging, { moveUnit: { unit: { key: 'new' }, newParent: null } }]],
    [
      'a new organization as its part',
      [opening, { splitUnit: { unit: { key: 'new' }, into: [{ type: 'ORGANIZATION', name: 'X' }] } }],
    ],
    [
      'an organization as its part by its own type',
      [merging, { splitUnit: { unit: { key: 'new' }, into: [{ name: 'X' }] } }],
    ],
    [
      'the parent it was created under',
      [
        { createDepartment: { ...opening.createDepartment, parent: { reshId: foreignUnit } } },
        { updateUnit: { unit: { key: 'new' } } },
      ],
    ],
  ])('is checked for scope next to a unit created by a step: %s', async (_what, steps) => {
    expect(await findUnmet('reorganize', { steps })).toBeDefined();
  });

  it.each([
    ['moved', { moveUnit: { unit: { key: 'new' }, newParent: { reshId: units.clinic } } }],
    ['changed', { updateUnit: { unit: { key: 'new' }, name: 'Other' } }],
    ['split', { splitUnit: { unit: { key: 'new' }, into: [{ name: 'X' }, { unit: otherOwnUnit }] } }],
    ['merged', { mergeUnits: { sources: [{ key: 'new' }], target: { reshId: units.secondWard } } }],
    ['given codes', { updateUnitCodes: { unit: { key: 'new' }, add: [] } }],
    ['closed', { closeUnit: { unit: { key: 'new' } } }],
  ])('lets a unit created in scope by a step be %s', async (_what, step) => {
    expect(await findUnmet('reorganize', { steps: [opening, step] })).toBeUndefined();
  });
});
