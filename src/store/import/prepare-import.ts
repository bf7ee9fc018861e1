import type { BulkSession } from '../database/bulk-session.ts';
import { loadSqlFile } from '../sql/load-sql-file.ts';
import { selectStagedFacts } from '../sql/unit-file.ts';
import { prepareReferenceData, type PreparedReferenceData } from '../staging/reference-data.ts';

/** Numbers of rows and units to write. */
export interface PreparedImport extends PreparedReferenceData {
  readonly units: number;
  readonly versions: number;
  readonly unitCodes: number;
  readonly identifiers: number;
  readonly successions: number;
}

// Versions are written in tree order, so that the rows of a subtree are close together on disk.
const createVersionsSql = `-- versions in tree order
  drop table if exists import_version;
  create temporary table import_version as
  select row_number() over (order by p.path_text, p.validity) as position,
    u.resh_id, lower(p.validity) as valid_from, upper(p.validity) as valid_to, p.path, p.path_text,
    ${selectStagedFacts('u')}
  from import_placement p
  join import_unit u on u.line = p.line
  order by p.path_text, p.validity`;

const prepareImportSql = loadSqlFile(new URL('prepare-import.sql', import.meta.url));

/** Sorts the rows to write in tree order, and counts them. It does not need the register's lock. */
export async function prepareImport(session: BulkSession): Promise<PreparedImport> {
  await session.execute(createVersionsSql);
  await session.execute(prepareImportSql({}));
  const referenceData = await prepareReferenceData(session);
  const [counts] = await session.query<Omit<PreparedImport, keyof PreparedReferenceData> & Record<string, unknown>>(
    `-- units to write
     select
       (select count(distinct resh_id) from import_version)::integer as units,
       (select count(*) from import_version)::integer as versions,
       (select count(*) from import_code_period)::integer as "unitCodes",
       (select count(*) from import_identifier_period)::integer as identifiers,
       (select count(*) from import_new_succession)::integer as successions`,
  );
  if (!counts) throw new Error('The query that counts the prepared import returned no row.');
  return { ...referenceData, ...counts };
}
