import { createScopeReader } from '../auth/authorizer.ts';
import type { Requirement } from '../auth/scope.ts';
import { collectUndoRequirements } from '../auth/undo-requirements.ts';
import type { UndoChangeInput } from '../domain/plan/change-input.ts';
import { isValidOnOrAfter } from '../domain/plan/grants.ts';
import type { Issues } from '../domain/plan/issues.ts';
import {
  changeTooLarge,
  codeListsChanged,
  fieldChangedLater,
  moreConflicts,
  revisionNotFound,
} from '../domain/plan/messages/undoing.ts';
import { describeAlteration } from '../domain/plan/undo/alteration.ts';
import type { UndoRange } from '../domain/plan/undo/three-way-merge.ts';
import { describeUnitField } from '../domain/plan/undo/undo-unit.ts';
import type { Problem } from '../domain/plan/user-error.ts';
import { FIRST_DAY, type Day } from '../domain/time/day.ts';
import { readGrantsOfSubject } from '../store/change/access.ts';
import { readUndoneChange } from '../store/change/undone-change.ts';
import { checkExpectedUnits } from './engine/expected-revision.ts';
import type { PlanContext, PlanResult } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import { planUndoneAccess, readUndoneAccess, type UndoneAccess } from './engine/undo/plan-access.ts';
import { planUndoneNodes, readUndoneNodes, type UndoneNode } from './engine/undo/plan-nodes.ts';
import { planUndoneSites, readUndoneSites, type UndoneSite } from './engine/undo/plan-sites.ts';
import {
  planUndoneSuccessions,
  readUndoneSuccessions,
  type UndoneSuccessions,
} from './engine/undo/plan-successions.ts';
import { planUndoneUnits } from './engine/undo/plan-units.ts';
import { readUndoableUnits, type UndoableUnit } from './engine/undo/undone-units.ts';

/** Largest number of units that a change to undo may have altered. */
export const UNDO_UNIT_LIMIT = 5_000;

// A change of thousands of units may conflict with as many later ones.
const CONFLICT_LIMIT = 100;

/** Everything that a change altered, with the change taken back. */
interface Undone {
  readonly units: readonly UndoableUnit[];
  readonly sites: readonly UndoneSite[];
  readonly successions: UndoneSuccessions;
  readonly nodes: readonly UndoneNode[];
  readonly access: UndoneAccess;
}

/**
 * Takes a change back on all days, or from a day on, as one new change. Facts that the change did not alter stay as
 * they are now. If a later change builds on the change, nothing is taken back. Access that the change gave ends; access
 * that it ended is not given back. RESH-ids that it gave stay reserved, and a treatment site that it registered and
 * that units use stays registered.
 */
export function undoChange(context: OperationContext, input: UndoChangeInput) {
  return runChange(context, 'undoChange', input, (planContext) => planUndo(planContext, input));
}

async function planUndo(planContext: PlanContext, input: UndoChangeInput): Promise<PlanResult> {
  const { tx, issues } = planContext;
  const newest = planContext.revision - 1;
  const { revision } = input;
  if (revision < 1 || revision > newest) {
    issues.add('revision', revisionNotFound({ revision, newest }));
    return { shown: {} };
  }
  const { reshIds, changesCodes } = await readUndoneChange(tx, revision, UNDO_UNIT_LIMIT);
  if (changesCodes) issues.add('revision', codeListsChanged({ revision }));
  if (reshIds.length > UNDO_UNIT_LIMIT) issues.add('revision', changeTooLarge({ revision, limit: UNDO_UNIT_LIMIT }));
  if (issues.hasErrors()) return { shown: {} };

  const range = { revision, newest, from: input.effectiveOn ?? FIRST_DAY };
  const undone = await readUndone(planContext, reshIds, range);
  const requirements = await collectRequirements(planContext, undone, range);
  await checkExpectedUnits(planContext, reshIds, input.expectedRevision);
  reportProblems(issues, [
    ...listFieldConflicts(undone.units),
    ...(await planUndoneUnits(planContext, undone.units, undone.sites, revision)),
    ...(await planUndoneSuccessions(planContext, undone.successions, undone.units, revision)),
    ...planUndoneSites(planContext, undone.sites),
  ]);
  await planUndoneNodes(planContext, undone.nodes);
  await planUndoneAccess(planContext, undone.access, undone.units);
  return {
    requirements,
    shown: {},
    ...(typeof input.effectiveOn !== 'string' && { effectiveOn: findFirstDay(undone) }),
  };
}

async function readUndone(planContext: PlanContext, reshIds: readonly number[], range: UndoRange): Promise<Undone> {
  const units = await readUndoableUnits(planContext, reshIds, range);
  return {
    units,
    sites: await readUndoneSites(planContext, units, range),
    successions: await readUndoneSuccessions(planContext, range),
    nodes: await readUndoneNodes(planContext, range),
    access: await readUndoneAccess(planContext, range),
  };
}

async function collectRequirements(
  { tx, today }: PlanContext,
  { units, sites, nodes, access }: Undone,
  { from }: UndoRange,
): Promise<Requirement[]> {
  const renamed = access.persons.filter(({ now, result }) => now !== result);
  return collectUndoRequirements(
    {
      units: units.map(({ before, after }) => describeAlteration(before, after, from)),
      legalEntityReshIds: sites.flatMap(({ legalEntityReshIds }) => legalEntityReshIds),
      mappedReshIds: nodes.flatMap(({ mappedReshIds }) => mappedReshIds),
      grantsAdded: access.altered.filter(({ added }) => added.length > 0),
      grantsEnded: access.altered.filter(({ ended }) => ended.length > 0),
      // A change names one person.
      persons: await Promise.all(
        renamed.map(async ({ subject }) => {
          const held = await readGrantsOfSubject(tx, subject);
          return { subject, held: held.filter((grant) => isValidOnOrAfter(grant, today)) };
        }),
      ),
      accessDay: access.day,
    },
    createScopeReader(tx, today),
  );
}

/** Returns an error for each field of a unit that later changes have changed. */
function listFieldConflicts(units: readonly UndoableUnit[]): Problem[] {
  return units.flatMap(({ now, before, after, conflicts }) => {
    const named = [now, after, before].find(({ versions }) => versions.length > 0) ?? now;
    return conflicts.map(({ field, day, revisions }) =>
      fieldChangedLater({ unit: named, field: describeUnitField(field), day, revisions }),
    );
  });
}

/** Adds the first problems of many, and their number beyond those. */
function reportProblems(issues: Issues, problems: readonly Problem[]): void {
  const omitted = problems.length - CONFLICT_LIMIT;
  issues.add('revision', ...problems.slice(0, CONFLICT_LIMIT));
  if (omitted > 0) issues.add('revision', moreConflicts({ omitted }));
}

/** Returns the first known day on which the undo alters a unit, site, succession or node; null if there is none. */
function findFirstDay({ units, sites, successions, nodes }: Undone): Day | null {
  const days = [
    ...units.flatMap(({ restorations }) => restorations.map(({ period }) => period.from)),
    ...[...successions.recorded, ...successions.ended].map(({ effectiveOn }) => effectiveOn),
    ...[...sites, ...nodes].flatMap(({ firstDay }) => (firstDay === FIRST_DAY ? [] : (firstDay ?? []))),
  ].sort();
  return days[0] ?? null;
}
