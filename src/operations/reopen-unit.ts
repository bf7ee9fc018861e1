import type { ReopenUnitInput } from '../domain/plan/change-input.ts';
import { unitAlreadyValid } from '../domain/plan/messages/units.ts';
import { findOpening, planReopening, type ReferenceData, type PlannedOpening } from '../domain/plan/reopening.ts';
import { returnWithoutGap } from '../domain/plan/messages/reorganizations.ts';
import { endSuccessions, planSuccessions, reportProblems } from '../domain/plan/successions.ts';
import { findKnownUnit, findListedUnits, findValidVersion } from '../domain/plan/valid-unit.ts';
import type { NewSuccession } from '../domain/plan/write-set.ts';
import { covers } from '../domain/time/period.ts';
import type { UnitState } from '../domain/unit/state.ts';
import { readCodePeriods, readNumberHolders, readSitePeriods } from '../store/change/references.ts';
import { readDescendantIdsClosedWithUnit } from '../store/change/descendants.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

const PREDECESSORS = 'predecessorReshIds';

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

async function planReopen(planContext: PlanContext, input: ReopenUnitInput): Promise<void> {
  const { unitOfWork, issues, day } = planContext;
  const { draft } = unitOfWork;
  const { reshId, newParentReshId } = input;
  await unitOfWork.load([reshId]);
  const loaded = draft.unit(reshId);
  const opening = loaded && findOpening(loaded, day);
  const closedTogether = await readClosedTogether(planContext, input, opening);
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
  if (!unit || !opening || issues.hasErrors()) return;

  if (day === opening.template.to) await undoSuccessions(planContext, [reshId, ...closedTogether]);
  const descendants = closedTogether.flatMap((id) => draft.unit(id) ?? []);
  const openings = descendants.flatMap((descendant) => findOpening(descendant, day) ?? []);
  const known = await readReferences(planContext.tx, [unit, ...descendants], [opening, ...openings]);
  planReopening(draft, issues, unit, opening, known, parentReshId, 'newParentReshId');
  for (const id of closedTogether) {
    const descendant = draft.unit(id);
    const descendantOpening = descendant && findOpening(descendant, day);
    if (issues.hasErrors() || !descendant || !descendantOpening) continue;
    const parent = descendantOpening.template.parentReshId;
    planReopening(draft, issues, descendant, descendantOpening, known, parent, 'withDescendants');
  }
  await planReturn(planContext, reshId, predecessors);
}

/** Returns the descendants to reopen: those that the same change closed. */
async function readClosedTogether(
  { tx, day }: PlanContext,
  { withDescendants }: ReopenUnitInput,
  opening: PlannedOpening | undefined,
): Promise<readonly number[]> {
  const closedOn = opening?.template.to;
  if (withDescendants !== true || !opening || !closedOn) return [];
  if (opening.template.from >= opening.period.from) return [];
  return readDescendantIdsClosedWithUnit(tx, opening.template.path, closedOn, day);
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
async function readReferences(
  tx: PlanContext['tx'],
  units: readonly UnitState[],
  openings: readonly PlannedOpening[],
): Promise<ReferenceData> {
  const collectNumbers = (column: 'organizationNumber' | 'treatmentSiteNumber'): string[] =>
    openings.map(({ template }) => template[column]).filter((number) => number !== null);
  const codes = units.flatMap((unit) => unit.codes);
  return {
    codes: await readCodePeriods(tx, codes),
    sites: await readSitePeriods(tx, collectNumbers('treatmentSiteNumber')),
    numberHolders: await readNumberHolders(tx, collectNumbers('organizationNumber')),
  };
}
