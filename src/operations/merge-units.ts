import type { MergeUnitsInput } from '../domain/plan/change-input.ts';
import { dayBefore } from '../domain/time/day.ts';
import type { NewSuccession } from '../domain/plan/draft.ts';
import { closedBy, closingError, endUnit } from '../domain/plan/closing.ts';
import { handOver } from '../domain/plan/reparenting.ts';
import { called, notFound, versionOn } from '../domain/plan/parent-rules.ts';
import { planEndingSuccessions } from '../domain/plan/successions.ts';
import { covers } from '../domain/time/period.ts';
import { firstUncovered, overlap } from '../domain/time/timeline.ts';
import { userError, type UserError } from '../domain/plan/user-error.ts';
import { change, type OperationContext, type Work } from './engine/run-change.ts';
import { endGrantsOn } from './engine/end-grants.ts';
import { planOpening } from './engine/plan-new-unit.ts';

const SOURCE_LIMIT = 100;

type Merge = Pick<MergeUnitsInput, 'sourceReshIds' | 'targetReshId' | 'target'>;

const inputErrors = ({ sourceReshIds, targetReshId, target }: Merge): UserError[] => [
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

const targetErrors = ({ workspace: { draft }, day }: Work, reshId: number, closing: readonly number[]): UserError[] => {
  const versions = draft.unit(reshId)?.versions;
  if (!versions) return [notFound(reshId, 'targetReshId')];
  const name = called(reshId, versions);
  const found = versionOn(reshId, versions, day);
  if ('error' in found) return [found.error];
  const fromDay = { from: day, to: null };
  const gone = firstUncovered(versions, fromDay);
  const beneath = versions.find((row) => overlap(row, fromDay) && row.path.some((id) => closing.includes(id)));
  return [
    ...(gone === undefined
      ? []
      : [
          userError(
            'PARENT_CLOSED',
            'targetReshId',
            `Unit ${name} is not valid on ${gone}; what is merged needs a target that is there from ${day} on.`,
          ),
        ]),
    ...(beneath
      ? [userError('CYCLE', 'targetReshId', `Unit ${name} stands beneath a unit that closes; move it out first.`)]
      : []),
  ];
};

/**
 * Plans units into one: each source but the target closes, and what would have stood beneath it from the day on stands beneath the
 * target.
 *
 * @returns RESH-id of the target; undefined where something is to be mended
 */
export const planMerge = async (work: Work, input: Merge): Promise<number | undefined> => {
  const { workspace, day } = work;
  const { draft } = workspace;
  const { target } = input;
  const sources = [...new Set(input.sourceReshIds)];
  const closing = sources.filter((reshId) => reshId !== input.targetReshId);
  const isClosing = new Set(closing);
  await workspace.load([...sources, input.targetReshId]);
  const first = draft.unit(sources[0] ?? 0)?.versions.find((row) => covers(row, day));
  const children = [...new Set((await workspace.childrenFrom(closing, day)).map(({ reshId }) => reshId))].filter(
    (reshId) => !isClosing.has(reshId),
  );
  const units = closing.flatMap((reshId) => draft.unit(reshId) ?? []);
  const errors = [
    ...inputErrors(input),
    ...closing.filter((reshId) => !draft.unit(reshId)).map((reshId) => notFound(reshId, 'sourceReshIds')),
    ...units.flatMap((unit) => closingError(unit, day) ?? []),
    ...(typeof input.targetReshId === 'number' ? targetErrors(work, input.targetReshId, closing) : []),
  ];
  draft.errors.push(...errors);
  if (errors.length > 0) return undefined;

  await workspace.load(children);
  const closedBefore = closedBy(units, day);
  // Sources close first: their numbers are free for a new target.
  for (const unit of units) endUnit(draft, unit, day);
  await endGrantsOn(work, closing);
  let targetReshId = input.targetReshId ?? 0;
  if (target) {
    const before = draft.errors.length;
    await workspace.within(['target'], async () => {
      targetReshId = await planOpening(work, {
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
    handOver(draft, child, closing, targetReshId, day, [target ? 'target' : 'targetReshId']);
  const known = await workspace.successionsOf([...closing, targetReshId]);
  const becomes = closing.map((from): NewSuccession => ({
    ...{ from, to: targetReshId, effectiveOn: day },
    ...{ kind: 'MERGE', extent: 'FULL' },
  }));
  planEndingSuccessions(draft, { reshIds: closing, day, closedBefore }, becomes, known, 'targetReshId');
  return targetReshId;
};

/**
 * Merges units into a new or an existing one from a day on. The sources keep their ids and their history; their codes, sites and
 * grants are not carried over.
 */
export const mergeUnits = (context: OperationContext, input: MergeUnitsInput) =>
  change(context, 'mergeUnits', input, async (work) => {
    const target = await planMerge(work, input);
    const { day, revision } = work;
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
