import { createScopeReader } from '../auth/authorizer.ts';
import { requireScopeToClose } from '../auth/requirements.ts';
import type { ReorganizeInput, ReorganizeStepInput, SplitPartInput } from '../domain/plan/change-input.ts';
import type { Issues } from '../domain/plan/issues.ts';
import {
  keyOfExistingUnit,
  stepsMissing,
  stepTargetMissing,
  tooManySteps,
} from '../domain/plan/messages/reorganizations.ts';
import { fieldsExclusive } from '../domain/plan/messages/texts.ts';
import { newParentMissing } from '../domain/plan/messages/units.ts';
import { dayBefore } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import { planClose } from './close-unit.ts';
import { planDepartment } from './create-department.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { prefetchSteps } from './engine/prefetch-steps.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import { Step, StepUnits } from './engine/step.ts';
import { planMerge } from './merge-units.ts';
import { planMove } from './move-unit.ts';
import { planSplit } from './split-unit.ts';
import { planCodes } from './update-unit-codes.ts';
import { planUpdate } from './update-unit.ts';

export const STEP_LIMIT = 1_000;

/**
 * Makes many steps as one change, all or none; each step sees the results of the earlier ones. Reports the errors of
 * all steps, except those that an earlier failed step may have caused.
 */
export function reorganize(context: OperationContext, input: ReorganizeInput) {
  return runChange(context, 'reorganize', input, async (planContext) => {
    const { tx, today, unitOfWork, day, revision } = planContext;
    checkStepCount(planContext.issues, input);
    if (planContext.issues.hasErrors()) return { shown: {} };
    const units = await planSteps(planContext, input);
    const chooseDisplayDay = (reshId: number) =>
      unitOfWork.draft.unit(reshId)?.versions.some((row) => covers(row, day)) ? day : dayBefore(day);
    return {
      requirements: await requireScopeToClose([...units.closedDescendants], day, createScopeReader(tx, today)),
      shown: { units: [...units.changed].map((reshId) => ({ reshId, day: chooseDisplayDay(reshId), revision })) },
      keyedUnits: units.keyedUnits,
    };
  });
}

function checkStepCount(issues: Issues, { steps }: ReorganizeInput): void {
  const count = steps.length;
  if (count === 0) issues.add('steps', stepsMissing());
  if (count > STEP_LIMIT) issues.add('steps', tooManySteps({ count, limit: STEP_LIMIT }));
}

async function planSteps(planContext: PlanContext, { steps }: ReorganizeInput): Promise<StepUnits> {
  const units = new StepUnits();
  await prefetchSteps(planContext, steps);
  for (const [index, step] of steps.entries()) {
    await planStep(planContext, units, step, index);
    await planContext.unitOfWork.recomputePaths();
  }
  return units;
}

async function planStep(
  planContext: PlanContext,
  units: StepUnits,
  input: ReorganizeStepInput,
  index: number,
): Promise<void> {
  const [givenStep] = Object.entries(input).filter(([, value]) => value !== null && value !== undefined) as [
    StepName,
    never,
  ][];
  if (!givenStep) return;
  const [name, stepInput] = givenStep;
  const step = new Step(planContext, units, index, name);
  await stepPlanners[name](step, stepInput);
  await step.finish();
}

type StepName = keyof ReorganizeStepInput;
type StepInput<Name extends StepName> = NonNullable<ReorganizeStepInput[Name]>;
type StepPlanners = {
  readonly [Name in StepName]-?: (step: Step, input: StepInput<Name>) => Promise<void>;
};

const stepPlanners: StepPlanners = {
  createDepartment: planCreateStep,
  updateUnit: planUpdateStep,
  moveUnit: planMoveStep,
  closeUnit: planCloseStep,
  mergeUnits: planMergeStep,
  splitUnit: planSplitStep,
  updateUnitCodes: planCodesStep,
};

async function planCreateStep(step: Step, { key, parent, ...input }: StepInput<'createDepartment'>): Promise<void> {
  step.declareKey(key);
  const parentReshId = await step.resolve(parent, 'parent');
  step.assignKey(key, await planDepartment(step.planContext, { ...input, parentReshId }));
}

async function planUpdateStep(step: Step, { unit, ...input }: StepInput<'updateUnit'>): Promise<void> {
  const reshId = await step.resolve(unit, 'unit');
  step.units.changed.add(reshId);
  // Later steps can depend on the organization number, and on nothing else that an update changes.
  if (input.organizationNumber !== undefined) step.affects(reshId);
  await planUpdate(step.planContext, { ...input, reshId });
}

async function planMoveStep(step: Step, { unit, newParent }: StepInput<'moveUnit'>): Promise<void> {
  const reshId = await step.resolveChanged(unit, 'unit');
  // An absent parent is treated as a mistake; null makes the unit a root.
  if (newParent === undefined) {
    step.issues.add('newParent', newParentMissing({ field: 'newParent' }));
    return;
  }
  const newParentReshId = newParent && (await step.resolve(newParent, 'newParent'));
  await planMove(step.planContext, { reshId, newParentReshId });
}

async function planCloseStep(step: Step, { unit, withDescendants, successors }: StepInput<'closeUnit'>): Promise<void> {
  const reshId = await step.resolveChanged(unit, 'unit');
  const successorReshIds = successors && (await step.resolveList(successors, 'successors'));
  const closed = await planClose(step.planContext, { reshId, successorReshIds, withDescendants });
  for (const id of closed) if (id !== reshId) step.units.closedDescendants.add(id);
}

async function planMergeStep(step: Step, { sources, target, newTarget }: StepInput<'mergeUnits'>): Promise<void> {
  const sourceReshIds = await step.resolveList(sources, 'sources');
  step.affects(...sourceReshIds);
  if (newTarget) {
    const { key, parent, ...facts } = newTarget;
    step.declareKey(key, 'newTarget');
    const parentReshId = parent ? await step.resolve(parent, ['newTarget', 'parent']) : null;
    if (target) step.issues.add('newTarget', fieldsExclusive({ fields: ['target', 'newTarget'] }));
    else
      step.assignKey(key, await planMerge(step.planContext, { sourceReshIds, newTarget: { ...facts, parentReshId } }));
  } else if (target) {
    const targetReshId = await step.resolveChanged(target, 'target');
    await planMerge(step.planContext, { sourceReshIds, targetReshId });
  } else step.issues.add('target', stepTargetMissing());
  for (const source of sourceReshIds) step.units.changed.add(source);
}

async function planSplitStep(step: Step, { unit, into, keepSource }: StepInput<'splitUnit'>): Promise<void> {
  const reshId = await step.resolveChanged(unit, 'unit');
  const parts: SplitPartInput[] = [];
  for (const [index, { key, unit: existing, children, ...facts }] of into.entries()) {
    step.declareKey(key, 'into', index);
    // A key lets later steps change a unit with the permissions of its creation; an existing unit requires more.
    if (existing && typeof key === 'string') step.issues.add(['into', index, 'key'], keyOfExistingUnit());
    const childReshIds = await step.resolveList(children, 'into', index, 'children');
    const partReshId = existing && (await step.resolve(existing, ['into', index, 'unit']));
    step.affects(...childReshIds, ...(typeof partReshId === 'number' ? [partReshId] : []));
    parts.push({ ...facts, reshId: partReshId, childReshIds });
  }
  const created = await planSplit(step.planContext, { reshId, into: parts, keepSource });
  created.forEach((part, index) => step.assignKey(into[index]?.key, part));
}

async function planCodesStep(step: Step, { unit, add, end }: StepInput<'updateUnitCodes'>): Promise<void> {
  const reshId = await step.resolveChanged(unit, 'unit');
  await planCodes(step.planContext, { reshId, add, end });
}
