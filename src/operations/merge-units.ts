import type { MergeUnitsInput } from '../domain/plan/change-input.ts';
import { findClosedReshIds, validateClosing, endUnit } from '../domain/plan/closing.ts';
import type { NewSuccession } from '../domain/plan/draft.ts';
import { unitLabel, unitNotFoundError, findVersionOn } from '../domain/plan/parent-rules.ts';
import { reparent } from '../domain/plan/reparenting.ts';
import { planClosingSuccessions } from '../domain/plan/successions.ts';
import { userError, type UserError } from '../domain/plan/user-error.ts';
import { dayBefore } from '../domain/time/day.ts';
import { covers, findFirstUncoveredDay, overlap } from '../domain/time/period.ts';
import { endUnitGrants } from './engine/end-grants.ts';
import { planNewUnit } from './engine/plan-new-unit.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

export const SOURCE_LIMIT = 100;

type Merge = Pick<MergeUnitsInput, 'sourceReshIds' | 'targetReshId' | 'target'>;

/**
 * Merges units into a new or an existing one from a day on. The sources keep their ids and their history; their codes, sites and
 * grants are not carried over.
 */
export function mergeUnits(context: OperationContext, input: MergeUnitsInput) {
  return runChange(context, 'mergeUnits', input, async (planContext) => {
    const target = await planMerge(planContext, input);
    const { day, revision } = planContext;
    const closed = [...new Set(input.sourceReshIds)].filter((reshId) => reshId !== target);
    return {
      shown: {
        units: [
          ...(target === undefined ? [] : [{ reshId: target, day, revision }]),
          ...closed.map((reshId) => ({ reshId, day: dayBefore(day), revision })),
        ],
      },
    };
  });
}

/**
 * Plans units into one: each source but the target closes, and what would have stood beneath it from the day on stands beneath the
 * target.
 *
 * @returns RESH-id of the target; undefined where something is to be mended
 */
export async function planMerge(planContext: PlanContext, input: Merge): Promise<number | undefined> {
  const { unitOfWork, day } = planContext;
  const { draft } = unitOfWork;
  const { target } = input;
  const sources = [...new Set(input.sourceReshIds)];
  const closing = sources.filter((reshId) => reshId !== input.targetReshId);
  const closingSet = new Set(closing);
  await unitOfWork.load([...sources, input.targetReshId]);
  const first = draft.unit(sources[0] ?? 0)?.versions.find((row) => covers(row, day));
  const children = [...new Set((await unitOfWork.findChildrenFrom(closing, day)).map(({ reshId }) => reshId))].filter(
    (reshId) => !closingSet.has(reshId),
  );
  const units = closing.flatMap((reshId) => draft.unit(reshId) ?? []);
  const errors = [
    ...validateInput(input),
    ...closing.filter((reshId) => !draft.unit(reshId)).map((reshId) => unitNotFoundError(reshId, 'sourceReshIds')),
    ...units.flatMap((unit) => validateClosing(unit, day) ?? []),
    ...(typeof input.targetReshId === 'number' ? validateTarget(planContext, input.targetReshId, closing) : []),
  ];
  draft.errors.push(...errors);
  if (errors.length > 0) return undefined;

  await unitOfWork.load(children);
  const alreadyClosed = findClosedReshIds(units, day);
  // Sources close first: their numbers are free for a new target.
  for (const unit of units) endUnit(draft, unit, day);
  await endUnitGrants(planContext, closing);
  let targetReshId = input.targetReshId ?? 0;
  if (target) {
    const before = draft.errors.length;
    await unitOfWork.withErrorPath(['target'], async () => {
      targetReshId = await planNewUnit(planContext, {
        type: target.type ?? first?.type ?? 'DEPARTMENT',
        facts: target,
        parent: { reshId: target.parentReshId ?? null, field: 'parentReshId' },
        organizationNumber: target.organizationNumber,
        period: { from: day, to: null },
      });
    });
    if (draft.errors.length > before) return undefined;
  }
  for (const child of children)
    reparent(draft, child, closing, targetReshId, day, [target ? 'target' : 'targetReshId']);
  const known = await unitOfWork.findSuccessions([...closing, targetReshId]);
  const newSuccessions = closing.map((from): NewSuccession => ({
    ...{ from, to: targetReshId, effectiveOn: day },
    ...{ kind: 'MERGE', extent: 'FULL' },
  }));
  planClosingSuccessions(draft, { reshIds: closing, day, alreadyClosed }, newSuccessions, known, 'targetReshId');
  return targetReshId;
}

function validateInput({ sourceReshIds, targetReshId, target }: Merge): UserError[] {
  return [
    ...(sourceReshIds.length === 0 ? [userError('REQUIRED', 'sourceReshIds', 'Name the units to merge.')] : []),
    ...(sourceReshIds.length > SOURCE_LIMIT
      ? [
          userError(
            'TOO_MANY',
            'sourceReshIds',
            `${sourceReshIds.length} units are named, and ${SOURCE_LIMIT} can be merged at once.`,
          ),
        ]
      : []),
    ...(typeof targetReshId !== 'number' && !target
      ? [
          userError(
            'REQUIRED',
            'targetReshId',
            'Say what the units become: «targetReshId», a unit that is there, or «target», a new one.',
          ),
        ]
      : []),
    ...(typeof targetReshId === 'number' && target
      ? [userError('NOT_ALLOWED', 'target', '«targetReshId» and «target» exclude each other; give one.')]
      : []),
  ];
}

function validateTarget(
  { unitOfWork: { draft }, day }: PlanContext,
  reshId: number,
  closing: readonly number[],
): UserError[] {
  const versions = draft.unit(reshId)?.versions;
  if (!versions) return [unitNotFoundError(reshId, 'targetReshId')];
  const name = unitLabel(reshId, versions);
  const found = findVersionOn(reshId, versions, day);
  if ('error' in found) return [found.error];
  const fromDay = { from: day, to: null };
  const gapDay = findFirstUncoveredDay(versions, fromDay);
  const cycleVersion = versions.find((row) => overlap(row, fromDay) && row.path.some((id) => closing.includes(id)));
  return [
    ...(gapDay === undefined
      ? []
      : [
          userError(
            'PARENT_CLOSED',
            'targetReshId',
            `Unit ${name} is not valid on ${gapDay}; what is merged needs a target that is there from ${day} on.`,
          ),
        ]),
    ...(cycleVersion
      ? [userError('CYCLE', 'targetReshId', `Unit ${name} stands beneath a unit that closes; move it out first.`)]
      : []),
  ];
}
