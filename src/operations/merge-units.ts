import type { MergeTargetInput, MergeUnitsInput } from '../domain/plan/change-input.ts';
import { checkClosing, endUnit, findClosedReshIds } from '../domain/plan/closing.ts';
import { checkMergerInput, checkMergerTarget, type Merger } from '../domain/plan/merging.ts';
import { reparent } from '../domain/plan/reparenting.ts';
import { planClosingSuccessions } from '../domain/plan/successions.ts';
import { findKnownUnit, findListedUnits } from '../domain/plan/valid-unit.ts';
import { passSitesOn } from '../domain/plan/treatment-sites/pass-on-sites.ts';
import type { NewSuccession } from '../domain/plan/write-set.ts';
import { dayBefore, type Day } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import type { VersionRow } from '../domain/unit/state.ts';
import { endUnitGrants } from './engine/end-grants.ts';
import { checkNewUnitInput, planNewUnit, type NewUnit } from './engine/plan-new-unit.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

/**
 * Merges units into a new or an existing one from a day on. The sources keep their ids and their history; their codes
 * and grants are not transferred. The treatment sites whose legal entity is a source pass to the target.
 */
export function mergeUnits(context: OperationContext, input: MergeUnitsInput) {
  return runChange(context, 'mergeUnits', input, async (planContext) => {
    const target = await planMerge(planContext, input);
    const { day, revision } = planContext;
    const closed = [...new Set(input.sourceReshIds)].filter((reshId) => reshId !== target);
    const targets = target === undefined ? [] : [{ reshId: target, day, revision }];
    return {
      shown: { units: [...targets, ...closed.map((reshId) => ({ reshId, day: dayBefore(day), revision }))] },
    };
  });
}

/**
 * Plans a merger: each source except the target closes, and its children from the day on become children of the target.
 *
 * @returns RESH-id of the target; undefined if it cannot be the target
 */
export async function planMerge(planContext: PlanContext, input: Merger): Promise<number | undefined> {
  const { unitOfWork, day } = planContext;
  const { draft } = unitOfWork;
  const issues = planContext.issues.at();
  const sources = [...new Set(input.sourceReshIds)];
  const closing = sources.filter((reshId) => reshId !== input.targetReshId);
  const closingSet = new Set(closing);
  await unitOfWork.load([...sources, input.targetReshId]);
  const first = draft.unit(sources[0] ?? 0)?.versions.find((row) => covers(row, day));
  const childRows = await unitOfWork.findChildrenFrom(closing, day);
  const children = [...new Set(childRows.map(({ reshId }) => reshId))].filter((reshId) => !closingSet.has(reshId));

  checkMergerInput(issues, input);
  findListedUnits(issues, draft, input.sourceReshIds, 'sourceReshIds');
  const units = closing.flatMap((reshId) => draft.unit(reshId) ?? []);
  for (const unit of units) issues.add('effectiveOn', ...checkClosing(unit, day));
  if (typeof input.targetReshId === 'number') {
    const target = findKnownUnit(issues, draft, input.targetReshId, 'targetReshId');
    if (target) checkMergerTarget(issues, target, closing, day);
  }
  if (issues.hasErrors()) {
    if (input.newTarget)
      await checkNewUnitInput(
        { ...planContext, issues: issues.at('newTarget') },
        toNewUnit(input.newTarget, first, day),
      );
    return undefined;
  }

  await unitOfWork.load(children);
  const alreadyClosed = findClosedReshIds(units, day);
  // The sources close first, so that their numbers are free for a new target.
  for (const unit of units) endUnit(draft, unit, day);
  await endUnitGrants(planContext, closing, day);
  const targetReshId = input.newTarget ? await planTarget(planContext, input.newTarget, first) : input.targetReshId;
  if (typeof targetReshId !== 'number') return undefined;
  for (const child of children)
    issues.add(input.newTarget ? 'newTarget' : 'targetReshId', ...reparent(draft, child, closing, targetReshId, day));
  const known = await unitOfWork.findSuccessions([...closing, targetReshId]);
  const successions = closing.map((from): NewSuccession => ({
    from,
    to: targetReshId,
    effectiveOn: day,
    kind: 'MERGE',
    extent: 'FULL',
  }));
  const plannedClosing = { reshIds: closing, day, alreadyClosed };
  planClosingSuccessions(draft, issues, plannedClosing, successions, known, () => 'targetReshId');
  await planSites(planContext, closing, targetReshId);
  return targetReshId;
}

/** Plans that the treatment sites of the sources belong to the target. */
async function planSites({ unitOfWork, day }: PlanContext, sources: readonly number[], target: number): Promise<void> {
  const { draft, stored } = unitOfWork;
  // Earlier mergers of the change may have passed sites to the sources.
  const former = draft.sites.superseded.flatMap(({ legalEntityReshId }) => legalEntityReshId ?? []);
  const sites = await stored.findSitesOfLegalEntities([...sources, ...former]);
  const targetUnit = draft.unit(target) ?? { reshId: target, versions: undefined };
  passSitesOn(draft, sites, sources, targetUnit, day);
}

/** Plans the new target of a merger; returns undefined after an error. */
async function planTarget(
  planContext: PlanContext,
  target: MergeTargetInput,
  firstSource: VersionRow | undefined,
): Promise<number | undefined> {
  const issues = planContext.issues.at('newTarget');
  const reshId = await planNewUnit({ ...planContext, issues }, toNewUnit(target, firstSource, planContext.day));
  return issues.hasErrors() ? undefined : reshId;
}

function toNewUnit(target: MergeTargetInput, firstSource: VersionRow | undefined, day: Day): NewUnit {
  return {
    type: target.type ?? firstSource?.type ?? 'DEPARTMENT',
    facts: target,
    parent: { reshId: target.parentReshId ?? null, field: 'parentReshId' },
    organizationNumber: target.organizationNumber,
    period: { from: day, to: null },
  };
}
