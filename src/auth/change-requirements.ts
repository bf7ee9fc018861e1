import type { ChangeInputs, MergeTargetInput } from '../domain/plan/change-input.ts';
import { findAlteredPeriod } from '../domain/plan/mapping.ts';
import type { Day } from '../domain/time/day.ts';
import { covers, findFirstUncoveredDay, overlap, type Period } from '../domain/time/period.ts';
import { findFactEnd } from '../domain/time/timeline.ts';
import { findReferenceVersion } from '../domain/time/reference-version.ts';
import {
  requireScopeOverParentsFrom,
  requireSpecialistDesignation,
  isContractSpecialist,
  requireOperator,
  requireScopeToClose,
  requireScopeOverParents,
  requireScopeOverUnit,
  requireScopeOverUnitOrSpecialist,
  readUnitType,
} from './requirements.ts';
import {
  changingUnmappedNode,
  creatingRootUnit,
  makingUnitRoot,
  mergingIntoOrganization,
  revokingRole,
  splittingOffOrganization,
} from './messages.ts';
import type { MappingNodeVersion, ScopeReader, ScopeVersion, TimelineReader } from './scope-reader.ts';
import type { Requirement } from './scope.ts';

/** Requires scope over the unit; for an organization number, also over its parents on the days that change. */
export async function collectUpdateRequirements(
  { reshId, designation, organizationNumber, effectiveOn }: ChangeInputs['updateUnit'],
  reader: TimelineReader,
): Promise<Requirement[]> {
  const rows = await reader.readTimeline(reshId);
  const day = effectiveOn ?? reader.today;
  const end = findFactEnd(rows, day, (row) => row.organizationNumber);
  return [
    ...(await requireScopeOverUnitOrSpecialist(reshId, reader)),
    ...(isContractSpecialist(rows.find((row) => overlap(row, { from: day, to: null })))
      ? []
      : requireSpecialistDesignation(designation)),
    ...(organizationNumber === undefined
      ? []
      : await requireScopeOverParents(reshId, reader, end && { from: day, to: end.to })),
  ];
}

/** Requires scope over the parents that the unit leaves and over its new parent. */
export async function collectMoveRequirements(
  {
    reshId,
    newParentReshId,
    effectiveOn,
  }: Pick<ChangeInputs['moveUnit'], 'reshId' | 'newParentReshId' | 'effectiveOn'>,
  reader: TimelineReader,
): Promise<Requirement[]> {
  const rows = await reader.readTimeline(reshId);
  const day = effectiveOn ?? reader.today;
  const end = findFactEnd(rows, day, (row) => row.parentReshId);
  const requirements = await requireScopeOverParents(
    reshId,
    reader,
    end && { from: day, to: end.to },
    typeof newParentReshId === 'number' ? [newParentReshId] : [],
  );
  const name = findReferenceVersion(rows, reader.today)?.name;
  return newParentReshId === null && name !== undefined
    ? [...requirements, requireOperator(makingUnitRoot({ unit: { reshId, name } }))]
    : requirements;
}

/** Requires scope over the parents of every unit that the change closes. */
export async function collectCloseRequirements(
  {
    reshId,
    effectiveOn,
    withDescendants,
  }: Pick<ChangeInputs['closeUnit'], 'reshId' | 'effectiveOn' | 'withDescendants'>,
  reader: ScopeReader,
): Promise<Requirement[]> {
  const day = effectiveOn ?? reader.today;
  const row = (await reader.readTimeline(reshId)).find((version) => covers(version, day));
  const descendants = withDescendants === true && row ? await reader.readDescendants(row.path, day) : [];
  return requireScopeToClose([reshId, ...descendants], day, reader);
}

/**
 * Requires scope over the previous and the new parents of every unit that the change reopens, and over the parents of
 * the units that it comes out of.
 */
export async function collectReopenRequirements(
  { reshId, newParentReshId, effectiveOn, withDescendants, predecessorReshIds }: ChangeInputs['reopenUnit'],
  reader: ScopeReader,
): Promise<Requirement[]> {
  const rows = await reader.readTimeline(reshId);
  const day = effectiveOn ?? reader.today;
  const before = rows.findLast(({ to }) => to !== null && to <= day);
  const closedTogether =
    withDescendants === true && before?.to ? await reader.readClosedTogether(before.path, before.to, day) : [];
  const readParentToRestore = async (reopenedReshId: number): Promise<(number | null)[]> => {
    const versions = await reader.readTimeline(reopenedReshId);
    const template = versions.findLast(({ from }) => from <= day) ?? versions[0];
    return template ? [template.parentReshId] : [];
  };
  const requirements = await Promise.all([
    requireScopeOverParents(
      reshId,
      reader,
      undefined,
      typeof newParentReshId === 'number' ? [newParentReshId] : await readParentToRestore(reshId),
    ),
    ...closedTogether.map(async (id) => requireScopeOverParents(id, reader, undefined, await readParentToRestore(id))),
    ...(predecessorReshIds ?? []).map((id) => requireScopeOverParentsFrom(id, day, reader)),
  ]);
  return requirements.flat();
}

/** Requires scope over the parents of the sources and over the target, or over the parent of a new target. */
export async function collectMergeRequirements(
  {
    sourceReshIds,
    targetReshId,
    newTarget,
  }: Pick<ChangeInputs['mergeUnits'], 'sourceReshIds' | 'targetReshId' | 'newTarget'>,
  day: Day,
  reader: TimelineReader,
): Promise<Requirement[]> {
  const requirements = await Promise.all([
    ...sourceReshIds
      .filter((source) => source !== targetReshId)
      .map((source) => requireScopeOverParentsFrom(source, day, reader)),
    ...(typeof targetReshId === 'number' ? [requireScopeOverUnit(targetReshId, reader)] : []),
    ...(newTarget ? [requireScopeForNewUnit(newTarget.parentReshId, reader)] : []),
  ]);
  const types = await Promise.all(sourceReshIds.map((source) => readUnitType(source, reader)));
  return [...requirements.flat(), ...(newTarget ? collectTargetRequirements(newTarget, types) : [])];
}

/** Requires scope over the parent of a new unit; for a new root, the operator. */
export async function requireScopeForNewUnit(
  parentReshId: number | null | undefined,
  reader: TimelineReader,
): Promise<Requirement[]> {
  return typeof parentReshId === 'number'
    ? requireScopeOverUnit(parentReshId, reader)
    : [requireOperator(creatingRootUnit())];
}

/**
 * Returns what the new unit of a merge requires besides scope over its parent: the operator if departments alone become
 * an organization, and the registrar for a contract specialist.
 *
 * @param types of the sources; undefined for an unknown unit
 */
export function collectTargetRequirements(
  target: MergeTargetInput,
  types: readonly (ScopeVersion['type'] | undefined)[],
): Requirement[] {
  return [
    ...(target.type === 'ORGANIZATION' && !types.includes('ORGANIZATION')
      ? [requireOperator(mergingIntoOrganization())]
      : []),
    ...requireSpecialistDesignation(target.designation),
  ];
}

/** Requires scope over the parents of the unit and over the parts that already exist. */
export async function collectSplitRequirements(
  { reshId, into }: Pick<ChangeInputs['splitUnit'], 'reshId' | 'into'>,
  day: Day,
  reader: TimelineReader,
): Promise<Requirement[]> {
  return [
    ...excludeRegistrar(await requireScopeOverParentsFrom(reshId, day, reader)),
    ...(await collectPartRequirements(into, await readUnitType(reshId, reader), reader)),
  ];
}

/** Excludes the registrar from requirements: the parts of a contract specialist need not be contract specialists. */
export function excludeRegistrar(requirements: readonly Requirement[]): Requirement[] {
  return requirements.map((requirement): Requirement =>
    requirement.kind === 'unit' ? { ...requirement, allowsRegistrar: false } : requirement,
  );
}

/** Returns what the parts of a split require, whichever unit is split. */
export async function collectPartRequirements(
  into: ChangeInputs['splitUnit']['into'],
  sourceType: ScopeVersion['type'] | undefined,
  reader: TimelineReader,
): Promise<Requirement[]> {
  const requirements = await Promise.all(
    into.map(async (part): Promise<Requirement[]> => {
      if (typeof part.reshId === 'number') return requireScopeOverUnit(part.reshId, reader);
      const isOrganization = (part.type ?? sourceType) === 'ORGANIZATION';
      return [
        ...(isOrganization ? [requireOperator(splittingOffOrganization())] : []),
        ...requireSpecialistDesignation(part.designation),
      ];
    }),
  );
  return requirements.flat();
}

/** Requires scope over the units that a mapping node points at, before and after the change. */
export async function collectSetMappingNodeRequirements(
  { name, parentNodeId, reshId, effectiveOn, ...node }: ChangeInputs['setMappingNode'],
  reader: ScopeReader,
): Promise<Requirement[]> {
  const day = effectiveOn ?? reader.today;
  const rows = await reader.readMappingNode(node);
  const alteredPeriod = findAlteredPeriod(rows, day, { name, parentNodeId, reshId });
  const before = rows.filter((row) => alteredPeriod && overlap(row, alteredPeriod));
  return [
    ...(await requireScopeOverMappedUnits(before, reader)),
    // The plan reports an unknown unit.
    ...(typeof reshId === 'number' ? await requireScopeOverUnit(reshId, reader) : []),
    ...(reshId === null || (reshId === undefined && !alteredPeriod)
      ? await requireScopeOverMappedUnits([{ reshId: null }], reader)
      : []),
  ];
}

/**
 * Requires scope over the units that a mapping node points at. A node that points at no unit, or at a withdrawn one,
 * requires the operator; otherwise anyone could change it.
 */
export async function requireScopeOverMappedUnits(
  rows: readonly Pick<MappingNodeVersion, 'reshId'>[],
  reader: TimelineReader,
): Promise<Requirement[]> {
  const requirements = [...new Set(rows.map(({ reshId }) => reshId))].map(
    async (reshId): Promise<readonly Requirement[]> => {
      const unitRequirements = reshId === null ? [] : await requireScopeOverUnit(reshId, reader);
      return unitRequirements.length > 0 ? unitRequirements : [requireOperator(changingUnmappedNode())];
    },
  );
  return (await Promise.all(requirements)).flat();
}

/** Requires scope over the units that a mapping node points at from the day on. */
export async function collectRemoveMappingNodeRequirements(
  { effectiveOn, ...node }: ChangeInputs['removeMappingNode'],
  reader: ScopeReader,
): Promise<Requirement[]> {
  const from = effectiveOn ?? reader.today;
  return requireScopeOverMappedUnits(
    (await reader.readMappingNode(node)).filter((row) => overlap(row, { from, to: null })),
    reader,
  );
}

/** Requires scope over the unit; for the last administrator of an organization, over its parents. */
export async function collectRevokeRequirements(
  { role, reshId, subject, effectiveOn }: ChangeInputs['revokeAccess'],
  reader: ScopeReader,
): Promise<Requirement[]> {
  if (role !== 'ADMINISTRATOR') return [requireOperator(revokingRole({ role }))];
  if (typeof reshId !== 'number') return [];
  const { today } = reader;
  const referenceVersion = findReferenceVersion(await reader.readTimeline(reshId), today);
  const day = effectiveOn && effectiveOn > today ? effectiveOn : today;
  const isLast =
    referenceVersion?.type === 'ORGANIZATION' &&
    leavesNoAdministrator(await reader.readAdministrators(reshId), subject.trim(), day);
  return isLast ? requireScopeOverParents(reshId, reader, undefined) : requireScopeOverUnit(reshId, reader);
}

/**
 * Indicates whether a unit has no administrator on some day once the grants of a subject end.
 *
 * @param day from which the grants of the subject end
 */
function leavesNoAdministrator(
  administrators: readonly (Period & { readonly subject: string })[],
  subject: string,
  day: Day,
): boolean {
  const others = administrators.filter((grant) => grant.subject !== subject);
  return administrators
    .filter((grant) => grant.subject === subject && (grant.to === null || grant.to > day))
    .some(({ from, to }) => findFirstUncoveredDay(others, { from: from > day ? from : day, to }) !== undefined);
}
