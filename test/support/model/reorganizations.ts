import fc from 'fast-check';
import type { ReorganizeStepInput } from '../../../src/domain/plan/change-input.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { subjects, units } from '../world/world.ts';
import type { MutationRequest } from './mutations.ts';
import { mutationDays } from './mutations.ts';

/** A unit that a step may name: by its RESH-id, or where an earlier step opens it, by its key. */
export interface UnitReference {
  readonly reshId: number;
  readonly key?: string;
}

/** What random numbers ask for; which units are meant depends on those that there are by then. */
export interface StepDraw {
  readonly kind: 'move' | 'update' | 'create' | 'close' | 'merge' | 'split' | 'setCodes' | 'withdraw';
  readonly picks: readonly number[];
  readonly isWide: boolean;
  readonly isNew: boolean;
  readonly day: Day;
}

/** Wishes for single mutations: merges, splits, closings with successors and withdrawals mostly. */
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

/** Wishes for steps of a reorganization: a withdrawal is none. */
export const stepDraws = arbitraryDraw(['move', 'move', 'update', 'create', 'close', 'merge', 'split', 'setCodes']);

/** A step, and the same as a mutation of its own; `opens` says how many units it is to open, and by which keys. */
export interface BuiltStep {
  readonly step: ReorganizeStepInput | null;
  readonly request: MutationRequest;
  readonly openedKeys: readonly string[];
}

/**
 * What a wish comes to.
 *
 * @param knownUnits units to choose from
 * @param findChildren a unit, from the day of the wish on
 * @param day on which it takes effect
 * @param keys of the units that it opens
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
        'move',
        { ...buildReference('resh', unit), ...buildReference('newParentResh', other) },
        { name: 'moveUnit', input: { ...common, reshId: unit.reshId, newParentReshId: other.reshId } },
      );
    case 'update': {
      const facts = { name: isWide ? 'Renamed' : 'Named anew', ...(isNew && { organizationNumber: null }) };
      return createStep(
        'update',
        { ...buildReference('resh', unit), ...facts },
        { name: 'updateUnit', input: { ...common, reshId: unit.reshId, ...facts } },
      );
    }
    case 'setCodes': {
      const add = [{ codeSet: 8451, code: isWide ? '010' : '020' }];
      return createStep(
        'setCodes',
        { ...buildReference('resh', unit), add },
        { name: 'setUnitCodes', input: { ...common, reshId: unit.reshId, add } },
      );
    }
    case 'create':
      return createStep(
        'create',
        { ...buildReference('parentResh', unit), key: first, name: 'Created' },
        { name: 'createDepartment', input: { ...common, parentReshId: unit.reshId, name: 'Created' } },
        [first],
      );
    case 'close': {
      const successors = isNew ? [other, ...(isWide ? [third] : [])] : [];
      return createStep(
        'close',
        {
          ...buildReference('resh', unit),
          withDescendants: isWide,
          ...buildReferences('successorReshIds', 'successorKeys', successors),
        },
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
      const sourceReferences = buildReferences('sourceReshIds', 'sourceKeys', sources);
      if (!isNew)
        return createStep(
          'merge',
          { ...sourceReferences, ...buildReference('targetResh', third) },
          { name: 'mergeUnits', input: { ...common, ...sourceIds, targetReshId: third.reshId } },
        );
      return createStep(
        'merge',
        { ...sourceReferences, target: { key: first, name: 'Merged', ...buildReference('parentResh', third) } },
        {
          name: 'mergeUnits',
          input: { ...common, ...sourceIds, target: { name: 'Merged', parentReshId: third.reshId } },
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
        ...buildReference('resh', unit),
        keepSource,
        into: [
          { key: first, name: 'Part', ...buildReferences('childReshIds', 'childKeys', newUnitChildren) },
          isNew
            ? { key: second, name: 'Other part', ...buildReferences('childReshIds', 'childKeys', otherUnitChildren) }
            : { ...buildReference('resh', other), ...buildReferences('childReshIds', 'childKeys', otherUnitChildren) },
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
      return createStep('split', step, { name: 'splitUnit', input }, isNew ? [first, second] : [first]);
    }
  }
}

function buildReference(field: 'resh' | 'parentResh' | 'newParentResh' | 'targetResh', { reshId, key }: UnitReference) {
  const name = field === 'resh' ? 'resh' : field.replace('Resh', '');
  return key === undefined ? { [`${field}Id`]: reshId } : { [`${name}Key`]: key };
}

function buildReferences(ids: string, keys: string, references: readonly UnitReference[]) {
  return {
    [ids]: references.flatMap(({ reshId, key }) => (key === undefined ? [reshId] : [])),
    [keys]: references.flatMap(({ key }) => (key === undefined ? [] : [key])),
  };
}

function listReshIds(references: readonly UnitReference[]): number[] {
  return references.map(({ reshId }) => reshId);
}
