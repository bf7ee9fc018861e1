import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Tree, TreeUnit } from './generate-tree.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const statements = join(root, 'test/bench/peers/data');

/** The tables that both databases are filled from, as lines of `copy`. */
const tables: Readonly<Record<string, (tree: Tree) => Iterable<string>>> = {
  treatment_site: ({ sites }) => sites.map(({ number, name }) => line(number, name)),
  org_unit: ({ units }) =>
    units.map((unit) =>
      line(unit.id, unit.parent?.id, unit.name, formatKind(unit), unit.organizationNumber, unit.siteNumber),
    ),
  unit_specialty: ({ units }) => units.flatMap(({ id, codes }) => codes.map((code) => line(id, code))),
  unit_path: ({ units }) => units.map((unit) => line(unit.id, `{${listPath(unit).join(',')}}`, unit.depth)),
  unit_interval: ({ units }) => units.map(({ id, left, right }) => line(id, left, right)),
};

/** Files that resh-graph imports, made from the tables of the peers. All units are valid from 2005. */
const files: Readonly<Record<string, string>> = {
  units: `
    select id as resh_id, kind as type, name, parent_id as parent_resh_id, org_number as organization_number,
      site_number as treatment_site_number, '2005-01-01' as valid_from
    from org_unit order by id`,
  treatment_sites: 'select number as organization_number, name from treatment_site order by 1',
  codes: `
    select distinct 8451 as code_set, code, 'Fagområde ' || code as name, 'Fagområder' as code_set_name
    from unit_specialty order by 2`,
  unit_codes: 'select unit_id as resh_id, 8451 as code_set, code from unit_specialty order by 1, 3',
};

/** Fills the database of the peers: tables, read model and functions. */
export async function loadPeerDatabase(url: string, tree: Tree): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(await readStatements('tables.sql'));
    for (const [table, toLines] of Object.entries(tables)) {
      const lines = Readable.from(inChunks(toLines(tree)));
      await pipeline(lines, client.query(copyFrom(`copy ${table} from stdin`)));
    }
    for (const file of ['indexes.sql', 'read-model.sql', 'functions.sql'])
      await client.query(await readStatements(file));
    await client.query('vacuum (analyze, freeze)');
  });
}

function line(...values: readonly (string | number | undefined)[]): string {
  return `${values.map((value) => value ?? '\\N').join('\t')}\n`;
}

function formatKind({ depth }: TreeUnit): string {
  return depth <= 2 ? 'ORGANIZATION' : 'DEPARTMENT';
}

/** Returns the ids from the root to a unit. */
function listPath(unit: TreeUnit): number[] {
  return unit.parent ? [...listPath(unit.parent), unit.id] : [unit.id];
}

/** Joins lines, because a write for each would be slow. */
function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const text of lines) {
    chunk += text;
    if (chunk.length < 100_000) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function readStatements(file: string): Promise<string> {
  return readFile(join(statements, file), 'utf8');
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Fills the database of resh-graph with the rows of the peers, by `resh import`. */
export async function loadProductDatabase(url: string, peerUrl: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'resh-bench-files-'));
  try {
    await withClient(peerUrl, async (client) => {
      for (const [name, query] of Object.entries(files)) {
        const rows = client.query(copyTo(`copy (${query}) to stdout (format csv, header)`));
        await pipeline(rows, createWriteStream(join(folder, `${name}.csv`)));
      }
    });
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'import', folder], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: url },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await withClient(url, async (client) => {
    await client.query('create extension if not exists pg_stat_statements');
    await client.query('vacuum (analyze, freeze)');
  });
}
