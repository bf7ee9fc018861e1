import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Tree, TreeUnit } from './generate-tree.ts';
import { formatType, runResh, writeImportFiles } from './import-files.ts';
import { inChunks } from './in-chunks.ts';
import { peerFolder } from './peer-packages.ts';

/** The tables of the peers, as lines of `copy`. */
const tables: Readonly<Record<string, (tree: Tree) => Iterable<string>>> = {
  treatment_site: ({ sites }) => sites.map(({ number, name }) => line(number, name)),
  org_unit: ({ units }) =>
    units.map((unit) =>
      line(unit.id, unit.parent?.id, unit.name, formatType(unit), unit.organizationNumber, unit.siteNumber),
    ),
  unit_specialty: ({ units }) => units.flatMap(({ id, codes }) => codes.map((code) => line(id, code))),
  unit_path: ({ units }) => units.map((unit) => line(unit.id, `{${listPath(unit).join(',')}}`, unit.depth)),
  unit_interval: ({ units }) => units.map(({ id, left, right }) => line(id, left, right)),
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

/** Returns the ids from the root to a unit. */
function listPath(unit: TreeUnit): number[] {
  return unit.parent ? [...listPath(unit.parent), unit.id] : [unit.id];
}

function readStatements(file: string): Promise<string> {
  return readFile(join(peerFolder, 'data', file), 'utf8');
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

/** Fills the database of resh-graph with the same units, by `resh import`. */
export async function loadProductDatabase(url: string, tree: Tree): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'resh-bench-files-'));
  try {
    await writeImportFiles(tree, folder);
    await runResh(['import', folder], { DATABASE_URL: url });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await settleDatabase(url);
}

/** Lets PostgreSQL finish what it does some time after a large change, and count statements. */
export async function settleDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('create extension if not exists pg_stat_statements');
    await client.query('vacuum (analyze, freeze)');
  });
}
