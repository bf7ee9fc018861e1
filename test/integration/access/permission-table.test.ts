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
      contextValue: createContext(register.database, worldDay, subject === null ? null : { subject, name: null }),
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

/** Inputs that the clinic's administrator may send, or a national role if no administrator may. */
const allowedInputs: Readonly<Record<MutationName, object>> = {
  registerOrganization: { name: 'New', organizationNumber: '974749025', administrator: { subject: 'x', name: 'X' } },
  registerContractSpecialist: { name: 'New', regionReshId: ward },
  registerTreatmentSite: { organizationNumber: '974749025', name: 'New', legalEntityReshId: ward },
  createDepartment: { name: 'New', parentReshId: ward },
  updateUnit: ownUnit,
  moveUnit: { reshId: ward, newParentReshId: units.secondWard },
  closeUnit: ownUnit,
  reopenUnit: ownUnit,
  mergeUnits: { sourceReshIds: [ward] },
  splitUnit: { reshId: ward, into: [otherOwnUnit] },
  withdrawUnit: ownUnit,
  reorganize: { steps: [] },
  setUnitCodes: ownUnit,
  connectTreatmentSite: { reshId: ward, organizationNumber: '974747138' },
  disconnectTreatmentSite: ownUnit,
  setIdentifier: { reshId: ward, system: 'urn:oid:1.2.3' },
  setMappingNode: { systemId: 'urn:x', nodeId: '1', name: 'New', reshId: ward },
  removeMappingNode: { systemId: 'urn:x', nodeId: '1' },
  grantAccess: administratorGrant('x', ward),
  revokeAccess: administratorGrant('x', ward),
  undoChange: { revision: 1 },
};
const nationalOnly: readonly MutationName[] = ['registerOrganization', 'registerContractSpecialist'];

/** Inputs of each step of a reorganization that the clinic's administrator may send. */
const allowedSteps: Readonly<Record<string, object>> = {
  move: { reshId: ward, newParentReshId: units.secondWard },
  update: ownUnit,
  create: { name: 'New', parentReshId: ward },
  close: ownUnit,
  merge: { sourceReshIds: [ward] },
  split: { reshId: ward, into: [otherOwnUnit] },
  setCodes: ownUnit,
};

/** Fields that name units without changing them, with the reason. */
const unrestrictedFields: Readonly<Record<string, string>> = {
  'closeUnit successorReshIds.0': 'a successor is named, and does not change',
  'reorganize steps.0.close.successorReshIds.0': 'a successor is named, and does not change',
  'splitUnit into.0.childReshIds.0': 'only children of the unit that is split are taken',
  'reorganize steps.0.split.into.0.childReshIds.0': 'only children of the unit that is split are taken',
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

  it('exists in every input except those of removeMappingNode and undoChange', () => {
    expect(names.filter((name) => !unitFields.some((unitField) => unitField.name === name))).toEqual([
      'removeMappingNode',
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

  const opening = { create: { key: 'new', name: 'New', parentReshId: ward } };
  const merging = {
    merge: {
      sourceReshIds: [ward],
      target: { key: 'new', type: 'ORGANIZATION', name: 'New', parentReshId: units.clinic },
    },
  };
  it.each([
    ['the parent to move it to', [opening, { move: { reshKey: 'new', newParentReshId: foreignUnit } }]],
    ['the part to split it into', [opening, { split: { reshKey: 'new', into: [{ reshId: foreignUnit }] } }]],
    ['the unit to merge it into', [opening, { merge: { sourceKeys: ['new'], targetReshId: foreignUnit } }]],
    ['the unit merged into it', [opening, { merge: { sourceReshIds: [foreignUnit], targetKey: 'new' } }]],
    ['the unit moved under it', [opening, { move: { reshId: foreignUnit, newParentKey: 'new' } }]],
    ['the root as its new parent', [merging, { move: { reshKey: 'new', newParentReshId: null } }]],
    [
      'a new organization as its part',
      [opening, { split: { reshKey: 'new', into: [{ type: 'ORGANIZATION', name: 'X' }] } }],
    ],
    ['an organization as its part by its own type', [merging, { split: { reshKey: 'new', into: [{ name: 'X' }] } }]],
    [
      'the parent it was created under',
      [{ create: { ...opening.create, parentReshId: foreignUnit } }, { update: { reshKey: 'new' } }],
    ],
  ])('is checked for scope next to a unit created by a step: %s', async (_what, steps) => {
    expect(await findUnmet('reorganize', { steps })).toBeDefined();
  });

  it.each([
    ['moved', { move: { reshKey: 'new', newParentReshId: units.clinic } }],
    ['changed', { update: { reshKey: 'new', name: 'Other' } }],
    ['split', { split: { reshKey: 'new', into: [{ name: 'X' }, otherOwnUnit] } }],
    ['merged', { merge: { sourceKeys: ['new'], targetReshId: units.secondWard } }],
    ['given codes', { setCodes: { reshKey: 'new', add: [] } }],
    ['closed', { close: { reshKey: 'new' } }],
  ])('lets a unit created in scope by a step be %s', async (_what, step) => {
    expect(await findUnmet('reorganize', { steps: [opening, step] })).toBeUndefined();
  });
});
