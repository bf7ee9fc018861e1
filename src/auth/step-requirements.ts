import type { ChangeInputs } from '../domain/plan/change-input.ts';
import type { Day } from '../domain/time/day.ts';
import {
  byAdministrators,
  closeNeeds,
  mergeNeeds,
  moveNeeds,
  overNewUnit,
  partNeeds,
  targetNeeds,
  updateNeeds,
} from './change-requirements.ts';
import { fromDayOn, givesSpecialist, operator, overUnit, overUnitOrSpecialist, typeOf } from './requirements.ts';
import type { ScopeReader, ScopeRow } from './scope-reader.ts';
import type { Need } from './scope.ts';

type Step = ChangeInputs['reorganize']['steps'][number];

/** What is known of a unit that a step opens, before there is one. */
interface ToBeOpened {
  readonly type: ScopeRow['type'] | undefined;
  /** What its opening needs: scope over its parent, so that whoever has it has scope over the unit too */
  readonly needs: readonly Need[];
}

/**
 * What the steps of a reorganization need, each judged on the paths that hold before any of them; a unit that a step opens needs
 * what its parent does, wherever a later step names it by its key.
 */
export const stepNeeds = async (
  steps: readonly Step[],
  effectiveOn: Day | null | undefined,
  reader: ScopeReader,
): Promise<Need[]> => {
  const opened = new Map<string, ToBeOpened>();
  const known = (key: string | null | undefined): ToBeOpened | undefined =>
    typeof key === 'string' ? opened.get(key) : undefined;
  const ofKey = (key: string | null | undefined): readonly Need[] => known(key)?.needs ?? [];
  const day = effectiveOn ?? reader.today;
  const remember = (key: string | null | undefined, unit: ToBeOpened): void => {
    if (typeof key === 'string') opened.set(key, unit);
  };

  const needsOf = async ({ move, update, create, close, merge, split, setCodes }: Step): Promise<readonly Need[]> => {
    if (move) {
      const { reshId, newParentReshId, newParentKey } = move;
      if (typeof reshId === 'number')
        return [...(await moveNeeds({ reshId, newParentReshId, effectiveOn }, reader)), ...ofKey(newParentKey)];
      const isRoot = newParentReshId === null && typeof newParentKey !== 'string';
      return [
        ...ofKey(move.reshKey),
        ...ofKey(newParentKey),
        ...(typeof newParentReshId === 'number' ? await overUnit(newParentReshId, reader) : []),
        ...(isRoot ? [operator('making a unit a root')] : []),
      ];
    }
    if (update) {
      const { reshId } = update;
      return typeof reshId === 'number'
        ? updateNeeds({ ...update, reshId, effectiveOn }, reader)
        : [...ofKey(update.reshKey), ...givesSpecialist(update.designation)];
    }
    if (create) {
      const { parentReshId, parentKey, key, designation } = create;
      const needs = [
        ...(typeof parentReshId === 'number' ? await overUnit(parentReshId, reader) : ofKey(parentKey)),
        ...givesSpecialist(designation),
      ];
      remember(key, { type: 'DEPARTMENT', needs });
      return needs;
    }
    if (close) {
      const { reshId, withDescendants } = close;
      return typeof reshId === 'number'
        ? closeNeeds({ reshId, withDescendants, effectiveOn }, reader)
        : ofKey(close.reshKey);
    }
    if (merge) {
      const { sourceReshIds, sourceKeys, targetReshId, targetKey, target } = merge;
      const ofSources = [
        ...(await mergeNeeds({ sourceReshIds: sourceReshIds ?? [], targetReshId }, day, reader)),
        ...(sourceKeys ?? []).flatMap(ofKey),
      ];
      if (!target) return [...ofSources, ...ofKey(targetKey)];
      const types = [
        ...(await Promise.all((sourceReshIds ?? []).map((source) => typeOf(source, reader)))),
        ...(sourceKeys ?? []).map((key) => known(key)?.type),
      ];
      const needs = [
        ...(typeof target.parentKey === 'string'
          ? ofKey(target.parentKey)
          : await overNewUnit(target.parentReshId, reader)),
        ...targetNeeds(target, types),
      ];
      const [typeOfFirst] = types;
      remember(target.key, { type: target.type ?? typeOfFirst, needs });
      return [...ofSources, ...needs];
    }
    if (split) {
      const { reshId, reshKey, into } = split;
      const type = typeof reshId === 'number' ? await typeOf(reshId, reader) : known(reshKey)?.type;
      const needs = [
        ...(typeof reshId === 'number' ? byAdministrators(await fromDayOn(reshId, day, reader)) : ofKey(reshKey)),
        ...(await partNeeds(
          into.filter((part) => typeof part.reshKey !== 'string'),
          type,
          reader,
        )),
        ...into.flatMap((part) => ofKey(part.reshKey)),
      ];
      for (const part of into) remember(part.key, { type: part.type ?? type, needs });
      return needs;
    }
    if (!setCodes) return [];
    return typeof setCodes.reshId === 'number'
      ? overUnitOrSpecialist(setCodes.reshId, reader)
      : ofKey(setCodes.reshKey);
  };

  const needs: Need[] = [];
  for (const step of steps) needs.push(...(await needsOf(step)));
  return needs;
};
