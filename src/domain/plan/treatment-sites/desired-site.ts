import type { Day } from '../../time/day.ts';
import { covers } from '../../time/period.ts';
import { diffRows, siteFields, type RowChanges, type SiteFacts, type SiteRow } from '../write-set.ts';
import { patchSite } from './site-facts.ts';

/** A field of a treatment site that changes, with its values as text; null for none. */
export interface SiteChange {
  readonly organizationNumber: string;
  readonly name: string;
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Facts of a site that a file can have. */
type DesiredSite = Partial<Omit<SiteFacts, 'addressLines' | 'country'>>;

/**
 * Plans that a site has the facts of a file from a day on, each until its next planned change.
 *
 * @param rows of the site in order of days
 * @param desired facts of the file; absent ones stay as they are
 */
export function planDesiredSite(
  rows: readonly SiteRow[],
  desired: DesiredSite,
  day: Day,
): { readonly rows: RowChanges<SiteRow>; readonly changes: readonly SiteChange[] } {
  const before = rows.find((row) => covers(row, day));
  if (!before) return { rows: { superseded: [], added: [] }, changes: [] };
  const { name, municipality, legalEntityReshId, postalCode = before.postalCode, city = before.city } = desired;
  const { addressLines, country } = before;
  const patch = {
    ...(name !== undefined && { name }),
    ...(municipality !== undefined && { municipality }),
    ...(legalEntityReshId !== undefined && { legalEntityReshId }),
    ...{ addressLines, postalCode, city, country },
  };
  const result = patchSite(rows, patch, day);
  const after = result.find((row) => covers(row, day)) ?? before;
  const changes = [...siteFields].flatMap(([field, facts]) => {
    const [old, current] = [before, after].map((row) => formatFacts(row, facts));
    if (old === current) return [];
    const { organizationNumber } = before;
    return [{ organizationNumber, name: before.name, field, before: old ?? null, after: current ?? null }];
  });
  return { rows: diffRows(rows, result), changes };
}

function formatFacts(row: SiteRow, facts: readonly (keyof SiteFacts)[]): string | null {
  const texts = facts.flatMap((fact) => row[fact] ?? []).map(String);
  return texts.length === 0 ? null : texts.join(', ');
}
