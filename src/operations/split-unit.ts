import type { SplitPartInput, SplitUnitInput } from '../domain/plan/change-input.ts';
import { findClosedReshIds, validateClosing, endUnit } from '../domain/plan/closing.ts';
import type { NewSuccession } from '../domain/plan/draft.ts';
import { applyTreatmentSite } from '../domain/plan/facts.ts';
import { unitLabel, unitNotFoundError, findVersionOn } from '../domain/plan/parent-rules.ts';
import { validateTreatmentSite } from '../domain/plan/references.ts';
import { reparent } from '../domain/plan/reparenting.ts';
import { planClosingSuccessions, planSuccessions } from '../domain/plan/successions.ts';
import { userError, type UserError } from '../domain/plan/user-error.ts';
import { dayBefore } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import { findFactEnd } from '../domain/time/timeline.ts';
import type { VersionRow } from '../domain/unit/state.ts';
import { readSitePeriods } from '../store/change/references.ts';
import { endUnitGrants } from './engine/end-grants.ts';
import { planNewUnit } from './engine/plan-new-unit.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { planCodes } from './set-unit-codes.ts';

export const PART_LIMIT = 100;

type Split = Pick<SplitUnitInput, 'reshId' | 'into' | 'keepSource'>;

/** Splits a unit into several, new or existing ones, from a day on. */
export function splitUnit(context: OperationContext, input: SplitUnitInput) {
  return runChange(context, 'splitUnit', input, async (planContext) => {
    const { day, revision, unitOfWork } = planContext;
    const parts = await planSplit(planContext, input);
    const isStillValid = unitOfWork.draft.unit(input.reshId)?.versions.some((row) => covers(row, day));
    return {
      shown: {
        units: [
          ...parts.map((reshId) => ({ reshId, day, revision })),
          { reshId: input.reshId, day: isStillValid ? day : dayBefore(day), revision },
        ],
      },
    };
  });
}

/**
 * Plans one unit as several: each child goes to one of the parts, and the source closes unless it is kept.
 *
 * @returns RESH-ids of the parts, in the order of the input
 */
export async function planSplit(planContext: PlanContext, input: Split): Promise<readonly number[]> {
  const { unitOfWork, day } = planContext;
  const { draft } = unitOfWork;
  const { reshId, into, keepSource } = input;
  await unitOfWork.load([reshId, ...into.map((part) => part.reshId)]);
  const unit = draft.unit(reshId);
  if (!unit) {
    draft.errors.push(unitNotFoundError(reshId, 'reshId'));
    return [];
  }
  // One that has closed on the day already, and is said to become others than before, is as on its last day.
  const isClosed = !keepSource && unit.versions.at(-1)?.to === day;
  const found = findVersionOn(reshId, unit.versions, isClosed ? dayBefore(day) : day);
  const children = [...new Set((await unitOfWork.findChildrenFrom([reshId], day)).map((child) => child.reshId))];
  const closingProblem = keepSource ? undefined : validateClosing(unit, day);
  const errors = [
    ...validateInput(input),
    ...validateParts(input),
    ...('error' in found ? [found.error] : closingProblem ? [closingProblem] : []),
    ...validateChildren(input, unit.versions, children, day),
  ];
  draft.errors.push(...errors);
  if (errors.length > 0 || 'error' in found) return [];

  await unitOfWork.load(children);
  const alreadyClosed = findClosedReshIds([unit], day);
  // The source closes first: its number is free for a part.
  if (!keepSource) {
    endUnit(draft, unit, day);
    await endUnitGrants(planContext, [reshId]);
  }
  const parts: number[] = [];
  for (const [index, part] of into.entries())
    await unitOfWork.withErrorPath(['into', String(index)], async () => {
      const before = draft.errors.length;
      const partReshId = await planPart(planContext, part, found.row);
      parts.push(partReshId);
      if (draft.errors.length > before) return;
      for (const [childIndex, child] of (part.childReshIds ?? []).entries()) {
        // A child, or what stands beneath it, may be a part too: each sees where the last has gone.
        reparent(draft, child, [reshId], partReshId, day, ['childReshIds', String(childIndex)]);
        await unitOfWork.recomputePaths();
      }
    });
  const known = await unitOfWork.findSuccessions([reshId, ...parts]);
  const newSuccessions = parts.map((part): NewSuccession => ({
    ...{ from: reshId, to: part, effectiveOn: day },
    ...{ kind: 'SPLIT', extent: 'PARTIAL' },
  }));
  if (keepSource) planSuccessions(draft, newSuccessions, known, 'into');
  else planClosingSuccessions(draft, { reshIds: [reshId], day, alreadyClosed }, newSuccessions, known, 'into');
  return parts;
}

function validateInput({ into, keepSource }: Split): UserError[] {
  return [
    ...(into.length === 0 || (into.length === 1 && !keepSource)
      ? [
          userError(
            'REQUIRED',
            'into',
            'A unit is split into two parts at least, or into one beside itself with keepSource; name them.',
          ),
        ]
      : []),
    ...(into.length > PART_LIMIT
      ? [userError('TOO_MANY', 'into', `${into.length} parts are named, and ${PART_LIMIT} are allowed.`)]
      : []),
  ];
}

/** Whether each part is one unit, or says how a new one is to be. */
function validateParts({ reshId, into }: Split): UserError[] {
  const firstIndexByPart = firstIndexes(into.map((part) => part.reshId));
  return into.flatMap(
    ({ childReshIds: _children, codes: _codes, treatmentSite: _site, reshId: part, ...facts }, index) => {
      if (!isNumber(part)) return [];
      const path = ['into', String(index)];
      const givenFacts = Object.entries(facts).flatMap(([fact, value]) => (value === undefined ? [] : [fact]));
      return [
        ...(part === reshId
          ? [
              userError(
                'NOT_ALLOWED',
                [...path, 'reshId'],
                `Unit ${part} is no part of itself; with keepSource it stays, with the children that no part gets.`,
              ),
            ]
          : []),
        ...(firstIndexByPart.get(part) !== index
          ? [userError('GIVEN_TWICE', [...path, 'reshId'], `Unit ${part} is two of the parts; make them one.`)]
          : []),
        ...givenFacts.map((fact) =>
          userError(
            'NOT_ALLOWED',
            [...path, fact],
            `Unit ${part} is there already, and «${fact}» is for a new one; leave it out, and update the unit instead.`,
          ),
        ),
      ];
    },
  );
}

/** The place at which each is named first. */
function firstIndexes<Value>(values: readonly Value[]): Map<Value, number> {
  return new Map(values.map((value, index): [Value, number] => [value, index]).reverse());
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** Whether each child goes to one part, and every child to some part. */
function validateChildren(
  { reshId, into, keepSource }: Split,
  versions: readonly VersionRow[],
  children: readonly number[],
  day: string,
): UserError[] {
  const assigned = into.flatMap(({ childReshIds }, index) =>
    (childReshIds ?? []).map((child, childIndex) => ({
      child,
      field: ['into', String(index), 'childReshIds', String(childIndex)],
    })),
  );
  const name = unitLabel(reshId, versions);
  const childReshIdSet = new Set(children);
  const firstIndexByChild = firstIndexes(assigned.map(({ child }) => child));
  const missing = children.filter((child) => !firstIndexByChild.has(child));
  return [
    ...assigned.flatMap(({ child, field }, index) => [
      ...(childReshIdSet.has(child)
        ? []
        : [
            userError(
              'NOT_FOUND',
              field,
              `Unit ${child} does not stand beneath unit ${name} on ${day} or later; leave it out.`,
            ),
          ]),
      ...(firstIndexByChild.get(child) !== index
        ? [userError('GIVEN_TWICE', field, `Unit ${child} is given to two parts; keep one.`)]
        : []),
    ]),
    ...(missing.length > 0 && !keepSource
      ? [
          userError(
            'HAS_OPEN_CHILDREN',
            'into',
            `Unit ${name} has ${missing.length} children that no part gets: ${missing.slice(0, 10).join(', ')}; give each to a part, or keep the source with keepSource.`,
          ),
        ]
      : []),
  ];
}

async function planPart(planContext: PlanContext, part: SplitPartInput, source: VersionRow): Promise<number> {
  if (isNumber(part.reshId)) {
    await planExistingPart(planContext, part, part.reshId);
    return part.reshId;
  }
  return planNewUnit(planContext, {
    type: part.type ?? source.type,
    facts: { ...part, name: part.name ?? null },
    parent: { reshId: source.parentReshId, field: 'reshId' },
    organizationNumber: part.organizationNumber,
    codes: part.codes,
    treatmentSite: part.treatmentSite,
    period: { from: planContext.day, to: null },
  });
}

async function planExistingPart(planContext: PlanContext, part: SplitPartInput, reshId: number): Promise<void> {
  const { tx, unitOfWork, day } = planContext;
  const { draft } = unitOfWork;
  const unit = draft.unit(reshId);
  if (!unit) return void draft.errors.push(unitNotFoundError(reshId, 'reshId'));
  const found = findVersionOn(reshId, unit.versions, day);
  if ('error' in found) return void draft.errors.push(found.error);
  await unitOfWork.withMappedErrorFields(
    (field) => (field[0] === 'add' ? ['codes', ...field.slice(1)] : field),
    async () => {
      if (part.codes) await planCodes(planContext, { reshId, add: part.codes });
    },
  );
  if (typeof part.treatmentSite !== 'string') return;
  const end = findFactEnd(unit.versions, day, (row) => row.treatmentSiteNumber);
  const errors = validateTreatmentSite(
    part.treatmentSite,
    await readSitePeriods(tx, [part.treatmentSite]),
    { from: day, to: end?.to ?? null },
    'treatmentSite',
  );
  draft.errors.push(...errors);
  if (errors.length === 0) applyTreatmentSite(draft, reshId, day, part.treatmentSite);
}
