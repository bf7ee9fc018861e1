import type { Day } from '../../time/day.ts';
import { compareByFirstDay } from '../../time/period.ts';
import { coalesce } from '../../time/timeline.ts';
import type { Draft } from '../draft.ts';
import type { NamedUnit } from '../messages/labels.ts';
import { sitesPassOn } from '../messages/treatment-sites.ts';
import { patchRows } from '../undo/restore-rows.ts';
import { diffRows, type SiteRow } from '../write-set.ts';

/**
 * Plans that the treatment sites of some legal entities belong to another one from a day on, those planned for later
 * included.
 *
 * @param stored all rows of the sites of the legal entities, and of the sites that the draft changes
 * @param sources RESH-ids of the legal entities
 * @param target unit that gets the sites
 */
export function passSitesOn(
  draft: Draft,
  stored: readonly SiteRow[],
  sources: readonly number[],
  target: NamedUnit,
  day: Day,
): void {
  const { superseded, added } = draft.sites;
  const supersededIds = new Set(superseded.map(({ id }) => id));
  const current = [...stored.filter(({ id }) => !supersededIds.has(id)), ...added];
  const passed = new Map<string, readonly SiteRow[]>();
  for (const organizationNumber of new Set(current.map((row) => row.organizationNumber))) {
    const rows = current.filter((row) => row.organizationNumber === organizationNumber).sort(compareByFirstDay);
    const result = passSiteOn(rows, sources, target.reshId, day);
    const { added: changed } = diffRows(rows, result);
    if (changed.length > 0) passed.set(organizationNumber, result);
  }
  const [example] = [...passed.keys()].sort();
  if (example === undefined) return;
  const isKept = (row: SiteRow) => !passed.has(row.organizationNumber);
  const changes = [...passed].map(([organizationNumber, result]) =>
    diffRows(
      stored.filter((row) => row.organizationNumber === organizationNumber),
      result,
    ),
  );
  draft.sites = {
    superseded: [...superseded.filter(isKept), ...changes.flatMap((change) => change.superseded)],
    added: [...added.filter(isKept), ...changes.flatMap((change) => change.added)],
  };
  draft.addNotes(sitesPassOn({ siteCount: passed.size, organizationNumber: example, target, day }));
}

function passSiteOn(rows: readonly SiteRow[], sources: readonly number[], target: number, day: Day): SiteRow[] {
  const isPassed = ({ legalEntityReshId }: SiteRow) =>
    legalEntityReshId !== null && sources.includes(legalEntityReshId);
  return coalesce(
    patchRows(rows, { from: day, to: null }, (row) => (isPassed(row) ? { ...row, legalEntityReshId: target } : row)),
  );
}
