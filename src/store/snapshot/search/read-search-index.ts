import { z } from 'zod';
import type { Database } from '../../database/database.ts';
import { readRevisionHash } from '../../database/newest-revision.ts';
import type { SqlClient } from '../../database/sql-client.ts';
import { rowSchema, selectList } from '../../sql/columns.ts';
import { lowerExpression } from '../../sql/search-names.ts';
import {
  knownBetween,
  period,
  rowId,
  treatmentSiteVersion,
  unitTables,
  unitVersion,
  type Columns,
  type Table,
} from '../../tables.ts';
import { RestoredRegisterError } from '../advance-snapshot.ts';
import { SearchIndex } from './search-index.ts';
import type { TextFolder } from './text-folder.ts';
import type { Trigrams } from './trigrams.ts';

/** Rows of one statement, so that reading never blocks requests for long. */
const CHUNK_SIZE = 2_000;
/** Last code point of the Latin letters that search texts consist of; the database searches for any other text. */
const LAST_FOLDED_CODE_POINT = 0x17f;

const id = { ...rowId.id, schema: z.coerce.number() };
const commonColumns = { id, ...period, ...knownBetween } as const satisfies Columns;

const versionColumns = {
  ...commonColumns,
  ...unitVersion.key,
  name: unitVersion.facts.name,
  shortName: unitVersion.facts.shortName,
  organizationNumber: unitVersion.facts.organizationNumber,
  treatmentSiteNumber: unitVersion.facts.treatmentSiteNumber,
  nameFolded: unitVersion.generated.nameFolded,
  shortNameFolded: unitVersion.generated.shortNameFolded,
} as const satisfies Columns;
const versionRow = rowSchema(versionColumns).extend({
  nameLowered: z.string(),
  shortNameLowered: z.string().nullable(),
});

const foldedName = { nameFolded: z.string(), nameLowered: z.string() };

const nameColumns = {
  ...commonColumns,
  ...unitTables.names.key,
  name: unitTables.names.facts.name,
} as const satisfies Columns;
const nameRow = rowSchema(nameColumns).extend(foldedName);

const siteColumns = {
  id,
  ...treatmentSiteVersion.period,
  ...knownBetween,
  ...treatmentSiteVersion.key,
  name: treatmentSiteVersion.facts.name,
} as const satisfies Columns;
const siteRow = rowSchema(siteColumns).extend(foldedName);

const identifierColumns = {
  ...commonColumns,
  ...unitTables.identifiers.key,
  value: unitTables.identifiers.facts.value,
} as const satisfies Columns;
const identifierRow = rowSchema(identifierColumns);

/** Reads the index of a register up to a revision. */
export async function readSearchIndex(database: Database, revision: number): Promise<SearchIndex> {
  const index = new SearchIndex();
  await database.bulk((session) => readFolding(session, index.folder));
  await advanceSearchIndex(database, index, revision);
  return index;
}

/**
 * Adds the rows of the revisions after that of an index, up to a later one. Searches at revisions that the index has
 * can go on meanwhile.
 *
 * @throws RestoredRegisterError
 */
export async function advanceSearchIndex(database: Database, index: SearchIndex, revision: number): Promise<void> {
  const hashes = await database.bulk(async (session) => ({
    base: await readRevisionHash(session, index.revision),
    next: await readRevisionHash(session, revision),
  }));
  if (hashes.base !== index.hash) throw new RestoredRegisterError();
  const between = [index.revision, revision] as const;
  for await (const chunk of readChunks(database, versionsSql, between)) {
    const versions = z.array(versionRow).parse(chunk);
    await learnCharacters(database, index.trigrams, versions);
    for (const version of versions) index.addVersion(version);
  }
  for await (const chunk of readChunks(database, namesSql, between)) {
    const names = z.array(nameRow).parse(chunk);
    await learnCharacters(database, index.trigrams, names);
    for (const name of names) index.addName(name);
  }
  for await (const chunk of readChunks(database, sitesSql, between)) {
    const sites = z.array(siteRow).parse(chunk);
    await learnCharacters(database, index.trigrams, sites);
    for (const site of sites) index.addSite(site);
  }
  for await (const chunk of readChunks(database, identifiersSql, between))
    for (const identifier of z.array(identifierRow).parse(chunk)) index.addIdentifier(identifier);
  await database.bulk(async (session) => {
    for (const [table, rows] of [
      [unitVersion, index.versions],
      [unitTables.names, index.names],
      [treatmentSiteVersion, index.sites],
      [unitTables.identifiers, index.identifiers],
    ] as const)
      for (const { id, revision } of await readSuperseded(session, table, between)) rows.supersede(id, revision);
  });
  index.revision = revision;
  index.hash = hashes.next;
}

/** Revisions after the first one, up to the second one. */
type Revisions = readonly [after: number, upTo: number];

const loweredNameSql = `${lowerExpression('r.name')} as "nameLowered"`;
const foldedNameSql = `fold_text(r.name) as "nameFolded", ${loweredNameSql}`;
const versionsSql = rowsSql(
  'unit_version',
  versionColumns,
  `, ${loweredNameSql}, ${lowerExpression('r.short_name')} as "shortNameLowered"`,
);
const namesSql = rowsSql('unit_name', nameColumns, `, ${foldedNameSql}`);
const sitesSql = rowsSql('treatment_site_version', siteColumns, `, ${foldedNameSql}`);
const identifiersSql = rowsSql('unit_identifier', identifierColumns);

function rowsSql(table: string, columns: Columns, expressions = ''): string {
  return `-- rows of ${table} for the search index
  select ${selectList(columns, 'r')}${expressions}
  from ${table} r
  where r.recorded_rev > $1::integer
    and r.recorded_rev <= $2::integer
    and r.id > $3::bigint
  order by r.id
  limit ${CHUNK_SIZE}`;
}

async function* readChunks(database: Database, sql: string, between: Revisions) {
  let rows: { readonly id: string }[];
  let lastId = '0';
  do {
    const values = [...between, lastId];
    rows = await database.bulk((session) => session.query<{ id: string }>(sql, values));
    yield rows;
    lastId = rows.at(-1)?.id ?? lastId;
  } while (rows.length === CHUNK_SIZE);
}

const supersededRows = z.array(z.object({ id: z.coerce.number(), revision: z.number() }));

async function readSuperseded(
  client: SqlClient,
  { name }: Table,
  [after, upTo]: Revisions,
): Promise<{ id: number; revision: number }[]> {
  // Rows that were recorded later have been read as superseded.
  const rows = await client.query(
    `-- rows of ${name} that revisions supersede
     select id::text, superseded_rev as revision
     from ${name}
     where superseded_rev > $1::integer
       and superseded_rev <= $2::integer
       and recorded_rev <= $1::integer`,
    [after, upTo],
  );
  return supersededRows.parse(rows);
}

const foldedRows = z.array(z.object({ character: z.string(), folded: z.string(), lowered: z.string() }));

async function readFolding(client: SqlClient, folder: TextFolder): Promise<void> {
  const rows = await client.query(
    `-- folded Latin letters
     select chr(code_point) as "character", fold_text(chr(code_point)) as "folded",
       ${lowerExpression('chr(code_point)')} as "lowered"
     from generate_series(32, $1::integer) as code_point
     where code_point not between 127 and 159`,
    [LAST_FOLDED_CODE_POINT],
  );
  for (const { character, ...text } of foldedRows.parse(rows)) folder.add(character, text);
}

const characterRows = z.array(z.object({ character: z.string(), isInWords: z.boolean() }));

/** Asks the database which characters of names that are new belong to words. */
async function learnCharacters(
  database: Database,
  trigrams: Trigrams,
  named: readonly { readonly nameFolded: string; readonly shortNameFolded?: string | null }[],
): Promise<void> {
  const names = named.flatMap(({ nameFolded, shortNameFolded }) => [nameFolded, shortNameFolded ?? '']);
  const unknown = new Set(names.flatMap((name) => trigrams.listUnknown(name)));
  if (unknown.size === 0) return;
  const rows = await database.bulk((session) =>
    session.query(
      `-- characters that belong to words
       select "character", cardinality(show_trgm("character")) > 0 as "isInWords"
       from unnest($1::text[]) as "character"`,
      [[...unknown]],
    ),
  );
  for (const { character, isInWords } of characterRows.parse(rows)) trigrams.add(character, isInWords);
}
