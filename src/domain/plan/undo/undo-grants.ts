import type { Day } from '../../time/day.ts';
import { intersectPeriods, type Period } from '../../time/period.ts';
import { removePeriod } from '../../time/timeline.ts';
import type { GrantRow } from '../write-set.ts';
import type { Recorded } from './recorded.ts';

/** One kind of access of a subject. */
interface AccessKey {
  readonly subject: string;
  readonly role: GrantRow['role'];
  readonly reshId: number | null;
}

/** What a change did to one kind of access of a subject from a day on, and the grants of it now. */
export interface AlteredAccess extends AccessKey {
  readonly now: readonly GrantRow[];
  /** Days on which the change gave access */
  readonly added: readonly Period[];
  /** Days on which it ended access that nobody has given back */
  readonly ended: readonly Period[];
}

/**
 * Returns the access that a change altered on days from a day on.
 *
 * @param rows grants that the change recorded or superseded, and all current grants of the same subjects
 */
export function listAlteredAccess(rows: readonly Recorded<GrantRow>[], revision: number, day: Day): AlteredAccess[] {
  const byKey = new Map<string, Recorded<GrantRow>[]>();
  for (const recorded of rows) {
    const key = accessKey(recorded.row);
    byKey.set(key, [...(byKey.get(key) ?? []), recorded]);
  }
  return [...byKey.values()].flatMap((recorded) => {
    const [example] = recorded;
    const superseded = recorded.filter(({ supersededRev }) => supersededRev === revision).map(({ row }) => row);
    const recordedRows = recorded.filter(({ recordedRev }) => recordedRev === revision).map(({ row }) => row);
    const now = recorded.filter(({ supersededRev }) => supersededRev === null).map(({ row }) => row);
    const added = clipTo(subtractDays(recordedRows, superseded), day);
    const ended = clipTo(subtractDays(subtractDays(superseded, recordedRows), now), day);
    if (!example || added.length + ended.length === 0) return [];
    const { subject, role, reshId } = example.row;
    return [{ subject, role, reshId, now, added, ended }];
  });
}

/** Returns the grants of altered access without the days that the change gave. */
export function withoutAddedAccess({ now, added }: AlteredAccess): readonly GrantRow[] {
  return added.reduce<readonly GrantRow[]>((rows, period) => removePeriod(rows, period), now);
}

/** Returns the text that identifies one kind of access of a subject. */
export function accessKey({ subject, role, reshId }: AccessKey): string {
  return JSON.stringify([subject, role, reshId]);
}

function subtractDays(rows: readonly GrantRow[], others: readonly GrantRow[]): readonly GrantRow[] {
  return others.reduce<readonly GrantRow[]>((parts, other) => removePeriod(parts, other), rows);
}

function clipTo(rows: readonly GrantRow[], from: Day): Period[] {
  return rows.flatMap((row) => intersectPeriods(row, { from, to: null }) ?? []);
}
