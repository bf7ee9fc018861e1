import type { SplitPartInput, SplitUnitInput } from '../domain/plan/change-input.ts';
import { dayBefore } from '../domain/time/day.ts';
import type { NewSuccession } from '../domain/plan/draft.ts';
import { covers } from '../domain/time/period.ts';
import { closedBy, closingError, endUnit } from '../domain/plan/closing.ts';
import { applyTreatmentSite } from '../domain/plan/facts.ts';
import { handOver } from '../domain/plan/reparenting.ts';
import { called, notFound, versionOn } from '../domain/plan/parent-rules.ts';
import { siteErrors } from '../domain/plan/references.ts';
import { planEndingSuccessions, planSuccessions } from '../domain/plan/successions.ts';
import { endOfFact } from '../domain/time/timeline.ts';
import type { VersionRow } from '../domain/unit/state.ts';
import { userError, type UserError } from '../domain/plan/user-error.ts';
import { readSitePeriods } from '../store/change/references.ts';
import { change, type OperationContext, type Work } from './engine/run-change.ts';
import { endGrantsOn } from './engine/end-grants.ts';
import { planOpening } from './engine/plan-new-unit.ts';
import { planCodes } from './set-unit-codes.ts';

const PART_LIMIT = 100;

type Split = Pick<SplitUnitInput, 'reshId' | 'into' | 'keepSource'>;

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** The place at which each is named first. */
const firstPlaces = <Named>(named: readonly Named[]): Map<Named, number> =>
  new Map(named.map((each, place): [Named, number] => [each, place]).reverse());

/** Whether each part is one unit, or says how a new one is to be. */
const partErrors = ({ reshId, into }: Split): UserError[] => {
  const first = firstPlaces(into.map((part) => part.reshId));
  return into.flatMap(
    ({ childReshIds: _children, codes: _codes, treatmentSite: _site, reshId: part, ...facts }, place) => {
      if (!isNumber(part)) return [];
      const path = ['into', String(place)];
      const given = Object.entries(facts).flatMap(([fact, value]) => (value === undefined ? [] : [fact]));
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
        ...(first.get(part) !== place
          ? [userError('GIVEN_TWICE', [...path, 'reshId'], `Unit ${part} is two of the parts; make them one.`)]
          : []),
        ...given.map((fact) =>
          userError(
            'NOT_ALLOWED',
            [...path, fact],
            `Unit ${part} is there already, and «${fact}» is for a new one; leave it out, and update the unit instead.`,
          ),
        ),
      ];
    },
  );
};

const inputErrors = ({ into, keepSource }: Split): UserError[] => [
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

/** Whether each child goes to one part, and every child to some part. */
const childErrors = (
  { reshId, into, keepSource }: Split,
  versions: readonly VersionRow[],
  children: readonly number[],
  day: string,
): UserError[] => {
  const assigned = into.flatMap(({ childReshIds }, place) =>
    (childReshIds ?? []).map((child, number) => ({
      child,
      field: ['into', String(place), 'childReshIds', String(number)],
    })),
  );
  const name = called(reshId, versions);
  const beneath = new Set(children);
  const first = firstPlaces(assigned.map(({ child }) => child));
  const missing = children.filter((child) => !first.has(child));
  return [
    ...assigned.flatMap(({ child, field }, place) => [
      ...(beneath.has(child)
        ? []
        : [
            userError(
              'NOT_FOUND',
              field,
              `Unit ${child} does not stand beneath unit ${name} on ${day} or later; leave it out.`,
            ),
          ]),
      ...(first.get(child) !== place
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
};

const planExistingPart = async (work: Work, part: SplitPartInput, reshId: number): Promise<void> => {
  const { tx, workspace, day } = work;
  const { draft } = workspace;
  const unit = draft.unit(reshId);
  if (!unit) return void draft.errors.push(notFound(reshId, 'reshId'));
  const found = versionOn(reshId, unit.versions, day);
  if ('error' in found) return void draft.errors.push(found.error);
  await workspace.told(
    (field) => (field[0] === 'add' ? ['codes', ...field.slice(1)] : field),
    async () => {
      if (part.codes) await planCodes(work, { reshId, add: part.codes });
    },
  );
  if (typeof part.treatmentSite !== 'string') return;
  const end = endOfFact(unit.versions, day, (row) => row.treatmentSiteNumber);
  const errors = siteErrors(
    part.treatmentSite,
    await readSitePeriods(tx, [part.treatmentSite]),
    { from: day, to: end?.to ?? null },
    'treatmentSite',
  );
  draft.errors.push(...errors);
  if (errors.length === 0) applyTreatmentSite(draft, reshId, day, part.treatmentSite);
};

const planPart = async (work: Work, part: SplitPartInput, source: VersionRow): Promise<number> => {
  if (isNumber(part.reshId)) {
    await planExistingPart(work, part, part.reshId);
    return part.reshId;
  }
  return planOpening(work, {
    type: part.type ?? source.type,
    facts: { ...part, name: part.name ?? null },
    parent: { reshId: source.parentReshId, field: 'reshId' },
    organizationNumber: part.organizationNumber,
    codes: part.codes,
    treatmentSite: part.treatmentSite,
    period: { from: work.day, to: null },
  });
};

/**
 * Plans one unit as several: each child goes to one of the parts, and the source closes unless it is kept.
 *
 * @returns RESH-ids of the parts, in the order of the input
 */
export const planSplit = async (work: Work, input: Split): Promise<readonly number[]> => {
  const { workspace, day } = work;
  const { draft } = workspace;
  const { reshId, into, keepSource } = input;
  await workspace.load([reshId, ...into.map((part) => part.reshId)]);
  const unit = draft.unit(reshId);
  if (!unit) {
    draft.errors.push(notFound(reshId, 'reshId'));
    return [];
  }
  // One that has closed on the day already, and is said to become others than before, is as on its last day.
  const isClosed = !keepSource && unit.versions.at(-1)?.to === day;
  const found = versionOn(reshId, unit.versions, isClosed ? dayBefore(day) : day);
  const children = [...new Set((await workspace.childrenFrom([reshId], day)).map((child) => child.reshId))];
  const closing = keepSource ? undefined : closingError(unit, day);
  const errors = [
    ...inputErrors(input),
    ...partErrors(input),
    ...('error' in found ? [found.error] : closing ? [closing] : []),
    ...childErrors(input, unit.versions, children, day),
  ];
  draft.errors.push(...errors);
  if (errors.length > 0 || 'error' in found) return [];

  await workspace.load(children);
  const closedBefore = closedBy([unit], day);
  // The source closes first: its number is free for a part.
  if (!keepSource) {
    endUnit(draft, unit, day);
    await endGrantsOn(work, [reshId]);
  }
  const parts: number[] = [];
  for (const [place, part] of into.entries())
    await workspace.within(['into', String(place)], async () => {
      const before = draft.errors.length;
      const partReshId = await planPart(work, part, found.row);
      parts.push(partReshId);
      if (draft.errors.length > before) return;
      for (const [number, child] of (part.childReshIds ?? []).entries()) {
        // A child, or what stands beneath it, may be a part too: each sees where the last has gone.
        handOver(draft, child, [reshId], partReshId, day, ['childReshIds', String(number)]);
        await workspace.settle();
      }
    });
  const known = await workspace.successionsOf([reshId, ...parts]);
  const becomes = parts.map((part): NewSuccession => ({
    ...{ from: reshId, to: part, effectiveOn: day },
    ...{ kind: 'SPLIT', extent: 'PARTIAL' },
  }));
  if (keepSource) planSuccessions(draft, becomes, known, 'into');
  else planEndingSuccessions(draft, { reshIds: [reshId], day, closedBefore }, becomes, known, 'into');
  return parts;
};

/** Splits a unit into several, new or existing ones, from a day on. */
export const splitUnit = (context: OperationContext, input: SplitUnitInput) =>
  change(context, 'splitUnit', input, async (work) => {
    const { day, revision, workspace } = work;
    const parts = await planSplit(work, input);
    const isKept = workspace.draft.unit(input.reshId)?.versions.some((row) => covers(row, day));
    return {
      shown: {
        units: [
          ...parts.map((reshId) => ({ reshId, day, revision })),
          { reshId: input.reshId, day: isKept ? day : dayBefore(day), revision },
        ],
      },
    };
  });
