import type { Database } from '../../../src/store/database/database.ts';

/**
 * Returns a digest of the rows of each table and the state of each sequence, by name. Equal digests mean that nothing
 * was written.
 */
export function readTableDigests(database: Database): Promise<Record<string, string>> {
  return database.bulk(async (session) => {
    const tables = await session.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' order by tablename`,
    );
    const sequences = await session.query<{ name: string }>(
      `select sequencename as name from pg_sequences where schemaname = 'public' order by sequencename`,
    );
    const parts = [
      ...tables.map(
        ({ name }) =>
          `select '${name}' as name,
             count(*) || ' ' || coalesce(md5(string_agg(t::text, e'\\n' order by t::text)), '') as digest
           from "${name}" t`,
      ),
      ...sequences.map(
        ({ name }) => `select '${name}' as name, last_value || ' ' || is_called as digest from "${name}"`,
      ),
    ];
    const rows = await session.query<{ name: string; digest: string }>(parts.join('\nunion all\n'));
    return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
  });
}
