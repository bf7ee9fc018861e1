import { createScopeReader } from '../auth/authorizer.ts';
import { requireScopeToClose } from '../auth/requirements.ts';
import type { MoveStepInput, ReorganizeInput, ReorganizeStepInput } from '../domain/plan/change-input.ts';
import { userError, type UserError } from '../domain/plan/user-error.ts';
import { dayBefore } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import { planClose } from './close-unit.ts';
import { planDepartment } from './create-department.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { planMerge } from './merge-units.ts';
import { planMove } from './move-unit.ts';
import { planCodes } from './set-unit-codes.ts';
import { planSplit } from './split-unit.ts';
import { planUpdate } from './update-unit.ts';

export const STEP_LIMIT = 200;

/** Keys that steps have given to the units they open, and the units that steps have changed. */
class StepKeys {
  private readonly reshIdByKey = new Map<string, number>();
  readonly changedUnits = new Set<number>();
  /** Units that steps have closed beneath others */
  readonly closedDescendants = new Set<number>();

  constructor(private readonly errors: UserError[]) {}

  /** Gives a key to a unit that a step has opened. */
  assign(key: string | null | undefined, reshId: number | undefined, path: readonly string[] = []): void {
    if (reshId === undefined) return;
    this.changedUnits.add(reshId);
    if (typeof key !== 'string') return;
    if (this.reshIdByKey.has(key))
      this.errors.push(
        userError('GIVEN_TWICE', [...path, 'key'], `The key «${key}» was given to another unit; choose another.`),
      );
    else this.reshIdByKey.set(key, reshId);
  }

  private resolveKey(key: string, field: readonly string[]): number | undefined {
    const reshId = this.reshIdByKey.get(key);
    if (reshId === undefined)
      this.errors.push(
        userError(
          'NOT_FOUND',
          field,
          `No earlier step gave the key «${key}» to a unit; give it there, or name a RESH-id.`,
        ),
      );
    return reshId;
  }

  /** The one unit that a RESH-id or a key names; undefined, with an error, where none does, or both are given. */
  resolveUnit(
    reshId: number | null | undefined,
    key: string | null | undefined,
    field: string,
    path: readonly string[] = [],
  ): number | undefined {
    const keyField = field.replace(/Id$/, 'Key').replace('ReshKey', 'Key');
    if (typeof reshId === 'number' && typeof key === 'string')
      this.errors.push(
        userError('NOT_ALLOWED', [...path, keyField], `«${field}» and «${keyField}» exclude each other; give one.`),
      );
    else if (typeof key === 'string') return this.resolveKey(key, [...path, keyField]);
    else if (typeof reshId === 'number') return reshId;
    else this.errors.push(userError('REQUIRED', [...path, field], `Name the unit in «${field}», or by «${keyField}».`));
    return undefined;
  }

  /** The unit that a step changes. */
  resolveChangedUnit({ reshId, reshKey }: Pick<MoveStepInput, 'reshId' | 'reshKey'>): number | undefined {
    const resolved = this.resolveUnit(reshId, reshKey, 'reshId');
    if (resolved !== undefined) this.changedUnits.add(resolved);
    return resolved;
  }

  /** All units that RESH-ids and keys name. */
  resolveUnits(
    reshIds: readonly number[] | null | undefined,
    keys: readonly string[] | null | undefined,
    path: readonly string[],
  ): number[] {
    const resolved = (keys ?? []).map((key, index) => this.resolveKey(key, [...path, String(index)]));
    return [...(reshIds ?? []), ...resolved.filter((reshId) => reshId !== undefined)];
  }
}

type StepName = keyof ReorganizeStepInput;
type StepPlanners = {
  readonly [Name in StepName]-?: (
    work: PlanContext,
    keys: StepKeys,
    step: NonNullable<ReorganizeStepInput[Name]>,
  ) => Promise<void>;
};

const stepPlanners: StepPlanners = {
  move: async (planContext, keys, step) => {
    const reshId = keys.resolveChangedUnit(step);
    const isRoot = step.newParentReshId === null && typeof step.newParentKey !== 'string';
    const parent = isRoot ? null : keys.resolveUnit(step.newParentReshId, step.newParentKey, 'newParentReshId');
    if (reshId !== undefined && parent !== undefined) await planMove(planContext, { reshId, newParentReshId: parent });
  },
  update: async (planContext, keys, step) => {
    const reshId = keys.resolveChangedUnit(step);
    if (reshId !== undefined) await planUpdate(planContext, { ...step, reshId });
  },
  create: async (planContext, keys, { key, parentKey, ...step }) => {
    const parentReshId = keys.resolveUnit(step.parentReshId, parentKey, 'parentReshId');
    if (parentReshId !== undefined) keys.assign(key, await planDepartment(planContext, { ...step, parentReshId }));
  },
  close: async (planContext, keys, step) => {
    const reshId = keys.resolveChangedUnit(step);
    const successorReshIds = keys.resolveUnits(step.successorReshIds, step.successorKeys, ['successorKeys']);
    if (reshId === undefined) return;
    const closed = await planClose(planContext, { reshId, successorReshIds, withDescendants: step.withDescendants });
    for (const id of closed) if (id !== reshId) keys.closedDescendants.add(id);
  },
  merge: async (planContext, keys, step) => {
    const sourceReshIds = keys.resolveUnits(step.sourceReshIds, step.sourceKeys, ['sourceKeys']);
    const { target, targetReshId, targetKey } = step;
    if (!target) {
      const into = keys.resolveUnit(targetReshId, targetKey, 'targetReshId');
      if (into !== undefined) keys.assign(null, await planMerge(planContext, { sourceReshIds, targetReshId: into }));
    } else if (typeof targetKey === 'string')
      planContext.unitOfWork.draft.errors.push(
        userError('NOT_ALLOWED', 'target', '«targetKey» and «target» exclude each other; give one.'),
      );
    else {
      const isRoot = typeof target.parentReshId !== 'number' && typeof target.parentKey !== 'string';
      const parentReshId = isRoot
        ? null
        : keys.resolveUnit(target.parentReshId, target.parentKey, 'parentReshId', ['target']);
      if (parentReshId === undefined) return;
      const merge = { sourceReshIds, targetReshId, target: { ...target, parentReshId } };
      keys.assign(target.key, await planMerge(planContext, merge), ['target']);
    }
    for (const source of sourceReshIds) keys.changedUnits.add(source);
  },
  split: async (planContext, keys, step) => {
    const reshId = keys.resolveChangedUnit(step);
    const before = planContext.unitOfWork.draft.errors.length;
    const into = step.into.map(({ key, reshKey, childKeys, ...part }, index) => {
      const path = ['into', String(index)];
      // Whoever gives a unit a key may do with it what the step that opens it needs.
      if (typeof key === 'string' && (typeof part.reshId === 'number' || typeof reshKey === 'string'))
        planContext.unitOfWork.draft.errors.push(
          userError('NOT_ALLOWED', [...path, 'key'], 'A key is for a new unit; this one is there, and has its own.'),
        );
      return {
        ...part,
        reshId: typeof reshKey === 'string' ? keys.resolveUnit(part.reshId, reshKey, 'reshId', path) : part.reshId,
        childReshIds: keys.resolveUnits(part.childReshIds, childKeys, [...path, 'childKeys']),
      };
    });
    if (reshId === undefined || planContext.unitOfWork.draft.errors.length > before) return;
    const parts = await planSplit(planContext, { reshId, into, keepSource: step.keepSource });
    parts.forEach((part, index) => keys.assign(step.into[index]?.key, part, ['into', String(index)]));
  },
  setCodes: async (planContext, keys, step) => {
    const reshId = keys.resolveChangedUnit(step);
    if (reshId !== undefined) await planCodes(planContext, { reshId, add: step.add, end: step.end });
  },
};

/** Makes many steps as one change, all or nothing; a later step sees what an earlier one has made. */
export function reorganize(context: OperationContext, input: ReorganizeInput) {
  return runChange(context, 'reorganize', input, async (planContext) => {
    const { unitOfWork, day, revision } = planContext;
    const { draft } = unitOfWork;
    const keys = new StepKeys(draft.errors);
    const { steps } = input;
    if (steps.length === 0) draft.errors.push(userError('REQUIRED', 'steps', 'Give at least one step.'));
    if (steps.length > STEP_LIMIT)
      draft.errors.push(
        userError('TOO_MANY', 'steps', `${steps.length} steps are given, and ${STEP_LIMIT} are allowed in one change.`),
      );
    if (draft.errors.length > 0) return { shown: {} };
    for (const [index, step] of steps.entries()) {
      await planStep(planContext, keys, step, index);
      await unitOfWork.recomputePaths();
      // What comes after a step that cannot be made would be judged by what is not there.
      if (draft.errors.length > 0) break;
    }
    const chooseDisplayDay = (reshId: number) =>
      draft.unit(reshId)?.versions.some((row) => covers(row, day)) ? day : dayBefore(day);
    return {
      requirements: await requireScopeToClose(
        [...keys.closedDescendants],
        day,
        createScopeReader(planContext.tx, planContext.today),
      ),
      shown: { units: [...keys.changedUnits].map((reshId) => ({ reshId, day: chooseDisplayDay(reshId), revision })) },
    };
  });
}

async function planStep(
  planContext: PlanContext,
  keys: StepKeys,
  step: ReorganizeStepInput,
  index: number,
): Promise<void> {
  const [givenStep] = Object.entries(step).filter(([, value]) => value !== null && value !== undefined) as [
    StepName,
    never,
  ][];
  if (!givenStep) return;
  const [name, input] = givenStep;
  const path = ['steps', String(index), name];
  await planContext.unitOfWork.withErrorPath(path, () => stepPlanners[name](planContext, keys, input), path);
}
