import type { ChangeInputs, UnitRefInput } from '../domain/plan/change-input.ts';
import type { Day } from '../domain/time/day.ts';
import { ALL_DAYS, covers } from '../domain/time/period.ts';
import type { UnitType } from '../domain/unit/unit-type.ts';
import { collectReshIds } from '../store/change/change-start.ts';
import {
  excludeRegistrar,
  collectCloseRequirements,
  collectReopenRequirements,
  collectMergeRequirements,
  collectMoveRequirements,
  requireScopeForNewUnit,
  collectPartRequirements,
  collectTargetRequirements,
  collectUpdateRequirements,
  readClosedTogether,
} from './change-requirements.ts';
import { makingUnitRoot } from './messages.ts';
import {
  requireScopeOverParentsFrom,
  requireSpecialistDesignation,
  requireOperator,
  requireScopeOverParents,
  requireScopeOverUnit,
  requireScopeToClose,
  requireScopeOverUnitOrSpecialist,
  readUnitType,
} from './requirements.ts';
import type { ScopeReader } from './scope-reader.ts';
import type { Requirement } from './scope.ts';

type Steps = ChangeInputs['reorganize']['steps'];
type Step<Name extends keyof Steps[number]> = NonNullable<Steps[number][Name]>;
type Requirements = Promise<readonly Requirement[]>;

/** Descendants that steps have closed or reopened with others; those reopened with their parents. */
interface Cascades {
  readonly closedDescendants: ReadonlySet<number>;
  readonly reopenedDescendants: ReadonlyMap<number, number | null>;
}

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
  await prefetchTimelines(steps, context);
  const requirements: Requirement[] = [];
  for (const step of steps) requirements.push(...(await collectRequirements(step, context)));
  return requirements;
}

/** Requires scope over the parents of the units that steps have closed or reopened as descendants of others. */
export async function requireScopeToCascade(
  { closedDescendants, reopenedDescendants }: Cascades,
  day: Day,
  reader: ScopeReader,
): Promise<Requirement[]> {
  const reopened = await Promise.all(
    [...reopenedDescendants].map(([reshId, parent]) => requireScopeOverParents(reshId, reader, undefined, [parent])),
  );
  return [...(await requireScopeToClose([...closedDescendants], day, reader)), ...reopened.flat()];
}

/** Reads the units that steps place elsewhere, close, reopen or withdraw, and their parents, for all steps at once. */
async function prefetchTimelines(steps: Steps, { reader, day }: StepContext): Promise<void> {
  const { readTimeline, readDescendants } = reader;
  const branches = collectReshIds(steps.map(({ closeUnit }) => (closeUnit?.withDescendants ? closeUnit.unit : null)));
  const descendants = await Promise.all(
    branches.map(async (reshId) => {
      const row = (await readTimeline(reshId)).find((version) => covers(version, day));
      return row ? readDescendants(row.path, day) : [];
    }),
  );
  const reopened = await Promise.all(
    steps.map(async ({ reopenUnit }) =>
      typeof reopenUnit?.unit.reshId === 'number'
        ? readClosedTogether({ ...reopenUnit, reshId: reopenUnit.unit.reshId }, day, reader)
        : [],
    ),
  );
  const moved = steps.map(({ moveUnit, closeUnit, reopenUnit, mergeUnits, splitUnit, withdrawUnit }) => [
    moveUnit?.unit,
    closeUnit?.unit,
    reopenUnit,
    mergeUnits?.sources,
    splitUnit?.unit,
    withdrawUnit?.unit,
  ]);
  const timelines = await Promise.all(
    [...collectReshIds(moved), ...descendants.flat(), ...reopened.flat()].map(readTimeline),
  );
  const parents = new Set(timelines.flatMap((rows) => rows.flatMap(({ parentReshId }) => parentReshId ?? [])));
  await Promise.all([...parents].map(readTimeline));
}

async function collectRequirements(step: Steps[number], context: StepContext): Requirements {
  const { createDepartment, updateUnit, moveUnit, closeUnit, reopenUnit, mergeUnits, splitUnit, withdrawUnit } = step;
  if (createDepartment) return collectCreateStep(createDepartment, context);
  if (updateUnit) return collectUpdateStep(updateUnit, context);
  if (moveUnit) return collectMoveStep(moveUnit, context);
  if (closeUnit) return collectCloseStep(closeUnit, context);
  if (mergeUnits) return collectMergeStep(mergeUnits, context);
  if (splitUnit) return collectSplitStep(splitUnit, context);
  if (reopenUnit) return collectReopenStep(reopenUnit, context);
  if (withdrawUnit) return collectWithdrawStep(withdrawUnit, context);
  return collectEditStep(step, context);
}

async function collectCreateStep(
  { parent, key, designation }: Step<'createDepartment'>,
  { reader, newUnits }: StepContext,
): Requirements {
  const parentRequirements =
    typeof parent.reshId === 'number'
      ? await requireScopeOverUnit(parent.reshId, reader)
      : newUnits.requirementsOf(parent);
  const requirements = [...parentRequirements, ...requireSpecialistDesignation(designation)];
  newUnits.add(key, { type: 'DEPARTMENT', requirements });
  return requirements;
}

async function collectUpdateStep(
  { unit, ...update }: Step<'updateUnit'>,
  { reader, effectiveOn, newUnits }: StepContext,
): Requirements {
  return typeof unit.reshId === 'number'
    ? collectUpdateRequirements({ ...update, reshId: unit.reshId, effectiveOn }, reader)
    : [...newUnits.requirementsOf(unit), ...requireSpecialistDesignation(update.designation)];
}

async function collectMoveStep(
  { unit, newParent }: Step<'moveUnit'>,
  { reader, effectiveOn, newUnits }: StepContext,
): Requirements {
  const { reshId } = unit;
  const newParentReshId = newParent === null ? null : newParent?.reshId;
  const parentRequirements = newUnits.requirementsOf(newParent);
  if (typeof reshId === 'number')
    return [
      ...(await collectMoveRequirements({ reshId, newParentReshId, effectiveOn }, reader)),
      ...parentRequirements,
    ];
  return [
    ...newUnits.requirementsOf(unit),
    ...parentRequirements,
    ...(typeof newParentReshId === 'number' ? await requireScopeOverUnit(newParentReshId, reader) : []),
    ...(newParent === null ? [requireOperator(makingUnitRoot({ unit: undefined }))] : []),
  ];
}

async function collectCloseStep(
  { unit, withDescendants }: Step<'closeUnit'>,
  { reader, effectiveOn, newUnits }: StepContext,
): Requirements {
  return typeof unit.reshId === 'number'
    ? collectCloseRequirements({ reshId: unit.reshId, withDescendants, effectiveOn }, reader)
    : newUnits.requirementsOf(unit);
}

async function collectReopenStep(
  { unit, newParent, predecessors, withDescendants }: Step<'reopenUnit'>,
  { reader, effectiveOn, day, newUnits }: StepContext,
): Requirements {
  const others = [newParent, ...(predecessors ?? [])];
  const predecessorReshIds = (predecessors ?? []).flatMap(({ reshId }) => reshId ?? []);
  const input = { newParentReshId: newParent?.reshId, predecessorReshIds, withDescendants, effectiveOn };
  const requirements =
    typeof unit.reshId === 'number'
      ? await collectReopenRequirements({ ...input, reshId: unit.reshId }, reader)
      : [
          ...newUnits.requirementsOf(unit),
          ...(typeof newParent?.reshId === 'number' ? await requireScopeOverUnit(newParent.reshId, reader) : []),
          ...(await requireScopeToClose(predecessorReshIds, day, reader)),
        ];
  return [...requirements, ...others.flatMap((other) => newUnits.requirementsOf(other))];
}

async function collectMergeStep(
  { sources, target, newTarget }: Step<'mergeUnits'>,
  context: StepContext,
): Requirements {
  const { reader, day, newUnits } = context;
  const sourceRequirements = [
    ...(await collectMergeRequirements(
      { sourceReshIds: sources.flatMap(({ reshId }) => reshId ?? []), targetReshId: target?.reshId },
      day,
      reader,
    )),
    ...sources.flatMap((source) => newUnits.requirementsOf(source)),
    ...newUnits.requirementsOf(target),
  ];
  if (!newTarget) return sourceRequirements;
  const sourceTypes = await Promise.all(sources.map((source) => readType(source, context)));
  return [...sourceRequirements, ...(await collectNewTarget(newTarget, sourceTypes, context))];
}

/** Collects what the new unit of a merge requires. */
async function collectNewTarget(
  target: NonNullable<Step<'mergeUnits'>['newTarget']>,
  sourceTypes: readonly (UnitType | undefined)[],
  { reader, newUnits }: StepContext,
): Requirements {
  const parentRequirements =
    typeof target.parent?.key === 'string'
      ? newUnits.requirementsOf(target.parent)
      : await requireScopeForNewUnit(target.parent?.reshId, reader);
  const requirements = [...parentRequirements, ...collectTargetRequirements(target, sourceTypes)];
  newUnits.add(target.key, { type: target.type ?? sourceTypes[0], requirements });
  return requirements;
}

async function collectSplitStep({ unit, into }: Step<'splitUnit'>, context: StepContext): Requirements {
  const { reader, day, newUnits } = context;
  const sourceType = await readType(unit, context);
  const sourceRequirements =
    typeof unit.reshId === 'number'
      ? excludeRegistrar(await requireScopeOverParentsFrom(unit.reshId, day, reader))
      : newUnits.requirementsOf(unit);
  const partsWithoutKey = into
    .filter((part) => typeof part.unit?.key !== 'string')
    .map((part) => ({ ...part, reshId: part.unit?.reshId }));
  const requirements = [
    ...sourceRequirements,
    ...(await collectPartRequirements(partsWithoutKey, sourceType, reader)),
    ...into.flatMap((part) => newUnits.requirementsOf(part.unit)),
  ];
  for (const part of into) newUnits.add(part.key, { type: part.type ?? sourceType, requirements });
  return requirements;
}

async function collectWithdrawStep({ unit }: Step<'withdrawUnit'>, { reader, newUnits }: StepContext): Requirements {
  return typeof unit.reshId === 'number'
    ? requireScopeOverParents(unit.reshId, reader, ALL_DAYS)
    : newUnits.requirementsOf(unit);
}

/** Collects the requirements of a step that changes the unit itself, and neither its place nor its days. */
async function collectEditStep(step: Steps[number], { reader, newUnits }: StepContext): Requirements {
  const { updateUnitCodes, connectTreatmentSite, disconnectTreatmentSite, setIdentifier, removeIdentifier } = step;
  const edit = updateUnitCodes ?? connectTreatmentSite ?? disconnectTreatmentSite ?? setIdentifier ?? removeIdentifier;
  if (!edit) return [];
  const { unit } = edit;
  return typeof unit.reshId === 'number'
    ? requireScopeOverUnitOrSpecialist(unit.reshId, reader)
    : newUnits.requirementsOf(unit);
}

async function readType(unit: UnitRefInput, { reader, newUnits }: StepContext): Promise<UnitType | undefined> {
  return typeof unit.reshId === 'number' ? readUnitType(unit.reshId, reader) : newUnits.typeOf(unit);
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
  requirementsOf(unit: UnitRefInput | null | undefined): readonly Requirement[] {
    return this.find(unit)?.requirements ?? [];
  }

  typeOf(unit: UnitRefInput): UnitType | undefined {
    return this.find(unit)?.type;
  }

  private find(unit: UnitRefInput | null | undefined): NewUnit | undefined {
    return typeof unit?.key === 'string' ? this.byKey.get(unit.key) : undefined;
  }
}
