import {
  siteFieldChangedLater,
  siteNeededByUnit,
  siteRestored,
  siteStaysRegistered,
  siteUnregistered,
} from '../../../domain/plan/messages/undone-sites.ts';
import type { Recorded } from '../../../domain/plan/undo/recorded.ts';
import type { UndoRange } from '../../../domain/plan/undo/three-way-merge.ts';
import { undoSite, type UndoneRecord } from '../../../domain/plan/undo/undo-record.ts';
import type { Problem } from '../../../domain/plan/user-error.ts';
import { diffRows, type SiteRow } from '../../../domain/plan/write-set.ts';
import type { Day } from '../../../domain/time/day.ts';
import { compareByFirstDay, findFirstUncoveredDay, overlap } from '../../../domain/time/period.ts';
import { readSiteUses, type SiteUseRow } from '../../../store/change/treatment-sites.ts';
import { readRecordedSites } from '../../../store/change/undone-change.ts';
import type { PlanContext } from '../plan-context.ts';
import type { UndoableUnit } from './undone-units.ts';

/** A treatment site that a change altered. */
export interface UndoneSite extends UndoneRecord<SiteRow> {
  readonly organizationNumber: string;
  /** RESH-ids of its legal entities before or after the change; null for none */
  readonly legalEntityReshIds: readonly (number | null)[];
  /** The first unit that would use the site on a day that it loses, with the day; undefined if there is none */
  readonly user: LosingUnit | undefined;
  /** Whether the change registered the site, which stays because a unit uses it */
  readonly isKept: boolean;
}

interface LosingUnit {
  readonly unit: SiteUseRow;
  readonly day: Day;
}

/**
 * Reads the treatment sites that a change altered, and takes the change back in each. A site that it registered stays
 * if a unit uses it.
 *
 * @param units units with the change taken back
 */
export async function readUndoneSites(
  { tx }: PlanContext,
  units: readonly UndoableUnit[],
  range: UndoRange,
): Promise<UndoneSite[]> {
  const bySite = new Map<string, Recorded<SiteRow>[]>();
  for (const recorded of await readRecordedSites(tx, range.revision)) {
    const { organizationNumber } = recorded.row;
    bySite.set(organizationNumber, [...(bySite.get(organizationNumber) ?? []), recorded]);
  }
  if (bySite.size === 0) return [];
  const uses = await readUsesWith(tx, [...bySite.keys()], units);
  return [...bySite].map(([organizationNumber, rows]) => {
    const undone = undoSite(rows, range);
    const user = findLosingUnit(undone, uses.get(organizationNumber) ?? []);
    const isRegistration = rows.every(({ recordedRev }) => recordedRev >= range.revision);
    const isKept = user !== undefined && isRegistration && undone.result.length === 0;
    return {
      organizationNumber,
      legalEntityReshIds: rows
        .filter(({ recordedRev, supersededRev }) => [recordedRev, supersededRev].includes(range.revision))
        .filter(({ row }) => overlap(row, { from: range.from, to: null }))
        .map(({ row }) => row.legalEntityReshId),
      ...(isKept ? { ...undone, result: undone.now, conflicts: [], firstDay: undefined } : undone),
      user,
      isKept,
    };
  });
}

/** Returns the uses of sites by number, those of the units as they are with the change taken back. */
async function readUsesWith(
  tx: PlanContext['tx'],
  organizationNumbers: readonly string[],
  units: readonly UndoableUnit[],
): Promise<ReadonlyMap<string, readonly SiteUseRow[]>> {
  const changed = new Set(units.map(({ result }) => result.reshId));
  const stored = (await readSiteUses(tx, organizationNumbers)).filter(({ reshId }) => !changed.has(reshId));
  const undone = units.flatMap(({ result: { reshId, versions } }) =>
    versions.flatMap(({ treatmentSiteNumber, name, from, to }) =>
      treatmentSiteNumber === null ? [] : [{ organizationNumber: treatmentSiteNumber, reshId, name, from, to }],
    ),
  );
  const uses = new Map<string, SiteUseRow[]>();
  for (const use of [...stored, ...undone]) {
    const known = uses.get(use.organizationNumber);
    if (known) known.push(use);
    else uses.set(use.organizationNumber, [use]);
  }
  return uses;
}

function findLosingUnit({ result, now }: UndoneRecord<SiteRow>, uses: readonly SiteUseRow[]): LosingUnit | undefined {
  if (now.every((row) => findFirstUncoveredDay(result, row) === undefined)) return undefined;
  return uses
    .toSorted(compareByFirstDay)
    .flatMap((unit) => {
      const day = findFirstUncoveredDay(result, unit);
      return day === undefined ? [] : [{ unit, day }];
    })
    .at(0);
}

/** Plans treatment sites with a change taken back; returns what stands in the way. */
export function planUndoneSites({ unitOfWork: { draft } }: PlanContext, sites: readonly UndoneSite[]): Problem[] {
  const changes = sites.map(({ now, result }) => diffRows(now, result));
  draft.sites = {
    superseded: changes.flatMap(({ superseded }) => superseded),
    added: changes.flatMap(({ added }) => added),
  };
  for (const { organizationNumber, isKept, firstDay, result } of sites) {
    if (isKept) draft.addNotes(siteStaysRegistered({ organizationNumber }));
    else if (firstDay !== undefined)
      draft.addNotes(
        result.length === 0 ? siteUnregistered({ organizationNumber }) : siteRestored({ organizationNumber }),
      );
  }
  return sites.flatMap(({ organizationNumber, conflicts, user, isKept }) => [
    ...conflicts.map((conflict) => siteFieldChangedLater({ organizationNumber, ...conflict })),
    ...(user && !isKept ? [siteNeededByUnit({ organizationNumber, unit: user.unit, day: user.day })] : []),
  ]);
}
