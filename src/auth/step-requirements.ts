import type { ChangeInputs } from '../domain/plan/change-input.ts';
import type { Day } from '../domain/time/day.ts';
import {
  excludeRegistrar,
  collectCloseRequirements,
  collectMergeRequirements,
  collectMoveRequirements,
  requireScopeForNewUnit,
  collectPartRequirements,
  collectTargetRequirements,
  collectUpdateRequirements,
} from './change-requirements.ts';
import {
  requireScopeOverParentsFrom,
  requireSpecialistDesignation,
  requireOperator,
  requireScopeOverUnit,
  requireScopeOverUnitOrSpecialist,
  readUnitType,
} from './requirements.ts';
import type { ScopeReader, ScopeVersion } from './scope-reader.ts';
import type { Requirement } from './scope.ts';

type Step = ChangeInputs['reorganize']['steps'][number];

/** What is known of a unit that a step opens, before there is one. */
interface PlannedUnit {
  readonly type: ScopeVersion['type'] | undefined;
  /** What its opening needs: scope over its parent, so that whoever has it has scope over the unit too */
  readonly requirements: readonly Requirement[];
}

/**
 * What the steps of a reorganization need, each judged on the paths that hold before any of them; a unit that a step opens needs
 * what its parent does, wherever a later step names it by its key.
 */
export async function collectStepRequirements(
  steps: readonly Step[],
  effectiveOn: Day | null | undefined,
  reader: ScopeReader,
): Promise<Requirement[]> {
  const unitsByKey = new Map<string, PlannedUnit>();
  const findByKey = (key: string | null | undefined): PlannedUnit | undefined =>
    typeof key === 'string' ? unitsByKey.get(key) : undefined;
  const collectKeyRequirements = (key: string | null | undefined): readonly Requirement[] =>
    findByKey(key)?.requirements ?? [];
  const day = effectiveOn ?? reader.today;
  const registerKey = (key: string | null | undefined, unit: PlannedUnit): void => {
    if (typeof key === 'string') unitsByKey.set(key, unit);
  };

  const collectRequirements = async ({
    move,
    update,
    create,
    close,
    merge,
    split,
    setCodes,
  }: Step): Promise<readonly Requirement[]> => {
    if (move) {
      const { reshId, newParentReshId, newParentKey } = move;
      if (typeof reshId === 'number')
        return [
          ...(await collectMoveRequirements({ reshId, newParentReshId, effectiveOn }, reader)),
          ...collectKeyRequirements(newParentKey),
        ];
      const isRoot = newParentReshId === null && typeof newParentKey !== 'string';
      return [
        ...collectKeyRequirements(move.reshKey),
        ...collectKeyRequirements(newParentKey),
        ...(typeof newParentReshId === 'number' ? await requireScopeOverUnit(newParentReshId, reader) : []),
        ...(isRoot ? [requireOperator('making a unit a root')] : []),
      ];
    }
    if (update) {
      const { reshId } = update;
      return typeof reshId === 'number'
        ? collectUpdateRequirements({ ...update, reshId, effectiveOn }, reader)
        : [...collectKeyRequirements(update.reshKey), ...requireSpecialistDesignation(update.designation)];
    }
    if (create) {
      const { parentReshId, parentKey, key, designation } = create;
      const requirements = [
        ...(typeof parentReshId === 'number'
          ? await requireScopeOverUnit(parentReshId, reader)
          : collectKeyRequirements(parentKey)),
        ...requireSpecialistDesignation(designation),
      ];
      registerKey(key, { type: 'DEPARTMENT', requirements });
      return requirements;
    }
    if (close) {
      const { reshId, withDescendants } = close;
      return typeof reshId === 'number'
        ? collectCloseRequirements({ reshId, withDescendants, effectiveOn }, reader)
        : collectKeyRequirements(close.reshKey);
    }
    if (merge) {
      const { sourceReshIds, sourceKeys, targetReshId, targetKey, target } = merge;
      const sourceRequirements = [
        ...(await collectMergeRequirements({ sourceReshIds: sourceReshIds ?? [], targetReshId }, day, reader)),
        ...(sourceKeys ?? []).flatMap(collectKeyRequirements),
      ];
      if (!target) return [...sourceRequirements, ...collectKeyRequirements(targetKey)];
      const types = [
        ...(await Promise.all((sourceReshIds ?? []).map((source) => readUnitType(source, reader)))),
        ...(sourceKeys ?? []).map((key) => findByKey(key)?.type),
      ];
      const requirements = [
        ...(typeof target.parentKey === 'string'
          ? collectKeyRequirements(target.parentKey)
          : await requireScopeForNewUnit(target.parentReshId, reader)),
        ...collectTargetRequirements(target, types),
      ];
      const [firstType] = types;
      registerKey(target.key, { type: target.type ?? firstType, requirements });
      return [...sourceRequirements, ...requirements];
    }
    if (split) {
      const { reshId, reshKey, into } = split;
      const type = typeof reshId === 'number' ? await readUnitType(reshId, reader) : findByKey(reshKey)?.type;
      const requirements = [
        ...(typeof reshId === 'number'
          ? excludeRegistrar(await requireScopeOverParentsFrom(reshId, day, reader))
          : collectKeyRequirements(reshKey)),
        ...(await collectPartRequirements(
          into.filter((part) => typeof part.reshKey !== 'string'),
          type,
          reader,
        )),
        ...into.flatMap((part) => collectKeyRequirements(part.reshKey)),
      ];
      for (const part of into) registerKey(part.key, { type: part.type ?? type, requirements });
      return requirements;
    }
    if (!setCodes) return [];
    return typeof setCodes.reshId === 'number'
      ? requireScopeOverUnitOrSpecialist(setCodes.reshId, reader)
      : collectKeyRequirements(setCodes.reshKey);
  };

  const requirements: Requirement[] = [];
  for (const step of steps) requirements.push(...(await collectRequirements(step)));
  return requirements;
}
