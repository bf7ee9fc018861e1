import type { ChangeInputs, MappingNodeName, MergeTargetInput, MutationName } from '../domain/change-input.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../domain/code-sets.ts';
import type { Day } from '../domain/day.ts';
import { covers, type Period } from '../domain/period.ts';
import { judgedOn } from '../domain/scope-day.ts';
import { alteredOf } from '../domain/plan-mapping.ts';
import { endOfFact, firstUncovered, overlap } from '../domain/timeline.ts';
import type { Grant, Need, UnitNeed } from './scope.ts';

/** What scope is judged by: versions of a unit as known now, in the order of their days. */
export interface ScopeRow extends Period {
  readonly parentReshId: number | null;
  readonly path: readonly number[];
  readonly name: string;
  readonly designationCode: string | null;
  readonly type: 'ORGANIZATION' | 'DEPARTMENT';
  readonly organizationNumber: string | null;
}

/** What leave to change a node of another system's tree is judged by. */
export interface MappedRow extends Period {
  readonly name: string;
  readonly parentNodeId: string | null;
  readonly reshId: number | null;
}

/** How scope over a unit is read. */
export interface TimelineReader {
  readonly today: Day;
  /** Versions of a unit; none where it is unknown or withdrawn */
  readonly timeline: (reshId: number) => Promise<readonly ScopeRow[]>;
}

/** How a permission reads the register: by what is committed at the gate, under the lock at the wall. */
export interface ScopeReader extends TimelineReader {
  /** What stands beneath a path on a day */
  readonly beneath: (path: readonly number[], day: Day) => Promise<readonly number[]>;
  /** What stood beneath a path and was closed from a day on by the change that closed the unit itself */
  readonly closedTogether: (path: readonly number[], closedOn: Day) => Promise<readonly number[]>;
  /** Who administers a unit over which days, in the order of their first days */
  readonly administratorsOf: (reshId: number) => Promise<readonly (Period & { readonly subject: string })[]>;
  /** Periods of a node in the tree of another system; none where there is no such node */
  readonly mappingNode: (node: MappingNodeName) => Promise<readonly MappedRow[]>;
}

type Permission<Name extends MutationName> = (input: ChangeInputs[Name], reader: ScopeReader) => Promise<Need[]>;

const operator = (what: string): Need => ({ kind: 'role', roles: ['OPERATOR'], what });
const registrar = (what: string): Need => ({ kind: 'role', roles: ['OPERATOR', 'SPECIALIST_REGISTRAR'], what });

const isSpecialist = (row: ScopeRow | undefined): boolean => row?.designationCode === CONTRACT_SPECIALIST_DESIGNATION;

// Who names a unit that is unknown is told so by the plan, which then writes nothing.
const overUnit = async (
  reshId: number,
  { today, timeline }: TimelineReader,
  isForRegistrar: (row: ScopeRow) => boolean = () => false,
): Promise<UnitNeed[]> => {
  const row = judgedOn(await timeline(reshId), today);
  if (!row) return [];
  return [{ kind: 'unit', reshId, name: row.name, path: row.path, isForRegistrar: isForRegistrar(row) }];
};

const overUnitOrSpecialist = (reshId: number, reader: TimelineReader): Promise<Need[]> =>
  overUnit(reshId, reader, isSpecialist);

/**
 * Scope over the parents of a unit: today's, and those it has on the days that a change alters.
 *
 * @param others parents that it is to have; null for none
 */
const overParents = async (
  reshId: number,
  reader: TimelineReader,
  altered: Period | undefined,
  others: readonly (number | null)[] = [],
): Promise<Need[]> => {
  const rows = await reader.timeline(reshId);
  const judged = judgedOn(rows, reader.today);
  if (!judged) return [];
  const parents = new Set([
    judged.parentReshId,
    ...rows.filter((row) => altered && overlap(row, altered)).map((row) => row.parentReshId),
    ...others,
  ]);
  const needOver = async (parent: number | null): Promise<Need[]> => {
    if (parent === null) return [operator(`unit ${reshId} «${judged.name}» with nothing above it`)];
    // A specialist stands beneath the region that it has its agreement with.
    const needs = await overUnit(
      parent,
      reader,
      ({ path }) => isSpecialist(judged) && (path.length === 1 || !others.includes(parent)),
    );
    return needs.map((need) => ({ ...need, purpose: `for unit ${reshId} «${judged.name}»` }));
  };
  return (await Promise.all([...parents].map(needOver))).flat();
};

// As it is stored: without white space around it.
const givesSpecialist = (designation: string | null | undefined): Need[] =>
  designation?.trim() === CONTRACT_SPECIALIST_DESIGNATION
    ? [registrar(`designation ${CONTRACT_SPECIALIST_DESIGNATION} (Privat avtalespesialist)`)]
    : [];

/**
 * What it needs to change the name and address of somebody whom the register knows: scope over all that they administer, or else
 * one administrator could say who another is, and whom to ask there.
 *
 * @param held grants of the subject, from today on
 */
export const overPerson = async (subject: string, held: readonly Grant[], reader: TimelineReader): Promise<Need[]> => {
  const what = `the name and e-mail address of «${subject}»`;
  const needs = held.map(async ({ reshId }): Promise<Need[]> => {
    if (reshId === null) return [operator(`changing ${what}`)];
    const over = await overUnit(reshId, reader);
    return over.map((need) => ({ ...need, purpose: `to change ${what}, which may be left out,` }));
  });
  return (await Promise.all(needs)).flat();
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

/** Scope over the parents of a unit on the days from one on. */
const fromDayOn = (reshId: number, day: Day, reader: TimelineReader): Promise<Need[]> =>
  overParents(reshId, reader, { from: day, to: null });

/** What it needs to close units: scope over the parents of each, on the days from one on. */
export const overClosed = async (reshIds: readonly number[], day: Day, reader: TimelineReader): Promise<Need[]> =>
  (await Promise.all(reshIds.map((reshId) => fromDayOn(reshId, day, reader)))).flat();

const ALL_DAYS: Period = { from: '0001-01-01', to: null };

/** What a unit that is new needs: scope over its parent; a root, or an organization that nobody registered, needs the operator. */
const overNewUnit = async (parentReshId: number | null | undefined, reader: TimelineReader): Promise<Need[]> =>
  typeof parentReshId === 'number' ? overUnit(parentReshId, reader) : [operator('making a unit with nothing above it')];

/** What the new unit of a merge needs beside scope over its parent: an organization comes of organizations, or of the operator. */
const targetNeeds = (target: MergeTargetInput, types: readonly (ScopeRow['type'] | undefined)[]): Need[] => [
  ...(target.type === 'ORGANIZATION' && !types.includes('ORGANIZATION')
    ? [operator('making an organization of departments')]
    : []),
  ...givesSpecialist(target.designation),
];

const mergeNeeds = async (
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
const partNeeds = async (
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

// What a specialist is split into is none: the registrar's right to the specialist does not reach it.
const byAdministrators = (needs: readonly Need[]): Need[] =>
  needs.map((need) => (need.kind === 'unit' ? { ...need, isForRegistrar: false } : need));

const typeOf = async (reshId: number, { timeline, today }: TimelineReader): Promise<ScopeRow['type'] | undefined> =>
  judgedOn(await timeline(reshId), today)?.type;

const splitNeeds = async (
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

/** Who may make which change: what each needs of whoever makes it. A mutation that has no line here is denied to all. */
export const permissions: { readonly [Name in MutationName]: Permission<Name> } = {
  registerOrganization: async () => [operator('registering organizations')],
  registerContractSpecialist: async () => [registrar('registering contract specialists')],
  registerTreatmentSite: async ({ legalEntityReshId }, reader) =>
    typeof legalEntityReshId === 'number'
      ? overUnitOrSpecialist(legalEntityReshId, reader)
      : [registrar('registering treatment sites without a legal entity')],
  createDepartment: async ({ parentReshId, designation }, reader) => [
    ...(await overUnit(parentReshId, reader)),
    ...givesSpecialist(designation),
  ],
  updateUnit: async ({ reshId, designation, organizationNumber, effectiveOn }, reader) => {
    const rows = await reader.timeline(reshId);
    const day = effectiveOn ?? reader.today;
    const end = endOfFact(rows, day, (row) => row.organizationNumber);
    return [
      ...(await overUnitOrSpecialist(reshId, reader)),
      ...(isSpecialist(rows.find((row) => overlap(row, { from: day, to: null }))) ? [] : givesSpecialist(designation)),
      ...(organizationNumber === undefined ? [] : await overParents(reshId, reader, end && { from: day, to: end.to })),
    ];
  },
  moveUnit: async ({ reshId, newParentReshId, effectiveOn }, reader) => {
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
  },
  closeUnit: async ({ reshId, effectiveOn, withDescendants }, reader) => {
    const day = effectiveOn ?? reader.today;
    const row = (await reader.timeline(reshId)).find((version) => covers(version, day));
    const beneath = withDescendants === true && row ? await reader.beneath(row.path, day) : [];
    return overClosed([reshId, ...beneath], day, reader);
  },
  reopenUnit: async ({ reshId, newParentReshId, effectiveOn, withDescendants }, reader) => {
    const rows = await reader.timeline(reshId);
    const day = effectiveOn ?? reader.today;
    const before = rows.findLast(({ to }) => to !== null && to <= day);
    const together = withDescendants === true && before?.to ? await reader.closedTogether(before.path, before.to) : [];
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
  },
  mergeUnits: (input, reader) => mergeNeeds(input, input.effectiveOn ?? reader.today, reader),
  splitUnit: (input, reader) => splitNeeds(input, input.effectiveOn ?? reader.today, reader),
  withdrawUnit: ({ reshId }, reader) => overParents(reshId, reader, ALL_DAYS),
  reorganize: ({ steps, effectiveOn }, reader) => stepNeeds(steps, effectiveOn, reader),
  setUnitCodes: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  connectTreatmentSite: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  disconnectTreatmentSite: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  setIdentifier: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  setMappingNode: async ({ name, parentNodeId, reshId, effectiveOn, ...node }, reader) => {
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
  },
  removeMappingNode: async ({ effectiveOn, ...node }, reader) => {
    const from = effectiveOn ?? reader.today;
    return overMapped(
      (await reader.mappingNode(node)).filter((row) => overlap(row, { from, to: null })),
      reader,
    );
  },
  // An administrator of no unit is a slip that the plan tells of.
  grantAccess: async ({ role, reshId }, reader) => {
    if (role !== 'ADMINISTRATOR') return [operator(`granting the role ${role}`)];
    return typeof reshId === 'number' ? overUnit(reshId, reader) : [];
  },
  revokeAccess: async ({ role, reshId, subject, effectiveOn }, reader) => {
    if (role !== 'ADMINISTRATOR') return [operator(`revoking the role ${role}`)];
    if (typeof reshId !== 'number') return [];
    const { today } = reader;
    const judged = judgedOn(await reader.timeline(reshId), today);
    const day = effectiveOn && effectiveOn > today ? effectiveOn : today;
    const isLast =
      judged?.type === 'ORGANIZATION' && leavesNobody(await reader.administratorsOf(reshId), subject.trim(), day);
    return isLast ? overParents(reshId, reader, undefined) : overUnit(reshId, reader);
  },
};

type Step = ChangeInputs['reorganize']['steps'][number];

/** What is known of a unit that a step opens, before there is one. */
interface ToBeOpened {
  readonly type: ScopeRow['type'] | undefined;
  /** What its opening needs: scope over its parent, so that whoever has it has scope over the unit too */
  readonly needs: readonly Need[];
}

/**
 * What the steps of a reorganization need, each judged on the paths that hold before any of them; a unit that a step opens needs
 * what its parent does, wherever a later step names it by its key.
 */
const stepNeeds = async (
  steps: readonly Step[],
  effectiveOn: Day | null | undefined,
  reader: ScopeReader,
): Promise<Need[]> => {
  const opened = new Map<string, ToBeOpened>();
  const known = (key: string | null | undefined): ToBeOpened | undefined =>
    typeof key === 'string' ? opened.get(key) : undefined;
  const ofKey = (key: string | null | undefined): readonly Need[] => known(key)?.needs ?? [];
  const day = effectiveOn ?? reader.today;
  const remember = (key: string | null | undefined, unit: ToBeOpened): void => {
    if (typeof key === 'string') opened.set(key, unit);
  };

  const needsOf = async ({ move, update, create, close, merge, split, setCodes }: Step): Promise<readonly Need[]> => {
    if (move) {
      const { reshId, newParentReshId, newParentKey } = move;
      if (typeof reshId === 'number')
        return [
          ...(await permissions.moveUnit({ reshId, newParentReshId, effectiveOn }, reader)),
          ...ofKey(newParentKey),
        ];
      const isRoot = newParentReshId === null && typeof newParentKey !== 'string';
      return [
        ...ofKey(move.reshKey),
        ...ofKey(newParentKey),
        ...(typeof newParentReshId === 'number' ? await overUnit(newParentReshId, reader) : []),
        ...(isRoot ? [operator('making a unit a root')] : []),
      ];
    }
    if (update) {
      const { reshId } = update;
      return typeof reshId === 'number'
        ? permissions.updateUnit({ ...update, reshId, effectiveOn }, reader)
        : [...ofKey(update.reshKey), ...givesSpecialist(update.designation)];
    }
    if (create) {
      const { parentReshId, parentKey, key, designation } = create;
      const needs = [
        ...(typeof parentReshId === 'number' ? await overUnit(parentReshId, reader) : ofKey(parentKey)),
        ...givesSpecialist(designation),
      ];
      remember(key, { type: 'DEPARTMENT', needs });
      return needs;
    }
    if (close) {
      const { reshId, withDescendants } = close;
      return typeof reshId === 'number'
        ? permissions.closeUnit({ reshId, withDescendants, effectiveOn }, reader)
        : ofKey(close.reshKey);
    }
    if (merge) {
      const { sourceReshIds, sourceKeys, targetReshId, targetKey, target } = merge;
      const ofSources = [
        ...(await mergeNeeds({ sourceReshIds: sourceReshIds ?? [], targetReshId }, day, reader)),
        ...(sourceKeys ?? []).flatMap(ofKey),
      ];
      if (!target) return [...ofSources, ...ofKey(targetKey)];
      const types = [
        ...(await Promise.all((sourceReshIds ?? []).map((source) => typeOf(source, reader)))),
        ...(sourceKeys ?? []).map((key) => known(key)?.type),
      ];
      const needs = [
        ...(typeof target.parentKey === 'string'
          ? ofKey(target.parentKey)
          : await overNewUnit(target.parentReshId, reader)),
        ...targetNeeds(target, types),
      ];
      const [typeOfFirst] = types;
      remember(target.key, { type: target.type ?? typeOfFirst, needs });
      return [...ofSources, ...needs];
    }
    if (split) {
      const { reshId, reshKey, into } = split;
      const type = typeof reshId === 'number' ? await typeOf(reshId, reader) : known(reshKey)?.type;
      const needs = [
        ...(typeof reshId === 'number' ? byAdministrators(await fromDayOn(reshId, day, reader)) : ofKey(reshKey)),
        ...(await partNeeds(
          into.filter((part) => typeof part.reshKey !== 'string'),
          type,
          reader,
        )),
        ...into.flatMap((part) => ofKey(part.reshKey)),
      ];
      for (const part of into) remember(part.key, { type: part.type ?? type, needs });
      return needs;
    }
    if (!setCodes) return [];
    return typeof setCodes.reshId === 'number'
      ? permissions.setUnitCodes({ reshId: setCodes.reshId }, reader)
      : ofKey(setCodes.reshKey);
  };

  const needs: Need[] = [];
  for (const step of steps) needs.push(...(await needsOf(step)));
  return needs;
};

/** What a person may ask to do with a unit, and what each needs; for a move, of the parents it leaves. */
export const unitRights = {
  edit: overUnitOrSpecialist,
  move: async (reshId: number, reader: TimelineReader): Promise<Need[]> => {
    const end = endOfFact(await reader.timeline(reshId), reader.today, (row) => row.parentReshId);
    return overParents(reshId, reader, end && { from: reader.today, to: end.to });
  },
  close: (reshId: number, reader: TimelineReader): Promise<Need[]> =>
    overParents(reshId, reader, { from: reader.today, to: null }),
  addChild: (reshId: number, reader: TimelineReader): Promise<Need[]> => overUnit(reshId, reader),
  grantAccess: (reshId: number, reader: TimelineReader): Promise<Need[]> => overUnit(reshId, reader),
} as const;

export type UnitRight = keyof typeof unitRights;
