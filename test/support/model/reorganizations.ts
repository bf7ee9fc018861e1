import fc from 'fast-check';
import type { ReorganizeStepInput } from '../../../src/domain/plan/change-input.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import type { Sent } from './mutations.ts';
import { mutationDays } from './mutations.ts';
import { subjects, units } from '../world.ts';

/** A unit that a step may name: by its RESH-id, or where an earlier step opens it, by its key. */
export interface Named {
  readonly reshId: number;
  readonly key?: string;
}

/** What random numbers ask for; which units are meant depends on those that there are by then. */
export interface ReorganizingWish {
  readonly kind: 'move' | 'update' | 'create' | 'close' | 'merge' | 'split' | 'setCodes' | 'withdraw';
  readonly picks: readonly number[];
  readonly isWide: boolean;
  readonly isNew: boolean;
  readonly day: Day;
}

const wishOf = (kinds: readonly ReorganizingWish['kind'][]): fc.Arbitrary<ReorganizingWish> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    picks: fc.array(fc.nat(1_000), { minLength: 4, maxLength: 4 }),
    isWide: fc.boolean(),
    isNew: fc.boolean(),
    day: fc.constantFrom(...mutationDays.slice(1)),
  });

/** Wishes for single mutations: merges, splits, closings with successors and withdrawals mostly. */
export const changeWishes = wishOf(['move', 'move', 'create', 'close', 'merge', 'merge', 'split', 'split', 'withdraw']);

/** Wishes for steps of a reorganization: a withdrawal is none. */
export const stepWishes = wishOf(['move', 'move', 'update', 'create', 'close', 'merge', 'split', 'setCodes']);

/** A step, and the same as a mutation of its own; `opens` says how many units it is to open, and by which keys. */
export interface Step {
  readonly step: ReorganizeStepInput | null;
  readonly alone: Sent;
  readonly opens: readonly string[];
}

const byId = (field: 'resh' | 'parentResh' | 'newParentResh' | 'targetResh', { reshId, key }: Named) => {
  const name = field === 'resh' ? 'resh' : field.replace('Resh', '');
  return key === undefined ? { [`${field}Id`]: reshId } : { [`${name}Key`]: key };
};
const listed = (ids: string, keys: string, named: readonly Named[]) => ({
  [ids]: named.flatMap(({ reshId, key }) => (key === undefined ? [reshId] : [])),
  [keys]: named.flatMap(({ key }) => (key === undefined ? [] : [key])),
});
const idsOf = (named: readonly Named[]): number[] => named.map(({ reshId }) => reshId);

/**
 * What a wish comes to.
 *
 * @param known units to choose from
 * @param childrenOf a unit, from the day of the wish on
 * @param day on which it takes effect
 * @param keys of the units that it opens
 */
export const stepOf = (
  { kind, picks, isWide, isNew }: ReorganizingWish,
  known: readonly Named[],
  childrenOf: (unit: Named) => readonly Named[],
  day: Day,
  keys: readonly [string, string],
): Step => {
  const pick = (place: number): Named => known[(picks[place] ?? 0) % known.length] ?? { reshId: units.clinic };
  const [unit, other, third] = [pick(0), pick(1), pick(2)];
  const [first, second] = keys;
  const common = { effectiveOn: day };
  const subject = subjects.operator;
  const sent = (alone: object): Sent => ({ subject, ...alone }) as unknown as Sent;
  const stepFor = (name: string, step: object, alone: object, opens: readonly string[] = []): Step => ({
    step: { [name]: step },
    alone: sent(alone),
    opens,
  });
  switch (kind) {
    case 'move':
      return stepFor(
        'move',
        { ...byId('resh', unit), ...byId('newParentResh', other) },
        { name: 'moveUnit', input: { ...common, reshId: unit.reshId, newParentReshId: other.reshId } },
      );
    case 'update': {
      const facts = { name: isWide ? 'Renamed' : 'Named anew', ...(isNew && { organizationNumber: null }) };
      return stepFor(
        'update',
        { ...byId('resh', unit), ...facts },
        { name: 'updateUnit', input: { ...common, reshId: unit.reshId, ...facts } },
      );
    }
    case 'setCodes': {
      const add = [{ codeSet: 8451, code: isWide ? '010' : '020' }];
      return stepFor(
        'setCodes',
        { ...byId('resh', unit), add },
        { name: 'setUnitCodes', input: { ...common, reshId: unit.reshId, add } },
      );
    }
    case 'create':
      return stepFor(
        'create',
        { ...byId('parentResh', unit), key: first, name: 'Created' },
        { name: 'createDepartment', input: { ...common, parentReshId: unit.reshId, name: 'Created' } },
        [first],
      );
    case 'close': {
      const successors = isNew ? [other, ...(isWide ? [third] : [])] : [];
      return stepFor(
        'close',
        { ...byId('resh', unit), withDescendants: isWide, ...listed('successorReshIds', 'successorKeys', successors) },
        {
          name: 'closeUnit',
          input: { ...common, reshId: unit.reshId, withDescendants: isWide, successorReshIds: idsOf(successors) },
        },
      );
    }
    case 'withdraw':
      return { step: null, alone: sent({ name: 'withdrawUnit', input: { reshId: unit.reshId } }), opens: [] };
    case 'merge': {
      const sources = isWide ? [unit, other] : [unit];
      const sourceIds = { sourceReshIds: idsOf(sources) };
      const named = listed('sourceReshIds', 'sourceKeys', sources);
      if (!isNew)
        return stepFor(
          'merge',
          { ...named, ...byId('targetResh', third) },
          { name: 'mergeUnits', input: { ...common, ...sourceIds, targetReshId: third.reshId } },
        );
      return stepFor(
        'merge',
        { ...named, target: { key: first, name: 'Merged', ...byId('parentResh', third) } },
        {
          name: 'mergeUnits',
          input: { ...common, ...sourceIds, target: { name: 'Merged', parentReshId: third.reshId } },
        },
        [first],
      );
    }
    case 'split': {
      const children = childrenOf(unit);
      const half = isWide ? 0 : Math.ceil(children.length / 2);
      const [ofNew, ofOther] = [children.slice(half), children.slice(0, half)];
      const keepSource = (picks[3] ?? 0) % 3 === 0;
      const step = {
        ...byId('resh', unit),
        keepSource,
        into: [
          { key: first, name: 'Part', ...listed('childReshIds', 'childKeys', ofNew) },
          isNew
            ? { key: second, name: 'Other part', ...listed('childReshIds', 'childKeys', ofOther) }
            : { ...byId('resh', other), ...listed('childReshIds', 'childKeys', ofOther) },
        ],
      };
      const input = {
        ...common,
        reshId: unit.reshId,
        keepSource,
        into: [
          { name: 'Part', childReshIds: idsOf(ofNew) },
          isNew
            ? { name: 'Other part', childReshIds: idsOf(ofOther) }
            : { reshId: other.reshId, childReshIds: idsOf(ofOther) },
        ],
      };
      return stepFor('split', step, { name: 'splitUnit', input }, isNew ? [first, second] : [first]);
    }
  }
};
