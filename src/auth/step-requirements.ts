import type { ChangeInputs } from '../domain/plan/change-input.ts';
import type { Day } from '../domain/time/day.ts';
import type { UnitType } from '../domain/unit/unit-type.ts';
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
import { makingUnitRoot } from './messages.ts';
import {
  requireScopeOverParentsFrom,
  requireSpecialistDesignation,
  requireOperator,
  requireScopeOverUnit,
  requireScopeOverUnitOrSpecialist,
  readUnitType,
} from './requirements.ts';
import type { ScopeReader } from './scope-reader.ts';
import type { Requirement } from './scope.ts';

type Steps = ChangeInputs['reorganize']['steps'];
type Step<Name extends keyof Steps[number]> = NonNullable<Steps[number][Name]>;
type Requirements = Promise<readonly Requirement[]>;

/** What the collectors of all steps share. */
interface StepContext {
  readonly reader: ScopeReader;
  readonly effectiveOn: Day | null | undefined;
  /** Day on which the steps take effect */
  readonly day: Day;
  readonly newUnits: NewUnits;
}

/**
 * Collects the requirements of the steps of a reorganization, each judged on the paths before the first step. A step
 * that names a new unit by its key requires what creating that unit required.
 */
export async function collectStepRequirements(
  steps: Steps,
  effectiveOn: Day | null | undefined,
  reader: ScopeReader,
): Promise<Requirement[]> {
  const context = { reader, effectiveOn, day: effectiveOn ?? reader.today, newUnits: new NewUnits() };
  const requirements: Requirement[] = [];
  for (const step of steps) requirements.push(...(await collectRequirements(step, context)));
  return requirements;
}

async function collectRequirements(step: Steps[number], context: StepContext): Requirements {
  const { move, update, create, close, merge, split, setCodes } = step;
  if (move) return collectMoveStep(move, context);
  if (update) return collectUpdateStep(update, context);
  if (create) return collectCreateStep(create, context);
  if (close) return collectCloseStep(close, context);
  if (merge) return collectMergeStep(merge, context);
  if (split) return collectSplitStep(split, context);
  return setCodes ? collectCodesStep(setCodes, context) : [];
}

async function collectMoveStep(
  { reshId, reshKey, newParentReshId, newParentKey }: Step<'move'>,
  { reader, effectiveOn, newUnits }: StepContext,
): Requirements {
  const parentRequirements = newUnits.requirementsOf(newParentKey);
  if (typeof reshId === 'number')
    return [
      ...(await collectMoveRequirements({ reshId, newParentReshId, effectiveOn }, reader)),
      ...parentRequirements,
    ];
  const isRoot = newParentReshId === null && typeof newParentKey !== 'string';
  return [
    ...newUnits.requirementsOf(reshKey),
    ...parentRequirements,
    ...(typeof newParentReshId === 'number' ? await requireScopeOverUnit(newParentReshId, reader) : []),
    ...(isRoot ? [requireOperator(makingUnitRoot({ unit: undefined }))] : []),
  ];
}

async function collectUpdateStep(update: Step<'update'>, { reader, effectiveOn, newUnits }: StepContext): Requirements {
  const { reshId, reshKey, designation } = update;
  return typeof reshId === 'number'
    ? collectUpdateRequirements({ ...update, reshId, effectiveOn }, reader)
    : [...newUnits.requirementsOf(reshKey), ...requireSpecialistDesignation(designation)];
}

async function collectCreateStep(
  { parentReshId, parentKey, key, designation }: Step<'create'>,
  { reader, newUnits }: StepContext,
): Requirements {
  const parentRequirements =
    typeof parentReshId === 'number'
      ? await requireScopeOverUnit(parentReshId, reader)
      : newUnits.requirementsOf(parentKey);
  const requirements = [...parentRequirements, ...requireSpecialistDesignation(designation)];
  newUnits.add(key, { type: 'DEPARTMENT', requirements });
  return requirements;
}

async function collectCloseStep(
  { reshId, reshKey, withDescendants }: Step<'close'>,
  { reader, effectiveOn, newUnits }: StepContext,
): Requirements {
  return typeof reshId === 'number'
    ? collectCloseRequirements({ reshId, withDescendants, effectiveOn }, reader)
    : newUnits.requirementsOf(reshKey);
}

async function collectMergeStep(merge: Step<'merge'>, context: StepContext): Requirements {
  const { reader, day, newUnits } = context;
  const { targetReshId, targetKey, target } = merge;
  const sourceReshIds = merge.sourceReshIds ?? [];
  const sourceKeys = merge.sourceKeys ?? [];
  const sourceRequirements = [
    ...(await collectMergeRequirements({ sourceReshIds, targetReshId }, day, reader)),
    ...sourceKeys.flatMap((key) => newUnits.requirementsOf(key)),
  ];
  if (!target) return [...sourceRequirements, ...newUnits.requirementsOf(targetKey)];
  const sourceTypes = [
    ...(await Promise.all(sourceReshIds.map((source) => readUnitType(source, reader)))),
    ...sourceKeys.map((key) => newUnits.typeOf(key)),
  ];
  return [...sourceRequirements, ...(await collectNewTarget(target, sourceTypes, context))];
}

/** Collects what the new unit of a merge requires. */
async function collectNewTarget(
  target: NonNullable<Step<'merge'>['target']>,
  sourceTypes: readonly (UnitType | undefined)[],
  { reader, newUnits }: StepContext,
): Requirements {
  const parentRequirements =
    typeof target.parentKey === 'string'
      ? newUnits.requirementsOf(target.parentKey)
      : await requireScopeForNewUnit(target.parentReshId, reader);
  const requirements = [...parentRequirements, ...collectTargetRequirements(target, sourceTypes)];
  newUnits.add(target.key, { type: target.type ?? sourceTypes[0], requirements });
  return requirements;
}

async function collectSplitStep(
  { reshId, reshKey, into }: Step<'split'>,
  { reader, day, newUnits }: StepContext,
): Requirements {
  const isExisting = typeof reshId === 'number';
  const sourceType = isExisting ? await readUnitType(reshId, reader) : newUnits.typeOf(reshKey);
  const sourceRequirements = isExisting
    ? excludeRegistrar(await requireScopeOverParentsFrom(reshId, day, reader))
    : newUnits.requirementsOf(reshKey);
  const partsWithoutKey = into.filter((part) => typeof part.reshKey !== 'string');
  const requirements = [
    ...sourceRequirements,
    ...(await collectPartRequirements(partsWithoutKey, sourceType, reader)),
    ...into.flatMap((part) => newUnits.requirementsOf(part.reshKey)),
  ];
  for (const part of into) newUnits.add(part.key, { type: part.type ?? sourceType, requirements });
  return requirements;
}

async function collectCodesStep(
  { reshId, reshKey }: Step<'setCodes'>,
  { reader, newUnits }: StepContext,
): Requirements {
  return typeof reshId === 'number'
    ? requireScopeOverUnitOrSpecialist(reshId, reader)
    : newUnits.requirementsOf(reshKey);
}

/** A unit that a step creates, before it has a RESH-id. */
interface NewUnit {
  readonly type: UnitType | undefined;
  /** Requirements of its creation, which include scope over its parent and so over the unit itself */
  readonly requirements: readonly Requirement[];
}

/** The units that earlier steps create, by key. */
class NewUnits {
  private readonly byKey = new Map<string, NewUnit>();

  /** Adds a unit if its step gives it a key. */
  add(key: string | null | undefined, unit: NewUnit): void {
    if (typeof key === 'string') this.byKey.set(key, unit);
  }

  /** Returns the requirements of a unit's creation; none for an unknown key, which the plan reports. */
  requirementsOf(key: string | null | undefined): readonly Requirement[] {
    return this.find(key)?.requirements ?? [];
  }

  typeOf(key: string | null | undefined): UnitType | undefined {
    return this.find(key)?.type;
  }

  private find(key: string | null | undefined): NewUnit | undefined {
    return typeof key === 'string' ? this.byKey.get(key) : undefined;
  }
}
