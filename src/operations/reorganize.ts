import { createScopeReader } from '../auth/authorizer.ts';
import { requireScopeToClose } from '../auth/requirements.ts';
import type { ReorganizeInput, ReorganizeStepInput } from '../domain/plan/change-input.ts';
import type { Issues } from '../domain/plan/issues.ts';
import { keyOfExistingUnit, stepsMissing, tooManySteps } from '../domain/plan/messages/reorganizations.ts';
import { fieldsExclusive } from '../domain/plan/messages/texts.ts';
import { StepKeys } from '../domain/plan/step-keys.ts';
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

/** Makes many steps as one change, all or none; each step sees the results of the earlier ones. */
export function reorganize(context: OperationContext, input: ReorganizeInput) {
  return runChange(context, 'reorganize', input, async (planContext) => {
    const { tx, today, unitOfWork, day, revision } = planContext;
    checkStepCount(planContext.issues, input);
    if (planContext.issues.hasErrors()) return { shown: {} };
    const keys = await planSteps(planContext, input);
    const chooseDisplayDay = (reshId: number) =>
      unitOfWork.draft.unit(reshId)?.versions.some((row) => covers(row, day)) ? day : dayBefore(day);
    return {
      requirements: await requireScopeToClose([...keys.closedDescendants], day, createScopeReader(tx, today)),
      shown: { units: [...keys.changedUnits].map((reshId) => ({ reshId, day: chooseDisplayDay(reshId), revision })) },
      keyedUnits: keys.keyedUnits,
    };
  });
}

function checkStepCount(issues: Issues, { steps }: ReorganizeInput): void {
  const count = steps.length;
  if (count === 0) issues.add('steps', stepsMissing());
  if (count > STEP_LIMIT) issues.add('steps', tooManySteps({ count, limit: STEP_LIMIT }));
}

async function planSteps(planContext: PlanContext, { steps }: ReorganizeInput): Promise<StepKeys> {
  const keys = new StepKeys();
  for (const [index, step] of steps.entries()) {
    await planStep(planContext, keys, step, index);
    await planContext.unitOfWork.recomputePaths();
    // Steps after a failed one would be checked against units that were not created.
    if (planContext.issues.hasErrors()) break;
  }
  return keys;
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
  const issues = planContext.issues.atStep('steps', index, name);
  await stepPlanners[name]({ ...planContext, issues }, keys, input);
}

type StepName = keyof ReorganizeStepInput;
type Step<Name extends StepName> = NonNullable<ReorganizeStepInput[Name]>;
type StepPlanners = {
  readonly [Name in StepName]-?: (planContext: PlanContext, keys: StepKeys, step: Step<Name>) => Promise<void>;
};

const stepPlanners: StepPlanners = {
  move: planMoveStep,
  update: planUpdateStep,
  create: planCreateStep,
  close: planCloseStep,
  merge: planMergeStep,
  split: planSplitStep,
  setCodes: planCodesStep,
};

async function planMoveStep(planContext: PlanContext, keys: StepKeys, step: Step<'move'>): Promise<void> {
  const { issues } = planContext;
  const reshId = keys.resolveChangedUnit(issues, step);
  const isRoot = step.newParentReshId === null && typeof step.newParentKey !== 'string';
  const newParentReshId = isRoot
    ? null
    : keys.resolveUnit(issues, step.newParentReshId, step.newParentKey, 'newParentReshId');
  if (reshId !== undefined && newParentReshId !== undefined) await planMove(planContext, { reshId, newParentReshId });
}

async function planUpdateStep(planContext: PlanContext, keys: StepKeys, step: Step<'update'>): Promise<void> {
  const reshId = keys.resolveChangedUnit(planContext.issues, step);
  if (reshId !== undefined) await planUpdate(planContext, { ...step, reshId });
}

async function planCreateStep(
  planContext: PlanContext,
  keys: StepKeys,
  { key, parentKey, ...step }: Step<'create'>,
): Promise<void> {
  const { issues } = planContext;
  const parentReshId = keys.resolveUnit(issues, step.parentReshId, parentKey, 'parentReshId');
  if (parentReshId !== undefined)
    keys.assign(issues, key, await planDepartment(planContext, { ...step, parentReshId }));
}

async function planCloseStep(planContext: PlanContext, keys: StepKeys, step: Step<'close'>): Promise<void> {
  const { issues } = planContext;
  const { withDescendants } = step;
  const reshId = keys.resolveChangedUnit(issues, step);
  const successorReshIds = keys.resolveUnits(issues, step.successorReshIds, step.successorKeys, 'successorKeys');
  if (reshId === undefined) return;
  const closed = await planClose(planContext, { reshId, successorReshIds, withDescendants });
  for (const id of closed) if (id !== reshId) keys.closedDescendants.add(id);
}

async function planMergeStep(planContext: PlanContext, keys: StepKeys, step: Step<'merge'>): Promise<void> {
  const { issues } = planContext;
  const { target, targetReshId, targetKey } = step;
  const sourceReshIds = keys.resolveUnits(issues, step.sourceReshIds, step.sourceKeys, 'sourceKeys');
  if (!target) {
    const into = keys.resolveUnit(issues, targetReshId, targetKey, 'targetReshId');
    if (into !== undefined)
      keys.assign(issues, null, await planMerge(planContext, { sourceReshIds, targetReshId: into }));
  } else if (typeof targetKey === 'string') issues.add('target', fieldsExclusive({ fields: ['targetKey', 'target'] }));
  else {
    const targetIssues = issues.at('target');
    const isRoot = typeof target.parentReshId !== 'number' && typeof target.parentKey !== 'string';
    const parentReshId = isRoot
      ? null
      : keys.resolveUnit(targetIssues, target.parentReshId, target.parentKey, 'parentReshId');
    if (parentReshId === undefined) return;
    const merger = { sourceReshIds, targetReshId, target: { ...target, parentReshId } };
    keys.assign(targetIssues, target.key, await planMerge(planContext, merger));
  }
  for (const source of sourceReshIds) keys.changedUnits.add(source);
}

async function planSplitStep(planContext: PlanContext, keys: StepKeys, step: Step<'split'>): Promise<void> {
  const { issues } = planContext;
  const reshId = keys.resolveChangedUnit(issues, step);
  const into = step.into.map(({ key, reshKey, childKeys, ...part }, index) => {
    const partIssues = issues.at('into', index);
    // A key lets later steps change a unit with the permissions of its creation; an existing unit requires more.
    if (typeof key === 'string' && (typeof part.reshId === 'number' || typeof reshKey === 'string'))
      partIssues.add('key', keyOfExistingUnit());
    return {
      ...part,
      reshId: typeof reshKey === 'string' ? keys.resolveUnit(partIssues, part.reshId, reshKey, 'reshId') : part.reshId,
      childReshIds: keys.resolveUnits(partIssues, part.childReshIds, childKeys, 'childKeys'),
    };
  });
  if (reshId === undefined || issues.hasErrors()) return;
  const parts = await planSplit(planContext, { reshId, into, keepSource: step.keepSource });
  parts.forEach((part, index) => keys.assign(issues.at('into', index), step.into[index]?.key, part));
}

async function planCodesStep(planContext: PlanContext, keys: StepKeys, step: Step<'setCodes'>): Promise<void> {
  const { add, end } = step;
  const reshId = keys.resolveChangedUnit(planContext.issues, step);
  if (reshId !== undefined) await planCodes(planContext, { reshId, add, end });
}
