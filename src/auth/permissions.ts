import type { ChangeInputs, MutationName } from '../domain/change-input.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../domain/code-sets.ts';
import type { Day } from '../domain/day.ts';
import type { Period } from '../domain/period.ts';
import { judgedOn } from '../domain/scope-day.ts';
import { endOfFact, overlap } from '../domain/timeline.ts';
import type { Need } from './scope.ts';

/** What scope is judged by: versions of a unit as known now, in the order of their days. */
export interface ScopeRow extends Period {
  readonly parentReshId: number | null;
  readonly path: readonly number[];
  readonly name: string;
  readonly designationCode: string | null;
  readonly type: 'ORGANIZATION' | 'DEPARTMENT';
  readonly organizationNumber: string | null;
}

/** How a permission reads the register: through loaders at the gate, under the lock at the wall. */
export interface ScopeReader {
  readonly today: Day;
  /** Versions of a unit; none where it is unknown or withdrawn */
  readonly timeline: (reshId: number) => Promise<readonly ScopeRow[]>;
  /** Other administrators that a unit has from today on, the subject left out */
  readonly hasOtherAdministrators: (reshId: number, subject: string) => Promise<boolean>;
}

type Permission<Name extends MutationName> = (input: ChangeInputs[Name], reader: ScopeReader) => Promise<Need[]>;

const operator = (what: string): Need => ({ kind: 'role', roles: ['OPERATOR'], what });
const registrar = (what: string): Need => ({ kind: 'role', roles: ['OPERATOR', 'SPECIALIST_REGISTRAR'], what });

const isSpecialist = (row: ScopeRow | undefined): boolean => row?.designationCode === CONTRACT_SPECIALIST_DESIGNATION;

// Who names a unit that is unknown is told so by the plan, which then writes nothing.
const overUnit = async (
  reshId: number,
  { today, timeline }: ScopeReader,
  isForRegistrar: (row: ScopeRow) => boolean = () => false,
): Promise<Need[]> => {
  const row = judgedOn(await timeline(reshId), today);
  if (!row) return [];
  return [{ kind: 'unit', reshId, name: row.name, path: row.path, isForRegistrar: isForRegistrar(row) }];
};

const overUnitOrSpecialist = (reshId: number, reader: ScopeReader): Promise<Need[]> =>
  overUnit(reshId, reader, isSpecialist);

/** Scope over the parents of a unit: today's, and those it has on the days that a change alters. */
const overParents = async (
  reshId: number,
  reader: ScopeReader,
  altered: Period | undefined,
  others: readonly number[] = [],
): Promise<Need[]> => {
  const rows = await reader.timeline(reshId);
  const judged = judgedOn(rows, reader.today);
  if (!judged) return [];
  const parents = new Set([
    judged.parentReshId,
    ...rows.filter((row) => altered && overlap(row, altered)).map((row) => row.parentReshId),
    ...others,
  ]);
  const needOver = async (parent: number | null): Promise<Need[]> =>
    parent === null
      ? [operator(`unit ${reshId} «${judged.name}», which has nothing above it`)]
      : overUnit(parent, reader, () => isSpecialist(judged));
  return (await Promise.all([...parents].map(needOver))).flat();
};

const givesSpecialist = (designation: string | null | undefined): Need[] =>
  designation === CONTRACT_SPECIALIST_DESIGNATION
    ? [registrar(`designation ${CONTRACT_SPECIALIST_DESIGNATION} (Privat avtalespesialist)`)]
    : [];

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
    return newParentReshId === null ? [...needs, operator('making a unit a root')] : needs;
  },
  closeUnit: ({ reshId, effectiveOn }, reader) =>
    overParents(reshId, reader, { from: effectiveOn ?? reader.today, to: null }),
  reopenUnit: async ({ reshId, newParentReshId, effectiveOn }, reader) => {
    const rows = await reader.timeline(reshId);
    const day = effectiveOn ?? reader.today;
    const source = rows.findLast(({ from }) => from <= day) ?? rows[0];
    const parent = newParentReshId ?? source?.parentReshId;
    return overParents(reshId, reader, undefined, typeof parent === 'number' ? [parent] : []);
  },
  setUnitCodes: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  connectTreatmentSite: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  disconnectTreatmentSite: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  setIdentifier: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  grantAccess: async ({ role, reshId }, reader) =>
    role === 'ADMINISTRATOR' && typeof reshId === 'number'
      ? overUnit(reshId, reader)
      : [operator(`granting the role ${role}`)],
  revokeAccess: async ({ role, reshId, subject }, reader) => {
    if (role !== 'ADMINISTRATOR' || typeof reshId !== 'number') return [operator(`revoking the role ${role}`)];
    const judged = judgedOn(await reader.timeline(reshId), reader.today);
    const isLast = judged?.type === 'ORGANIZATION' && !(await reader.hasOtherAdministrators(reshId, subject));
    return isLast ? overParents(reshId, reader, undefined) : overUnit(reshId, reader);
  },
};

/** What a person may ask to do with a unit, and what each needs; for a move, of the parents it leaves. */
export const unitRights = {
  edit: overUnitOrSpecialist,
  move: async (reshId: number, reader: ScopeReader): Promise<Need[]> => {
    const end = endOfFact(await reader.timeline(reshId), reader.today, (row) => row.parentReshId);
    return overParents(reshId, reader, end && { from: reader.today, to: end.to });
  },
  close: (reshId: number, reader: ScopeReader): Promise<Need[]> =>
    overParents(reshId, reader, { from: reader.today, to: null }),
  addChild: (reshId: number, reader: ScopeReader): Promise<Need[]> => overUnit(reshId, reader),
  grantAccess: (reshId: number, reader: ScopeReader): Promise<Need[]> => overUnit(reshId, reader),
} as const;

export type UnitRight = keyof typeof unitRights;
