import type { Day } from '../../time/day.ts';
import { covers, type Period } from '../../time/period.ts';
import { insertRow, truncateAt } from '../../time/timeline.ts';
import type { Draft } from '../draft.ts';
import type { Issues } from '../issues.ts';
import { siteNotFound } from '../messages/references.ts';
import {
  siteAlreadyValid,
  siteChanges,
  siteClosingLeavesNoDay,
  siteEnds,
  siteInUse,
  siteNotValidOnDay,
  siteReopens,
  sitePlanDropped,
} from '../messages/treatment-sites.ts';
import { diffRows, type SiteRow } from '../write-set.ts';
import { patchSite, type SitePatch } from './site-facts.ts';

/** The use of a treatment site by units on a day or later. */
export interface SiteUse {
  /** Number of units that are connected to it on one of the days */
  readonly unitCount: number;
  /** The unit that is connected first, and the first of the days on which it is; null if there is none */
  readonly example: { readonly reshId: number; readonly name: string; readonly from: Day } | null;
}

/** A treatment site: its number, and its periods in order of days. */
export interface KnownSite {
  readonly organizationNumber: string;
  readonly rows: readonly SiteRow[];
}

/**
 * Plans facts of a site from a day on, each until its next planned change.
 *
 * @param issues collector for the whole input; if it has an error, nothing is planned
 * @param use of the site on the day or later, for the impact
 */
export function planSiteUpdate(
  draft: Draft,
  issues: Issues,
  { organizationNumber, rows }: KnownSite,
  patch: SitePatch,
  day: Day,
  use: SiteUse,
): void {
  const current = findValidRow(issues, { organizationNumber, rows }, day);
  if (!current || issues.hasErrors()) return;
  draft.sites = diffRows(rows, patchSite(rows, patch, day));
  if (hasChanges(draft))
    draft.addNotes(siteChanges({ organizationNumber, name: current.name, day, unitCount: use.unitCount }));
}

/**
 * Plans the end of a site on a day, the first on which it is no longer valid, its planned days included.
 *
 * @param issues collector for the whole input; if it has an error, nothing is planned
 * @param use of the site on the day or later
 */
export function planSiteClosing(
  draft: Draft,
  issues: Issues,
  { organizationNumber, rows }: KnownSite,
  day: Day,
  use: SiteUse,
): void {
  const isAlreadyClosing = rows.some(({ to }) => to === day);
  const current = isAlreadyClosing
    ? rows.findLast(({ from }) => from < day)
    : findValidRow(issues, { organizationNumber, rows }, day);
  if (rows[0]?.from === day) issues.add('effectiveOn', siteClosingLeavesNoDay({ organizationNumber, firstDay: day }));
  if (use.example)
    issues.add(
      'organizationNumber',
      siteInUse({ organizationNumber, unitCount: use.unitCount, day, ...toExample(use.example, day) }),
    );
  if (!current || issues.hasErrors()) return;
  draft.sites = diffRows(rows, truncateAt(rows, day));
  if (!hasChanges(draft)) return;
  draft.addNotes(siteEnds({ organizationNumber, name: current.name, day }));
  draft.addNotes(
    ...rows
      .filter(({ from }) => from > day)
      .map(({ from: planned }) => sitePlanDropped({ organizationNumber, name: current.name, planned })),
  );
}

/**
 * Plans that a closed site is valid again from a day on, as on its last day, until it was planned to begin, if it was.
 * Before its first day, it is valid from the day on as on that first day.
 *
 * @param issues collector for the whole input; if it has an error, nothing is planned
 */
export function planSiteReopening(
  draft: Draft,
  issues: Issues,
  { organizationNumber, rows }: KnownSite,
  day: Day,
): void {
  if (rows.length === 0) issues.add('organizationNumber', siteNotFound({ organizationNumber }));
  const template = findSiteTemplate(rows, day);
  if (template && covers(template, day))
    issues.add('effectiveOn', siteAlreadyValid({ organizationNumber, name: template.name, day }));
  if (!template || issues.hasErrors()) return;
  const to = rows.find(({ from }) => from > day)?.from ?? null;
  draft.sites = diffRows(rows, insertRow(rows, { ...template, id: undefined, from: day, to }));
  draft.addNotes(siteReopens({ organizationNumber, name: template.name, day }));
}

/** Returns the row of a site on a day, or that of the last day before it, or the first one. */
export function findSiteTemplate<Version extends Period>(rows: readonly Version[], day: Day): Version | undefined {
  return rows.findLast(({ from }) => from <= day) ?? rows[0];
}

function findValidRow(issues: Issues, { organizationNumber, rows }: KnownSite, day: Day): SiteRow | undefined {
  const current = rows.find((row) => covers(row, day));
  if (rows.length === 0) issues.add('organizationNumber', siteNotFound({ organizationNumber }));
  else if (!current) issues.add('effectiveOn', siteNotValidOnDay({ organizationNumber, day, valid: rows }));
  return current;
}

function hasChanges({ sites: { superseded, added } }: Draft): boolean {
  return superseded.length + added.length > 0;
}

function toExample({ from, ...unit }: NonNullable<SiteUse['example']>, day: Day) {
  return { unit, from: from > day ? from : day };
}
