import type { SqlClient } from '../../../src/store/database/sql-client.ts';
import { formatPathText } from '../../../src/store/sql/path-text.ts';

/** A row of `unit_version`. */
export interface StoredVersion {
  /** RESH-ids from the root to the unit itself */
  readonly path: readonly number[];
  /** By default `DEPARTMENT` */
  readonly type?: 'ORGANIZATION' | 'DEPARTMENT';
  /** By default `Unit` and the RESH-id */
  readonly name?: string;
  /** By default 2002-01-01 */
  readonly from?: string;
  readonly to?: string | undefined;
  readonly shortName?: string | undefined;
  readonly organizationNumber?: string | undefined;
  readonly treatmentSiteNumber?: string | undefined;
  readonly designationCode?: string | undefined;
}

/** Inserts versions of units, and the units that are new, without checking any rules. */
export async function insertUnitVersions(
  session: SqlClient,
  revision: number,
  versions: readonly StoredVersion[],
): Promise<void> {
  const rows = versions.map(({ path, ...columns }) => ({
    reshId: path.at(-1),
    name: `Unit ${path.at(-1)}`,
    parentReshId: path.at(-2),
    type: 'DEPARTMENT',
    from: '2002-01-01',
    path,
    pathText: formatPathText(path),
    ...columns,
  }));
  await session.query(
    `insert into unit (resh_id, registered_rev)
     select distinct unnest($1::integer[]), $2::integer
     on conflict do nothing`,
    [rows.map(({ reshId }) => reshId), revision],
  );
  await session.query(
    `insert into unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name, short_name,
       organization_number, treatment_site_number, designation_code, path, path_text)
     select "reshId", "from", "to", $2::integer, "parentReshId", type::unit_type, name, "shortName",
       "organizationNumber", "treatmentSiteNumber", "designationCode", path, "pathText"
     from jsonb_to_recordset($1::text::jsonb) as row ("reshId" integer, "from" date, "to" date,
       "parentReshId" integer, type text, name text, "shortName" text, "organizationNumber" text,
       "treatmentSiteNumber" text, "designationCode" text, path integer[], "pathText" text)`,
    [JSON.stringify(rows), revision],
  );
}
