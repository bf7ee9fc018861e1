import { dayBefore, type Day } from '../time/day.ts';
import {
  compareByFirstDay,
  covers,
  findFirstUncoveredDay,
  findUnbrokenPeriod,
  intersectPeriods,
  type Period,
} from '../time/period.ts';
import { insertRow, type Row } from '../time/timeline.ts';
import { formatFieldValue } from '../unit/field-text.ts';
import type { CodeKey } from '../unit/filter.ts';
import { findPlannedChanges } from '../unit/planned-changes.ts';
import { detailLists, type DetailList, type UnitState, type VersionRow } from '../unit/state.ts';
import { canExtendCode, type CodePeriod } from './codes.ts';
import type { Draft } from './draft.ts';
import type { Issues } from './issues.ts';
import { codeNotRestored, planNotRestored, siteNotRestored } from './messages/notes.ts';
import { regainedSiteNotValid } from './messages/references.ts';
import { checkParent } from './parent-rules.ts';
import {
  checkRegainedNumber,
  checkTreatmentSite,
  toPeriod,
  type NumberHolder,
  type ReferencePeriod,
} from './references.ts';
import type { Note, Problem } from './user-error.ts';

/** A period over which a unit becomes valid again, with the version and the day that it is restored from. */
export interface PlannedOpening {
  readonly period: Period;
  readonly template: VersionRow;
  readonly templateDay: Day;
  /** Treatment site that the unit gets in place of the restored one; null for none */
  readonly newSite?: string | null | undefined;
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
 * Ends an opening where the unit was planned to end before it closed.
 *
 * @param before the unit before it closed; undefined if it had its end from the start
 */
export function restorePlannedEnd(opening: PlannedOpening, before: UnitState | undefined): PlannedOpening {
  const { period, templateDay } = opening;
  const planned = before && findUnbrokenPeriod(before.versions, templateDay)?.to;
  const restored = planned && intersectPeriods(period, { from: templateDay, to: planned });
  return restored ? { ...opening, period: restored } : opening;
}

/** Returns notes on the changes that a closing dropped and a reopening does not bring back. */
export function describeLostPlans(unit: UnitState, { period, templateDay }: PlannedOpening, before: UnitState): Note[] {
  return findPlannedChanges(before, templateDay)
    .filter(({ isValid, day }) => isValid || (day > period.from && day !== period.to))
    .map(({ day, fields }) =>
      planNotRestored({
        unit,
        planned: day,
        facts: fields.map(({ field, after }) => ({ field, value: after && formatFieldValue(after) })),
      }),
    );
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
  const { period } = opening;
  const { reshId, versions } = unit;
  const isRoot = field === 'newParentReshId';
  const openingIssues = issues.at();
  const parent = parentReshId === null ? null : { reshId: parentReshId, versions: draft.unit(parentReshId)?.versions };
  openingIssues.add(field, ...checkParent({ reshId, type: opening.template.type, versions }, parent, period));
  openingIssues.add(isRoot ? 'reshId' : field, ...checkRestoredNumber(unit, opening, known));
  const siteProblems = checkSite(opening, known);
  if (isRoot) openingIssues.add('treatmentSite', ...siteProblems);
  if (openingIssues.hasErrors()) return;

  const { treatmentSiteNumber } = opening.template;
  const hasLostSite = treatmentSiteNumber !== null && siteProblems.length > 0;
  if (hasLostSite) draft.addNotes(siteNotRestored({ unit, organizationNumber: treatmentSiteNumber, day: period.from }));
  const template = hasLostSite ? { ...opening.template, treatmentSiteNumber: null } : opening.template;
  const { lists, droppedCodes } = reopenLists(unit, opening, known.codes);
  draft.addNotes(...droppedCodes.map((code) => codeNotRestored({ unit, code, day: period.from })));
  draft.set(reshId, {
    ...lists,
    versions: insertRow(versions, { ...template, ...period, id: undefined, parentReshId, path: [] }),
  });
}

/** Returns the problem of an organization number that another unit has got since. */
function checkRestoredNumber(
  { reshId }: UnitState,
  { period, template: { organizationNumber } }: PlannedOpening,
  known: ReferenceData,
): Problem[] {
  if (organizationNumber === null) return [];
  const holders = known.numberHolders.filter((holder) => holder.organizationNumber === organizationNumber);
  return checkRegainedNumber(organizationNumber, holders, reshId, period);
}

/** Returns the problems of the site that a unit gets back, or of another one that the input names. */
function checkSite({ period, template, newSite }: PlannedOpening, known: ReferenceData): Problem[] {
  const organizationNumber = template.treatmentSiteNumber;
  if (organizationNumber === null) return [];
  const periods = known.sites.filter((site) => site.organizationNumber === organizationNumber);
  if (newSite !== undefined) return checkTreatmentSite(organizationNumber, periods, period);
  const day = findFirstUncoveredDay(periods.map(toPeriod).sort(compareByFirstDay), period);
  return day === undefined ? [] : [regainedSiteNotValid({ organizationNumber, day })];
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
