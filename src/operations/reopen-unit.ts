import type { CommonInput, ReopenUnitInput } from '../domain/plan/change-input.ts';
import { unitAlreadyValid } from '../domain/plan/messages/units.ts';
import { warnAboutServices } from '../domain/plan/references.ts';
import {
  describeLostPlans,
  findOpening,
  planReopening,
  restorePlannedEnd,
  type ReferenceData,
  type PlannedOpening,
} from '../domain/plan/reopening.ts';
import { returnWithoutGap } from '../domain/plan/messages/reorganizations.ts';
import { endSuccessions, planSuccessions, reportProblems } from '../domain/plan/successions.ts';
import { findKnownUnit, findListedUnits, findValidVersion } from '../domain/plan/valid-unit.ts';
import type { NewSuccession } from '../domain/plan/write-set.ts';
import { covers } from '../domain/time/period.ts';
import type { UnitState } from '../domain/unit/state.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { UnitOfWork } from './engine/unit-of-work.ts';
import { planCodes } from './update-unit-codes.ts';

const PREDECESSORS = 'predecessorReshIds';

type Reopening = Omit<ReopenUnitInput, keyof CommonInput>;

/**
 * Makes a closed unit valid again from a day on, as it was on its last day. On a day before its first day, the unit
 * begins earlier. Descendants that the same change closed reopen too if requested. The units that it comes out of get a
 * succession and stay as they are.
 */
export function reopenUnit(context: OperationContext, input: ReopenUnitInput) {
  return runChange(context, 'reopenUnit', input, async (planContext) => {
    await planReopen(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/**
 * Plans that a closed unit is valid again, with its descendants that closed with it if requested.
 *
 * @returns the parents of all units that reopen, by unit
 */
export async function planReopen(
  planContext: PlanContext,
  input: Reopening,
): Promise<ReadonlyMap<number, number | null>> {
  const { unitOfWork, day } = planContext;
  const { draft } = unitOfWork;
  const issues = planContext.issues.at();
  const { reshId, newParentReshId, treatmentSite } = input;
  await unitOfWork.load([reshId]);
  const loaded = draft.unit(reshId);
  const opening = loaded && findOpening(loaded, day);
  const closedTogether = await findClosedTogether(planContext, input, opening);
  const parentReshId = newParentReshId ?? opening?.template.parentReshId ?? null;
  const predecessors = input.predecessorReshIds ?? [];
  await unitOfWork.load([parentReshId, ...closedTogether, ...predecessors]);

  const unit = findKnownUnit(issues, draft, reshId, 'reshId');
  if (unit && (unit.versions.some((row) => covers(row, day)) || !opening))
    issues.add('effectiveOn', unitAlreadyValid({ unit, day }));
  if (!opening && typeof newParentReshId === 'number') findKnownUnit(issues, draft, newParentReshId, 'newParentReshId');
  for (const predecessor of findListedUnits(issues, draft, predecessors, PREDECESSORS))
    findValidVersion(issues, predecessor.unit, day, predecessor.path);
  if (unit && predecessors.length > 0 && opening?.template.to === day)
    issues.add(PREDECESSORS, returnWithoutGap({ unit, day }));
  if (!unit || !opening || issues.hasErrors()) return new Map();

  if (day === opening.template.to) await undoSuccessions(planContext, [reshId, ...closedTogether]);
  const openings = await findOpenings(planContext, [reshId, ...closedTogether]);
  const root = openings[0];
  if (root && treatmentSite !== undefined) root.opening = changeSite(root.opening, treatmentSite);
  const known = await findReferences(unitOfWork, openings);
  const reopened = new Map<number, number | null>();
  for (const { unit: opened, opening: planned, before } of openings) {
    if (issues.hasErrors()) break;
    const isRoot = opened.reshId === reshId;
    const parent = isRoot ? parentReshId : planned.template.parentReshId;
    planReopening(draft, issues, opened, planned, known, parent, isRoot ? 'newParentReshId' : 'withDescendants');
    if (before) draft.addNotes(...describeLostPlans(opened, planned, before));
    reopened.set(opened.reshId, parent);
  }
  if (!issues.hasErrors() && typeof treatmentSite === 'string') await warnAboutSite(planContext, reshId);
  if (!issues.hasErrors() && input.codes) await planCodes(planContext, { reshId, add: input.codes }, 'codes');
  await planReturn({ ...planContext, issues }, reshId, predecessors);
  return reopened;
}

function changeSite(opening: PlannedOpening, treatmentSiteNumber: string | null): PlannedOpening {
  return { ...opening, template: { ...opening.template, treatmentSiteNumber }, newSite: treatmentSiteNumber };
}

async function warnAboutSite({ unitOfWork, issues, day }: PlanContext, reshId: number): Promise<void> {
  const unit = unitOfWork.draft.unit(reshId);
  const path = unit?.versions.find((row) => covers(row, day))?.path;
  if (!unit || !path) return;
  const enterpriseNumber = await unitOfWork.findEnterpriseNumber(path, day);
  warnAboutServices(issues, unit, day, enterpriseNumber, { site: 'treatmentSite' });
}

/** A unit that reopens, with its opening, and as it was before it closed if it had no end from the start. */
interface ReopenedUnit {
  readonly unit: UnitState;
  opening: PlannedOpening;
  readonly before: UnitState | undefined;
}

/** Returns the openings of units on a day, each until the end that was planned before its unit closed. */
async function findOpenings({ unitOfWork, day }: PlanContext, reshIds: readonly number[]): Promise<ReopenedUnit[]> {
  const openings = reshIds.flatMap((reshId) => {
    const unit = unitOfWork.draft.unit(reshId);
    const opening = unit && findOpening(unit, day);
    return opening ? [{ unit, opening }] : [];
  });
  const closed = openings.flatMap(({ unit: { reshId }, opening: { template, period } }) =>
    template.to !== null && template.to <= period.from ? [{ reshId, closedOn: template.to }] : [],
  );
  const states = await unitOfWork.findStatesBeforeClosing(closed);
  return openings.map(({ unit, opening }) => {
    const before = states.get(unit.reshId);
    return { unit, opening: restorePlannedEnd(opening, before), before };
  });
}

/** Returns the descendants to reopen: those that the same change closed. */
async function findClosedTogether(
  { unitOfWork, day }: PlanContext,
  { reshId, withDescendants }: Reopening,
  opening: PlannedOpening | undefined,
): Promise<readonly number[]> {
  const closedOn = opening?.template.to;
  if (withDescendants !== true || !opening || !closedOn) return [];
  const { path, from } = opening.template;
  if (from >= opening.period.from) return [];
  return unitOfWork.findClosedTogether(reshId, { path, closedOn, until: day });
}

/** Plans the successions from the units that a unit comes out of. */
async function planReturn(
  { unitOfWork, issues, day }: PlanContext,
  reshId: number,
  predecessors: readonly number[],
): Promise<void> {
  if (predecessors.length === 0) return;
  const known = await unitOfWork.findSuccessions([...predecessors, reshId]);
  const successions = predecessors.map((from): NewSuccession => ({
    from,
    to: reshId,
    effectiveOn: day,
    kind: 'SPLIT',
    extent: 'PARTIAL',
  }));
  const findField = ({ from }: NewSuccession) => [PREDECESSORS, predecessors.indexOf(from)];
  planSuccessions(unitOfWork.draft, successions, known, reportProblems(issues, unitOfWork.draft, findField));
}

/** Ends the successions of units that reopen on the day they closed: without a closing, there is no succession. */
async function undoSuccessions({ unitOfWork, day }: PlanContext, reshIds: readonly number[]): Promise<void> {
  const known = await unitOfWork.findSuccessions(reshIds);
  endSuccessions(unitOfWork.draft, reshIds, known, ({ effectiveOn }) => effectiveOn === day);
}

/** Reads the states of the references of units, in three statements for any number of units. */
async function findReferences(unitOfWork: UnitOfWork, reopened: readonly ReopenedUnit[]): Promise<ReferenceData> {
  const collectNumbers = (column: 'organizationNumber' | 'treatmentSiteNumber'): string[] => [
    ...new Set(reopened.map(({ opening }) => opening.template[column]).filter((number) => number !== null)),
  ];
  const numbers = collectNumbers('organizationNumber');
  const holders = await Promise.all(
    numbers.map(async (organizationNumber) =>
      (await unitOfWork.findNumberHolders(organizationNumber)).map((holder) => ({ ...holder, organizationNumber })),
    ),
  );
  return {
    codes: await unitOfWork.stored.findCodePeriods(reopened.flatMap(({ unit }) => unit.codes)),
    sites: await unitOfWork.stored.findSitePeriods(collectNumbers('treatmentSiteNumber')),
    numberHolders: holders.flat(),
  };
}
