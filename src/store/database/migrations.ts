import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';

const prismaFolder = fileURLToPath(new URL('../../../prisma', import.meta.url));
const schemaFile = join(prismaFolder, 'schema.prisma');
const migrationsFolder = join(prismaFolder, 'migrations');
const noFilter = { externalTables: [], externalEnums: [] };

// The engine never clears the timer of its lock; without `unref` the timer would keep the process running.
const wasmImports = Object.fromEntries(
  Object.entries(engineModule).map(([name, value]) => [
    name,
    name.startsWith('__wbg_setTimeout_')
      ? (work: () => void, milliseconds: number) => setTimeout(work, milliseconds).unref()
      : value,
  ]),
);

let engineStart: Promise<void> | undefined;

/**
 * Applies the missing migrations in order, with Prisma's own engine and table. A migration that a killed process did
 * not finish is applied again.
 *
 * @returns names of the applied migrations, empty if the database was up to date
 */
export async function applyMigrations(factory: SqlMigrationAwareDriverAdapterFactory): Promise<string[]> {
  const migrationsList = await listMigrations();
  const adapter = await factory.connect();
  try {
    await markInterruptedMigrationsRolledBack(adapter);
    // Starting the engine takes longer than opening an up-to-date database.
    if (await areAllApplied(adapter, migrationsList)) return [];
  } finally {
    await adapter.dispose();
  }
  const engine = await openEngine(factory);
  const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: noFilter });
  return appliedMigrationNames;
}

// A script is one transaction. A kill or a crash rolls it back, but its unfinished row stays in the engine's table and
// would block later migrations. No other process migrates at the same time.
async function markInterruptedMigrationsRolledBack(adapter: SqlDriverAdapter): Promise<void> {
  await adapter.executeScript(`
    do $$
    begin
      if to_regclass('_prisma_migrations') is not null then
        update _prisma_migrations
        set rolled_back_at = now()
        where finished_at is null
          and rolled_back_at is null;
      end if;
    end $$`);
}

/** Returns whether the engine's table has every migration, with its present text. */
async function areAllApplied(
  adapter: SqlDriverAdapter,
  { migrationDirectories }: Awaited<ReturnType<typeof listMigrations>>,
): Promise<boolean> {
  const [[table] = []] = await queryRows(adapter, `select to_regclass('_prisma_migrations')::text as name`);
  if (table === null) return false;
  const rows = await queryRows(
    adapter,
    `-- migrations that are applied
     select migration_name, checksum
     from _prisma_migrations
     where finished_at is not null
       and rolled_back_at is null`,
  );
  const checksums = new Map(rows.map(([name, checksum]) => [name, checksum]));
  return migrationDirectories.every(
    ({ path, migrationFile }) =>
      checksums.get(path) === createHash('sha256').update(migrationFile.content.value).digest('hex'),
  );
}

async function queryRows(adapter: SqlDriverAdapter, sql: string): Promise<unknown[][]> {
  return (await adapter.queryRaw({ sql, args: [], argTypes: [] })).rows;
}

async function openEngine(factory: SqlMigrationAwareDriverAdapterFactory) {
  engineStart ??= startEngine();
  await engineStart;
  const datamodels: [string, string][] = [[schemaFile, await readFile(schemaFile, 'utf8')]];
  return engineModule.SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

// The package's own entry imports the .wasm as a module, which Node supports only with a flag.
async function startEngine(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = entry.replace(/\.js$/, '.wasm');
  const module = await WebAssembly.compile(await readFile(file));
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': wasmImports });
  engineModule.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

async function listMigrations() {
  const entries = await readdir(migrationsFolder, { withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const migrationDirectories = await Promise.all(
    folders.map(async (path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: await readFile(join(migrationsFolder, path, 'migration.sql'), 'utf8') },
      },
    })),
  );
  return {
    baseDir: migrationsFolder,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

/**
 * Returns the SQL that changes the migrated schema, or an empty one, into the schema in schema.prisma.
 *
 * @param from `migrations` for the drift between the two, `empty` for the whole schema
 * @param schema text to compare with, schema.prisma by default
 */
export async function diffSchema(
  factory: SqlMigrationAwareDriverAdapterFactory,
  from: 'migrations' | 'empty',
  schema?: string,
): Promise<string> {
  const engine = await openEngine(factory);
  const { stdout } = await engine.diff({
    from: from === 'empty' ? { tag: 'empty' } : { tag: 'migrations', ...(await listMigrations()) },
    to: {
      tag: 'schemaDatamodel',
      files: [{ path: schemaFile, content: schema ?? (await readFile(schemaFile, 'utf8')) }],
    },
    script: true,
    exitCode: null,
    filters: noFilter,
  });
  return stdout ?? '';
}
