import { dayBefore, type Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';
import { insertRow, type Row } from '../time/timeline.ts';
import type { CodeKey } from '../unit/filter.ts';
import { detailLists, type DetailList, type UnitState, type VersionRow } from '../unit/state.ts';
import type { Draft } from './draft.ts';
import { unitLabel, validateParent } from './parent-rules.ts';
import {
  canExtendCode,
  validateOrganizationNumber,
  validateTreatmentSite,
  type CodePeriod,
  type SitePeriod,
} from './references.ts';

/** Where a unit is reopened: the period that becomes valid, the version it is like, and the day whose codes and the like it gets. */
export interface PlannedOpening {
  readonly period: Period;
  readonly template: VersionRow;
  readonly templateDay: Day;
}

/** What the register knows of the codes, sites and organization numbers of units that are to be reopened. */
export interface ReferenceData {
  readonly codes: readonly CodePeriod[];
  readonly sites: readonly (SitePeriod & { readonly organizationNumber: string })[];
  readonly numberHolders: readonly (Period & {
    readonly organizationNumber: string;
    readonly reshId: number;
    readonly name: string;
  })[];
}

/** The gap that a day lies in: after the last day, between two periods, or before the first day; undefined where there is none. */
export function findOpening({ versions }: Pick<UnitState, 'versions'>, day: Day): PlannedOpening | undefined {
  const before = versions.findLast(({ to }) => to !== null && to <= day);
  const next = versions.find(({ from }) => from > day);
  if (before?.to)
    return { period: { from: day, to: next?.from ?? null }, template: before, templateDay: dayBefore(before.to) };
  return next ? { period: { from: day, to: next.from }, template: next, templateDay: next.from } : undefined;
}

/**
 * Plans that a unit becomes valid over a period as it was on another day; a code that is not given by then falls away with a note.
 *
 * @param field of the input that is told where the parent stands in the way
 */
export function planReopening(
  draft: Draft,
  unit: UnitState,
  opening: PlannedOpening,
  known: ReferenceData,
  parentReshId: number | null,
  field: string,
): void {
  const { period, template } = opening;
  const { reshId, versions } = unit;
  const { organizationNumber, treatmentSiteNumber: site } = template;
  const parent = parentReshId === null ? null : { reshId: parentReshId, versions: draft.unit(parentReshId)?.versions };
  const errors = validateParent({ reshId, type: template.type, versions }, parent, period, field);
  if (organizationNumber !== null) {
    const holders = known.numberHolders.filter((holder) => holder.organizationNumber === organizationNumber);
    const numberField = field === 'newParentReshId' ? 'reshId' : field;
    errors.push(...validateOrganizationNumber(organizationNumber, holders, reshId, period, numberField));
  }
  if (site !== null) {
    const periods = known.sites.filter((row) => row.organizationNumber === site);
    errors.push(...validateTreatmentSite(site, periods, period, 'effectiveOn'));
  }
  draft.errors.push(...errors);
  if (errors.length > 0) return;

  const { lists, droppedCodes } = reopenLists(unit, opening, known.codes);
  draft.notes.push(
    ...droppedCodes.map(
      ({ codeSet, code }) =>
        `Unit ${unitLabel(reshId, versions)} does not get code ${codeSet}:${code} on ${period.from}: it is not given on that day.`,
    ),
  );
  draft.set(reshId, {
    ...lists,
    versions: insertRow(versions, { ...template, ...period, id: undefined, parentReshId, path: [] }),
  });
}

/**
 * The lists of a unit beside its versions as a reopening leaves them: what held on the day that it is like holds over the period too.
 *
 * @param known what the register says of the unit's codes: those that cannot be given on the day are not
 * @returns the lists, and the codes that the unit does not get
 */
export function reopenLists(
  unit: UnitState,
  { period, templateDay }: PlannedOpening,
  known: readonly CodePeriod[],
): { lists: Partial<Pick<UnitState, DetailList>>; droppedCodes: readonly CodeKey[] } {
  const droppedCodes: CodeKey[] = [];
  const canRestore = (row: Row): boolean => {
    if (!('codeSet' in row && 'code' in row)) return true;
    const key = { codeSet: Number(row.codeSet), code: String(row.code) };
    if (canExtendCode(known, { ...row, ...key }, period)) return true;
    droppedCodes.push(key);
    return false;
  };
  const lists = Object.fromEntries(
    detailLists.map((list) => {
      const held = (unit[list] as readonly Row[]).filter((row) => covers(row, templateDay) && canRestore(row));
      return [
        list,
        held.reduce<Row[]>((rows, row) => insertRow(rows, { ...row, ...period, id: undefined }), [...unit[list]]),
      ];
    }),
  );
  return { lists, droppedCodes };
}
