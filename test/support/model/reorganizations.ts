import fc from 'fast-check';
import type { ReorganizeStepInput, UnitRefInput } from '../../../src/domain/plan/change-input.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { subjects, units } from '../world/world.ts';
import { mutationDays } from './mutation-draws.ts';
import type { MutationRequest } from './mutations.ts';

/** A unit that a step may refer to: by its RESH-id, or by its key if an earlier step creates it. */
export interface UnitReference {
  readonly reshId: number;
  readonly key?: string;
}

/** A random draw. It is resolved to units when the step is built, from those that exist then. */
export interface StepDraw {
  readonly kind: 'move' | 'update' | 'create' | 'close' | 'merge' | 'split' | 'setCodes' | 'withdraw';
  readonly picks: readonly number[];
  readonly isWide: boolean;
  readonly isNew: boolean;
  readonly day: Day;
}

/** Draws of single mutations: mostly merges, splits, closings with successors, and withdrawals. */
export const changeDraws = arbitraryDraw([
  'move',
  'move',
  'create',
  'close',
  'merge',
  'merge',
  'split',
  'split',
  'withdraw',
]);

function arbitraryDraw(kinds: readonly StepDraw['kind'][]): fc.Arbitrary<StepDraw> {
  return fc.record({
    kind: fc.constantFrom(...kinds),
    picks: fc.array(fc.nat(1_000), { minLength: 4, maxLength: 4 }),
    isWide: fc.boolean(),
    isNew: fc.boolean(),
    day: fc.constantFrom(...mutationDays.slice(1)),
  });
}

/** Draws of the steps of a reorganization, which has no withdrawals. */
export const stepDraws = arbitraryDraw(['move', 'move', 'update', 'create', 'close', 'merge', 'split', 'setCodes']);

/** A step, the equivalent mutation, and the keys of the units that the step creates. */
export interface BuiltStep {
  readonly step: ReorganizeStepInput | null;
  readonly request: MutationRequest;
  readonly openedKeys: readonly string[];
}

/**
 * Builds the step that a draw describes.
 *
 * @param knownUnits units to choose from
 * @param findChildren returns the children of a unit from the day of the step on
 * @param day day on which the step takes effect
 * @param keys keys of the units that the step creates
 */
export function buildStep(
  { kind, picks, isWide, isNew }: StepDraw,
  knownUnits: readonly UnitReference[],
  findChildren: (unit: UnitReference) => readonly UnitReference[],
  day: Day,
  keys: readonly [string, string],
): BuiltStep {
  const pick = (index: number): UnitReference =>
    knownUnits[(picks[index] ?? 0) % knownUnits.length] ?? { reshId: units.clinic };
  const [unit, other, third] = [pick(0), pick(1), pick(2)];
  const [first, second] = keys;
  const common = { effectiveOn: day };
  const subject = subjects.operator;
  const toRequest = (mutation: object): MutationRequest => ({ subject, ...mutation }) as unknown as MutationRequest;
  const createStep = (name: string, step: object, mutation: object, openedKeys: readonly string[] = []): BuiltStep => ({
    step: { [name]: step },
    request: toRequest(mutation),
    openedKeys,
  });
  switch (kind) {
    case 'move':
      return createStep(
        'moveUnit',
        { unit: toReference(unit), newParent: toReference(other) },
        { name: 'moveUnit', input: { ...common, reshId: unit.reshId, newParentReshId: other.reshId } },
      );
    case 'update': {
      const facts = { name: isWide ? 'Renamed' : 'New name', ...(isNew && { organizationNumber: null }) };
      return createStep(
        'updateUnit',
        { unit: toReference(unit), ...facts },
        { name: 'updateUnit', input: { ...common, reshId: unit.reshId, ...facts } },
      );
    }
    case 'setCodes': {
      const add = [{ codeSet: 8451, code: isWide ? '010' : '020' }];
      return createStep(
        'updateUnitCodes',
        { unit: toReference(unit), add },
        { name: 'updateUnitCodes', input: { ...common, reshId: unit.reshId, add } },
      );
    }
    case 'create':
      return createStep(
        'createDepartment',
        { parent: toReference(unit), key: first, name: 'Created' },
        { name: 'createDepartment', input: { ...common, parentReshId: unit.reshId, name: 'Created' } },
        [first],
      );
    case 'close': {
      const successors = isNew ? [other, ...(isWide ? [third] : [])] : [];
      return createStep(
        'closeUnit',
        { unit: toReference(unit), withDescendants: isWide, successors: successors.map(toReference) },
        {
          name: 'closeUnit',
          input: { ...common, reshId: unit.reshId, withDescendants: isWide, successorReshIds: listReshIds(successors) },
        },
      );
    }
    case 'withdraw':
      return {
        step: null,
        request: toRequest({ name: 'withdrawUnit', input: { reshId: unit.reshId } }),
        openedKeys: [],
      };
    case 'merge': {
      const sources = isWide ? [unit, other] : [unit];
      const sourceIds = { sourceReshIds: listReshIds(sources) };
      const sourceReferences = sources.map(toReference);
      if (!isNew)
        return createStep(
          'mergeUnits',
          { sources: sourceReferences, target: toReference(third) },
          { name: 'mergeUnits', input: { ...common, ...sourceIds, targetReshId: third.reshId } },
        );
      return createStep(
        'mergeUnits',
        { sources: sourceReferences, newTarget: { key: first, name: 'Merged', parent: toReference(third) } },
        {
          name: 'mergeUnits',
          input: { ...common, ...sourceIds, newTarget: { name: 'Merged', parentReshId: third.reshId } },
        },
        [first],
      );
    }
    case 'split': {
      const children = findChildren(unit);
      const half = isWide ? 0 : Math.ceil(children.length / 2);
      const [newUnitChildren, otherUnitChildren] = [children.slice(half), children.slice(0, half)];
      const keepSource = (picks[3] ?? 0) % 3 === 0;
      const step = {
        unit: toReference(unit),
        keepSource,
        into: [
          { key: first, name: 'Part', children: newUnitChildren.map(toReference) },
          isNew
            ? { key: second, name: 'Other part', children: otherUnitChildren.map(toReference) }
            : { unit: toReference(other), children: otherUnitChildren.map(toReference) },
        ],
      };
      const input = {
        ...common,
        reshId: unit.reshId,
        keepSource,
        into: [
          { name: 'Part', childReshIds: listReshIds(newUnitChildren) },
          isNew
            ? { name: 'Other part', childReshIds: listReshIds(otherUnitChildren) }
            : { reshId: other.reshId, childReshIds: listReshIds(otherUnitChildren) },
        ],
      };
      return createStep('splitUnit', step, { name: 'splitUnit', input }, isNew ? [first, second] : [first]);
    }
  }
}

function toReference({ reshId, key }: UnitReference): UnitRefInput {
  return key === undefined ? { reshId } : { key };
}

function listReshIds(references: readonly UnitReference[]): number[] {
  return references.map(({ reshId }) => reshId);
}
