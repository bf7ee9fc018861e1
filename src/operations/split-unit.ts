import type { FactsInput, SplitPartInput, SplitUnitInput } from '../domain/plan/change-input.ts';
import { checkClosing, endUnit, findClosedReshIds } from '../domain/plan/closing.ts';
import { applyTreatmentSite } from '../domain/plan/facts.ts';
import { checkTreatmentSite } from '../domain/plan/references.ts';
import { reparent } from '../domain/plan/reparenting.ts';
import { checkChildren, checkPartCount, checkParts, type Split, PART_LIMIT } from '../domain/plan/splitting.ts';
import { planClosingSuccessions, planSuccessions, reportProblems } from '../domain/plan/successions.ts';
import { findKnownUnit, findValidVersion } from '../domain/plan/valid-unit.ts';
import type { NewSuccession } from '../domain/plan/write-set.ts';
import { dayBefore } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import { findFactEnd } from '../domain/time/timeline.ts';
import type { UnitState, VersionRow } from '../domain/unit/state.ts';
import { endUnitGrants } from './engine/end-grants.ts';
import { checkNewUnitInput, planNewUnit } from './engine/plan-new-unit.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { planCodes } from './update-unit-codes.ts';

/** Splits a unit into several new or existing units from a day on. */
export function splitUnit(context: OperationContext, input: SplitUnitInput) {
  return runChange(context, 'splitUnit', input, async (planContext) => {
    const { day, revision, unitOfWork } = planContext;
    const parts = await planSplit(planContext, input);
    const isStillValid = unitOfWork.draft.unit(input.reshId)?.versions.some((row) => covers(row, day));
    const source = { reshId: input.reshId, day: isStillValid ? day : dayBefore(day), revision };
    return { shown: { units: [...parts.map((reshId) => ({ reshId, day, revision })), source] } };
  });
}

/**
 * Plans a split: each child goes to one of the parts, and the unit closes unless it is kept.
 *
 * @returns RESH-ids of the parts, in the order of the input
 */
export async function planSplit(planContext: PlanContext, input: Split): Promise<readonly number[]> {
  const { unitOfWork, day } = planContext;
  const { draft } = unitOfWork;
  const { reshId, into, keepSource } = input;
  const issues = planContext.issues.at();
  const assigned = into.flatMap(({ childReshIds }) => childReshIds ?? []);
  const children = [...new Set((await unitOfWork.findChildrenFrom([reshId], day)).map((child) => child.reshId))];
  await unitOfWork.load([reshId, ...into.map((part) => part.reshId), ...assigned, ...children]);

  const unit = findKnownUnit(issues, draft, reshId, 'reshId');
  const source = checkSplit({ ...planContext, issues }, input, unit, children);
  if (issues.hasErrors() || !unit || !source) {
    // Checking a part takes statements, and there may be any number of parts.
    for (const [index, part] of into.slice(0, PART_LIMIT).entries())
      await checkPartInput({ ...planContext, issues: issues.at('into', index) }, part);
    return [];
  }

  const alreadyClosed = findClosedReshIds([unit], day);
  // The unit closes first, so that its number is free for a part.
  if (!keepSource) {
    endUnit(draft, unit, day);
    await endUnitGrants(planContext, [reshId], day);
  }
  const parts: number[] = [];
  for (const [index, part] of into.entries())
    parts.push(await planPart({ ...planContext, issues: issues.at('into', index) }, reshId, part, source));
  const known = await unitOfWork.findSuccessions([reshId, ...parts]);
  const successions = parts.map((part): NewSuccession => ({
    from: reshId,
    to: part,
    effectiveOn: day,
    kind: 'SPLIT',
    extent: 'PARTIAL',
  }));
  const findField = ({ to }: NewSuccession) => ['into', parts.indexOf(to)];
  if (keepSource) planSuccessions(draft, successions, known, reportProblems(issues, draft, findField));
  else planClosingSuccessions(draft, issues, { reshIds: [reshId], day, alreadyClosed }, successions, known, findField);
  return parts;
}

/** Checks a split; returns the version of the unit that its parts begin with. */
function checkSplit(
  { issues, day, unitOfWork }: PlanContext,
  input: Split,
  unit: UnitState | undefined,
  children: readonly number[],
): VersionRow | undefined {
  checkPartCount(issues, input);
  checkParts(issues, unitOfWork.draft, input);
  if (!unit) return undefined;
  // A unit that already closed on the day can get other successors; its last day counts.
  const isClosed = !input.keepSource && unit.versions.at(-1)?.to === day;
  const source = findValidVersion(issues, unit, isClosed ? dayBefore(day) : day);
  if (source && !input.keepSource) issues.add('effectiveOn', ...checkClosing(unit, day));
  checkChildren(issues, unitOfWork.draft, input, unit, children, day);
  return source;
}

/** Checks a part of a split that has another error. */
async function checkPartInput(planContext: PlanContext, part: SplitPartInput): Promise<void> {
  const { day } = planContext;
  if (typeof part.reshId === 'number') await planExistingPart(planContext, part, part.reshId);
  else await checkNewUnitInput(planContext, { ...part, facts: toNewFacts(part), period: { from: day, to: null } });
}

function toNewFacts(part: SplitPartInput): FactsInput {
  return { ...part, name: part.name ?? null };
}

/** Plans a part with its children; returns its RESH-id. */
async function planPart(
  planContext: PlanContext,
  sourceReshId: number,
  part: SplitPartInput,
  source: VersionRow,
): Promise<number> {
  const { unitOfWork, issues, day } = planContext;
  const { type, organizationNumber, codes, treatmentSite } = part;
  if (typeof part.reshId === 'number') await planExistingPart(planContext, part, part.reshId);
  const reshId =
    part.reshId ??
    (await planNewUnit(planContext, {
      type: type ?? source.type,
      facts: toNewFacts(part),
      parent: { reshId: source.parentReshId, field: 'reshId' },
      organizationNumber,
      codes,
      treatmentSite,
      period: { from: day, to: null },
    }));
  if (issues.hasErrors()) return reshId;
  for (const [index, child] of (part.childReshIds ?? []).entries()) {
    // A child or one of its descendants may also be a part, so each reparenting needs the paths after the previous one.
    issues.add(['childReshIds', index], ...reparent(unitOfWork.draft, child, [sourceReshId], reshId, day));
    await unitOfWork.recomputePaths();
  }
  return reshId;
}

async function planExistingPart(planContext: PlanContext, part: SplitPartInput, reshId: number): Promise<void> {
  const { unitOfWork, issues, day } = planContext;
  const { codes, treatmentSite } = part;
  const unit = findKnownUnit(issues, unitOfWork.draft, reshId, 'reshId');
  if (!unit || !findValidVersion(issues, unit, day)) return;
  if (codes) await planCodes(planContext, { reshId, add: codes }, 'codes');
  if (typeof treatmentSite !== 'string') return;
  const end = findFactEnd(unit.versions, day, (row) => row.treatmentSiteNumber);
  const problems = checkTreatmentSite(treatmentSite, await unitOfWork.stored.findSitePeriods([treatmentSite]), {
    from: day,
    to: end?.to ?? null,
  });
  issues.add('treatmentSite', ...problems);
  if (problems.length === 0) applyTreatmentSite(unitOfWork.draft, reshId, { day }, treatmentSite);
}
