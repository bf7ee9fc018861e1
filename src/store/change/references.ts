import { z } from 'zod';
import { rowSchema, selectList } from '../sql/columns.ts';
import { codeVersion, treatmentSiteVersion, unitTables, unitVersion } from '../tables.ts';
import type { SqlClient } from '../database/sql-client.ts';
import type { Transaction } from '../database/transaction.ts';

// Read within a change, under the lock, so at the newest revision: current rows have no superseded_rev.
const codeColumns = {
  ...codeVersion.key,
  ...codeVersion.period,
  name: codeVersion.facts.name,
  retired: codeVersion.facts.retired,
};
const codeRow = rowSchema(codeColumns);

/** A code in a period; null means that the period has no start or no end. */
export type CodePeriodRow = z.infer<typeof codeRow>;

/** Returns all periods of codes, without unknown codes. One statement. */
export async function readCodePeriods(
  tx: SqlClient,
  keys: readonly { readonly codeSet: number; readonly code: string }[],
): Promise<CodePeriodRow[]> {
  return z.array(codeRow).parse(
    await tx.query(
      `-- codes of a change
       select ${selectList(codeColumns, 'c')}
       from jsonb_to_recordset($1::text::jsonb) as key ("codeSet" integer, code text)
       join code_version c on c.code_set = key."codeSet"
         and c.code = key.code
         and c.superseded_rev is null`,
      [JSON.stringify(keys.map(({ codeSet, code }) => ({ codeSet, code })))],
    ),
  );
}

const siteColumns = {
  ...treatmentSiteVersion.key,
  ...treatmentSiteVersion.period,
  name: treatmentSiteVersion.facts.name,
};
const siteRow = rowSchema(siteColumns);

/** A treatment site in a period; null means that the period has no start or no end. */
export type SitePeriodRow = z.infer<typeof siteRow>;

/** Returns all periods of treatment sites, without unknown sites. One statement. */
export async function readSitePeriods(
  tx: Transaction,
  organizationNumbers: readonly string[],
): Promise<SitePeriodRow[]> {
  return z.array(siteRow).parse(
    await tx.query(
      `-- treatment sites of a change
       select ${selectList(siteColumns)}
       from treatment_site_version
       where organization_number = any($1::text[])
         and superseded_rev is null`,
      [organizationNumbers],
    ),
  );
}

const holderColumns = { ...unitVersion.key, ...unitVersion.period, name: unitVersion.facts.name };
const holderRow = rowSchema(holderColumns);

/** A unit that has a number or identifier in a period. */
export type Holder = z.infer<typeof holderRow>;

const numberHolderRow = holderRow.extend({ organizationNumber: z.string() });

/** A unit that has an organization number in a period. */
export type NumberHolder = z.infer<typeof numberHolderRow>;

/** Returns the units that have organization numbers, with the periods in which they have them. One statement. */
export async function readNumberHolders(
  tx: SqlClient,
  organizationNumbers: readonly string[],
): Promise<NumberHolder[]> {
  return z.array(numberHolderRow).parse(
    await tx.query(
      `-- units with organization numbers
       select organization_number as "organizationNumber", ${selectList(holderColumns)}
       from unit_version
       where organization_number = any($1::text[])
         and superseded_rev is null
       order by valid_from`,
      [organizationNumbers],
    ),
  );
}

/** An identifier in another system. */
export interface IdentifierKey {
  readonly system: string;
  readonly value: string;
}

const identifierHolderRow = holderRow.extend({ system: z.string(), value: z.string() });

/** A unit that has an identifier in a period. */
export type IdentifierHolder = z.infer<typeof identifierHolderRow>;

/** Returns the units that have identifiers, with the periods in which they have them. One statement. */
export async function readIdentifierHolders(
  tx: SqlClient,
  identifiers: readonly IdentifierKey[],
): Promise<IdentifierHolder[]> {
  const { key, period } = unitTables.identifiers;
  const selected = `${selectList({ ...key, ...period }, 'i')}, ${selectList({ name: unitVersion.facts.name }, 'v')}`;
  return z.array(identifierHolderRow).parse(
    await tx.query(
      `-- units with identifiers
       select distinct on (i.id) i.system, i.value, ${selected}
       from unnest($1::text[], $2::text[]) as identifier (system, value)
       join unit_identifier i on i.value = identifier.value
         and i.system = identifier.system
         and i.superseded_rev is null
       join unit_version v on v.resh_id = i.resh_id and v.superseded_rev is null
       order by i.id, v.valid_from desc`,
      [identifiers.map(({ system }) => system), identifiers.map(({ value }) => value)],
    ),
  );
}
