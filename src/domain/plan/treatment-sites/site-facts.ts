import type { Day } from '../../time/day.ts';
import { setFact } from '../../time/timeline.ts';
import { readAddress } from '../fact-input.ts';
import { TextReader } from '../input-text.ts';
import type { Issues } from '../issues.ts';
import { nameRequired } from '../messages/texts.ts';
import { siteFields, type SiteFacts, type SiteRow } from '../write-set.ts';
import type { PlainAddressInput, SiteInput } from './site-input.ts';

/** Facts of a treatment site to set; absent facts stay as they are. */
export type SitePatch = Partial<SiteFacts>;

/** Reads the facts of an input, and adds errors for invalid ones. */
export function readSitePatch(issues: Issues, input: Omit<SiteInput, 'organizationNumber'>): SitePatch {
  const texts = new TextReader(issues);
  if (input.name === null) issues.add('name', nameRequired({ of: 'site', canKeep: true }));
  return {
    ...(typeof input.name === 'string' && { name: texts.readLine(input.name, ['name']) }),
    ...(input.municipality !== undefined && {
      municipality: texts.readOptionalLine(input.municipality, ['municipality']),
    }),
    ...(input.address !== undefined && readSiteAddress(issues, input.address)),
    ...(input.legalEntityReshId !== undefined && { legalEntityReshId: input.legalEntityReshId }),
  };
}

/** Reads the address of a site in the form in which it is stored; null clears it. */
export function readSiteAddress(
  issues: Issues,
  address: PlainAddressInput | null | undefined,
): Pick<SiteFacts, 'addressLines' | 'postalCode' | 'city' | 'country'> {
  if (!address) return { addressLines: [], postalCode: null, city: null, country: null };
  const { lines, ...rest } = readAddress(issues, address, ['address']);
  return { addressLines: lines, ...rest };
}

/** Sets facts of a site from a day on, each until its next planned change. */
export function patchSite(rows: readonly SiteRow[], patch: SitePatch, day: Day): readonly SiteRow[] {
  return [...siteFields.values()]
    .filter((facts) => facts.some((fact) => patch[fact] !== undefined))
    .reduce((patched, facts) => {
      const values = Object.fromEntries(facts.map((fact) => [fact, patch[fact]]));
      return setFact(patched, day, (row) => JSON.stringify(facts.map((fact) => row[fact])), values);
    }, rows);
}
