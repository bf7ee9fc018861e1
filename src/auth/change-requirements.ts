import type { ChangeInputs, MergeTargetInput } from '../domain/plan/change-input.ts';
import type { Day } from '../domain/time/day.ts';
import { covers, type Period } from '../domain/time/period.ts';
import { alteredOf } from '../domain/plan/mapping.ts';
import { judgedOn } from '../domain/time/reference-version.ts';
import { endOfFact, firstUncovered, overlap } from '../domain/time/timeline.ts';
import {
  fromDayOn,
  givesSpecialist,
  isSpecialist,
  operator,
  overClosed,
  overParents,
  overUnit,
  overUnitOrSpecialist,
  typeOf,
} from './requirements.ts';
import type { MappedRow, ScopeReader, ScopeRow, TimelineReader } from './scope-reader.ts';
import type { Need } from './scope.ts';

/** Facts need scope over the unit, an organization number over its parents on the days on which it is altered. */
export const updateNeeds = async (
  { reshId, designation, organizationNumber, effectiveOn }: ChangeInputs['updateUnit'],
  reader: TimelineReader,
): Promise<Need[]> => {
  const rows = await reader.timeline(reshId);
  const day = effectiveOn ?? reader.today;
  const end = endOfFact(rows, day, (row) => row.organizationNumber);
  return [
    ...(await overUnitOrSpecialist(reshId, reader)),
    ...(isSpecialist(rows.find((row) => overlap(row, { from: day, to: null }))) ? [] : givesSpecialist(designation)),
    ...(organizationNumber === undefined ? [] : await overParents(reshId, reader, end && { from: day, to: end.to })),
  ];
};

/** A move needs scope over the parents that it leaves and the one that it goes to. */
export const moveNeeds = async (
  {
    reshId,
    newParentReshId,
    effectiveOn,
  }: Pick<ChangeInputs['moveUnit'], 'reshId' | 'newParentReshId' | 'effectiveOn'>,
  reader: TimelineReader,
): Promise<Need[]> => {
  const rows = await reader.timeline(reshId);
  const day = effectiveOn ?? reader.today;
  const end = endOfFact(rows, day, (row) => row.parentReshId);
  const needs = await overParents(
    reshId,
    reader,
    end && { from: day, to: end.to },
    typeof newParentReshId === 'number' ? [newParentReshId] : [],
  );
  const name = judgedOn(rows, reader.today)?.name;
  return newParentReshId === null && name !== undefined
    ? [...needs, operator(`making unit ${reshId} «${name}» a root`)]
    : needs;
};

/** Closing needs scope over the parents of every unit that it closes. */
export const closeNeeds = async (
  {
    reshId,
    effectiveOn,
    withDescendants,
  }: Pick<ChangeInputs['closeUnit'], 'reshId' | 'effectiveOn' | 'withDescendants'>,
  reader: ScopeReader,
): Promise<Need[]> => {
  const day = effectiveOn ?? reader.today;
  const row = (await reader.timeline(reshId)).find((version) => covers(version, day));
  const beneath = withDescendants === true && row ? await reader.beneath(row.path, day) : [];
  return overClosed([reshId, ...beneath], day, reader);
};

/** Reopening needs scope over the parents of every unit that it opens, those that it had and those that it gets. */
export const reopenNeeds = async (
  { reshId, newParentReshId, effectiveOn, withDescendants }: ChangeInputs['reopenUnit'],
  reader: ScopeReader,
): Promise<Need[]> => {
  const rows = await reader.timeline(reshId);
  const day = effectiveOn ?? reader.today;
  const before = rows.findLast(({ to }) => to !== null && to <= day);
  const together =
    withDescendants === true && before?.to ? await reader.closedTogether(before.path, before.to, day) : [];
  const parentThen = async (reopening: number): Promise<(number | null)[]> => {
    const versions = await reader.timeline(reopening);
    const like = versions.findLast(({ from }) => from <= day) ?? versions[0];
    return like ? [like.parentReshId] : [];
  };
  const needs = await Promise.all([
    overParents(
      reshId,
      reader,
      undefined,
      typeof newParentReshId === 'number' ? [newParentReshId] : await parentThen(reshId),
    ),
    ...together.map(async (id) => overParents(id, reader, undefined, await parentThen(id))),
  ]);
  return needs.flat();
};

/** What a unit that is new needs: scope over its parent; a root, or an organization that nobody registered, needs the operator. */
export const overNewUnit = async (parentReshId: number | null | undefined, reader: TimelineReader): Promise<Need[]> =>
  typeof parentReshId === 'number' ? overUnit(parentReshId, reader) : [operator('making a unit with nothing above it')];

/** What the new unit of a merge needs beside scope over its parent: an organization comes of organizations, or of the operator. */
export const targetNeeds = (target: MergeTargetInput, types: readonly (ScopeRow['type'] | undefined)[]): Need[] => [
  ...(target.type === 'ORGANIZATION' && !types.includes('ORGANIZATION')
    ? [operator('making an organization of departments')]
    : []),
  ...givesSpecialist(target.designation),
];

/** A merge needs scope over the parents of its sources, and over its target or where that is made. */
export const mergeNeeds = async (
  {
    sourceReshIds,
    targetReshId,
    target,
  }: Pick<ChangeInputs['mergeUnits'], 'sourceReshIds' | 'targetReshId' | 'target'>,
  day: Day,
  reader: TimelineReader,
): Promise<Need[]> => {
  const needs = await Promise.all([
    ...sourceReshIds.filter((source) => source !== targetReshId).map((source) => fromDayOn(source, day, reader)),
    ...(typeof targetReshId === 'number' ? [overUnit(targetReshId, reader)] : []),
    ...(target ? [overNewUnit(target.parentReshId, reader)] : []),
  ]);
  const types = await Promise.all(sourceReshIds.map((source) => typeOf(source, reader)));
  return [...needs.flat(), ...(target ? targetNeeds(target, types) : [])];
};

/** What the parts of a split need, whatever is split. */
export const partNeeds = async (
  into: ChangeInputs['splitUnit']['into'],
  typeOfSource: ScopeRow['type'] | undefined,
  reader: TimelineReader,
): Promise<Need[]> => {
  const needs = await Promise.all(
    into.map(async (part): Promise<Need[]> => {
      if (typeof part.reshId === 'number') return overUnit(part.reshId, reader);
      const isOrganization = (part.type ?? typeOfSource) === 'ORGANIZATION';
      return [
        ...(isOrganization ? [operator('making a new organization of a part')] : []),
        ...givesSpecialist(part.designation),
      ];
    }),
  );
  return needs.flat();
};

/** The same needs where the registrar's right does not reach: what a contract specialist is split into is none. */
export const byAdministrators = (needs: readonly Need[]): Need[] =>
  needs.map((need) => (need.kind === 'unit' ? { ...need, isForRegistrar: false } : need));

/** A split needs scope over the parents of the unit, and over the parts that are there already. */
export const splitNeeds = async (
  { reshId, into }: Pick<ChangeInputs['splitUnit'], 'reshId' | 'into'>,
  day: Day,
  reader: TimelineReader,
): Promise<Need[]> => [
  ...byAdministrators(await fromDayOn(reshId, day, reader)),
  ...(await partNeeds(into, await typeOf(reshId, reader), reader)),
];

/**
 * Scope over the units that a node of another system's tree points at. One that points at none is the operator's, and so is one
 * whose unit is withdrawn: or else anybody could change it.
 */
const overMapped = async (rows: readonly Pick<MappedRow, 'reshId'>[], reader: TimelineReader): Promise<Need[]> => {
  const needs = [...new Set(rows.map(({ reshId }) => reshId))].map(async (reshId): Promise<readonly Need[]> => {
    const over = reshId === null ? [] : await overUnit(reshId, reader);
    return over.length > 0 ? over : [operator('a mapping node that points at no unit')];
  });
  return (await Promise.all(needs)).flat();
};

/** A mapping node needs scope over the units that it points at, before and after. */
export const setMappingNodeNeeds = async (
  { name, parentNodeId, reshId, effectiveOn, ...node }: ChangeInputs['setMappingNode'],
  reader: ScopeReader,
): Promise<Need[]> => {
  const day = effectiveOn ?? reader.today;
  const rows = await reader.mappingNode(node);
  const altered = alteredOf(rows, day, { name, parentNodeId, reshId });
  const before = rows.filter((row) => altered && overlap(row, altered));
  return [
    ...(await overMapped(before, reader)),
    // A unit that is unknown is told of by the plan.
    ...(typeof reshId === 'number' ? await overUnit(reshId, reader) : []),
    ...(reshId === null || (reshId === undefined && !altered) ? await overMapped([{ reshId: null }], reader) : []),
  ];
};

/** Removing a mapping node needs scope over the units that it points at from the day on. */
export const removeMappingNodeNeeds = async (
  { effectiveOn, ...node }: ChangeInputs['removeMappingNode'],
  reader: ScopeReader,
): Promise<Need[]> => {
  const from = effectiveOn ?? reader.today;
  return overMapped(
    (await reader.mappingNode(node)).filter((row) => overlap(row, { from, to: null })),
    reader,
  );
};

/** Whether an organization has nobody on a day on which the subject would administer it, were it not for the end of that. */
const leavesNobody = (
  administrators: readonly (Period & { readonly subject: string })[],
  subject: string,
  day: Day,
): boolean => {
  const others = administrators.filter((grant) => grant.subject !== subject);
  return administrators
    .filter((grant) => grant.subject === subject && (grant.to === null || grant.to > day))
    .some(({ from, to }) => firstUncovered(others, { from: from > day ? from : day, to }) !== undefined);
};

/** Revoking the last administrator of an organization needs scope over its parent. */
export const revokeNeeds = async (
  { role, reshId, subject, effectiveOn }: ChangeInputs['revokeAccess'],
  reader: ScopeReader,
): Promise<Need[]> => {
  if (role !== 'ADMINISTRATOR') return [operator(`revoking the role ${role}`)];
  if (typeof reshId !== 'number') return [];
  const { today } = reader;
  const judged = judgedOn(await reader.timeline(reshId), today);
  const day = effectiveOn && effectiveOn > today ? effectiveOn : today;
  const isLast =
    judged?.type === 'ORGANIZATION' && leavesNobody(await reader.administratorsOf(reshId), subject.trim(), day);
  return isLast ? overParents(reshId, reader, undefined) : overUnit(reshId, reader);
};
