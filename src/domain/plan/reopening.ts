import { dayBefore, type Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';
import { insertRow, type Row } from '../time/timeline.ts';
import type { CodeKey } from '../unit/filter.ts';
import { detailLists, type DetailList, type UnitState, type VersionRow } from '../unit/state.ts';
import { canExtendCode, type CodePeriod } from './codes.ts';
import type { Draft } from './draft.ts';
import type { Issues } from './issues.ts';
import { codeNotRestored } from './messages/notes.ts';
import { checkParent } from './parent-rules.ts';
import { checkOrganizationNumber, checkTreatmentSite, type NumberHolder, type ReferencePeriod } from './references.ts';

/** A period over which a unit becomes valid again, with the version and the day that it is restored from. */
export interface PlannedOpening {
  readonly period: Period;
  readonly template: VersionRow;
  readonly templateDay: Day;
}

/** The states of the codes, sites and organization numbers of units that reopen. */
export interface ReferenceData {
  readonly codes: readonly CodePeriod[];
  readonly sites: readonly (ReferencePeriod & { readonly organizationNumber: string })[];
  readonly numberHolders: readonly (NumberHolder & { readonly organizationNumber: string })[];
}

/**
 * Returns the gap around a day: after the last day, between two periods, or before the first day; undefined if the unit
 * is valid on the day.
 */
export function findOpening({ versions }: Pick<UnitState, 'versions'>, day: Day): PlannedOpening | undefined {
  const before = versions.findLast(({ to }) => to !== null && to <= day);
  const next = versions.find(({ from }) => from > day);
  if (before?.to)
    return { period: { from: day, to: next?.from ?? null }, template: before, templateDay: dayBefore(before.to) };
  return next ? { period: { from: day, to: next.from }, template: next, templateDay: next.from } : undefined;
}

/**
 * Plans that a unit becomes valid over a period as it was on another day. Codes that cannot be assigned are left out,
 * with a note for each.
 *
 * @param known states of the unit's codes, site and number
 * @param field field of the input that an error of the parent belongs to
 */
export function planReopening(
  draft: Draft,
  issues: Issues,
  unit: UnitState,
  opening: PlannedOpening,
  known: ReferenceData,
  parentReshId: number | null,
  field: 'newParentReshId' | 'withDescendants',
): void {
  const { period, template } = opening;
  const { reshId, versions } = unit;
  const openingIssues = issues.at();
  const parent = parentReshId === null ? null : { reshId: parentReshId, versions: draft.unit(parentReshId)?.versions };
  openingIssues.add(field, ...checkParent({ reshId, type: template.type, versions }, parent, period));
  checkRestoredReferences(openingIssues, unit, opening, known, field === 'newParentReshId' ? 'reshId' : field);
  if (openingIssues.hasErrors()) return;

  const { lists, droppedCodes } = reopenLists(unit, opening, known.codes);
  draft.addNotes(...droppedCodes.map((code) => codeNotRestored({ unit, code, day: period.from })));
  draft.set(reshId, {
    ...lists,
    versions: insertRow(versions, { ...template, ...period, id: undefined, parentReshId, path: [] }),
  });
}

function checkRestoredReferences(
  issues: Issues,
  { reshId }: UnitState,
  { period, template }: PlannedOpening,
  known: ReferenceData,
  numberField: string,
): void {
  const { organizationNumber, treatmentSiteNumber } = template;
  if (organizationNumber !== null) {
    const holders = known.numberHolders.filter((holder) => holder.organizationNumber === organizationNumber);
    issues.add(numberField, ...checkOrganizationNumber(organizationNumber, holders, reshId, period));
  }
  if (treatmentSiteNumber !== null) {
    const periods = known.sites.filter((site) => site.organizationNumber === treatmentSiteNumber);
    issues.add('effectiveOn', ...checkTreatmentSite(treatmentSiteNumber, periods, period));
  }
}

/**
 * Returns the detail lists of a unit after a reopening: entries of the day it is restored from also hold over the
 * period.
 *
 * @param known states of the unit's codes
 * @returns the lists, and the codes that cannot be assigned and are left out
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
