import { groupByCode, planCodes, type CodePlan, type CodeRow } from '../../domain/plan/code-sets/plan-codes.ts';
import { planDesiredSite, type SiteChange } from '../../domain/plan/treatment-sites/desired-site.ts';
import type { RowChanges, SiteRow } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { readCodeRows } from '../../store/change/code-sets.ts';
import { readSiteRows } from '../../store/change/treatment-sites.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import { readRegisteredSites } from '../../store/staging/sites.ts';
import { findOmittedCodeFacts } from '../import/code-columns.ts';
import type { StagedFiles } from '../import/stage-files.ts';

/** Changes of treatment sites and codes that the register has. */
export interface ReferencePlan {
  readonly codes: CodePlan;
  readonly siteRows: RowChanges<SiteRow>;
  readonly siteChanges: readonly SiteChange[];
}

/**
 * Plans that the treatment sites and codes of the register get the facts that the files give them, from a day on. Facts
 * without a column stay as they are, and so do sites and codes without a row.
 *
 * @param registeredCodes rows of the files whose codes the register has
 */
export async function planReferenceData(
  session: BulkSession,
  { files }: Pick<StagedFiles, 'files'>,
  registeredCodes: readonly CodeRow[],
  day: Day,
): Promise<ReferencePlan> {
  const findColumns = (name: string) => files.find(({ file }) => file === name)?.columns ?? new Set<string>();
  const codes = groupByCode(registeredCodes.map(toCodeRow));
  const known = codes.size === 0 ? [] : await readCodeRows(session);
  const desired = await readRegisteredSites(session, day);
  const rowsBySite = new Map<string, SiteRow[]>();
  const numbers = desired.map(({ organizationNumber }) => organizationNumber);
  for (const row of numbers.length === 0 ? [] : await readSiteRows(session, numbers))
    rowsBySite.set(row.organizationNumber, [...(rowsBySite.get(row.organizationNumber) ?? []), row]);
  const columns = findColumns('treatment_sites.csv');
  const sites = desired.map((site) =>
    planDesiredSite(rowsBySite.get(site.organizationNumber) ?? [], selectColumns(site, columns), day),
  );
  return {
    codes: planCodes(groupByCode(known), codes, findOmittedCodeFacts(findColumns('codes.csv')), day),
    siteRows: {
      superseded: sites.flatMap(({ rows }) => rows.superseded),
      added: sites.flatMap(({ rows }) => rows.added),
    },
    siteChanges: sites.flatMap(({ changes }) => changes),
  };
}

const siteColumns = {
  name: 'name',
  municipality: 'municipality',
  postalCode: 'postal_code',
  city: 'city',
  legalEntityReshId: 'trust_resh_id',
} as const;

function selectColumns<Site extends object>(site: Site, columns: ReadonlySet<string>): Partial<Site> {
  const omitted = Object.entries(siteColumns).flatMap(([fact, column]) => (columns.has(column) ? [] : [fact]));
  return Object.fromEntries(Object.entries(site).filter(([fact]) => !omitted.includes(fact))) as Partial<Site>;
}

function toCodeRow({ codeSet, code, name, parentCode, retired, replacedBy, from, to }: CodeRow): CodeRow {
  return { codeSet, code, name, parentCode, retired, replacedBy, from, to };
}
