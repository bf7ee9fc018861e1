import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/store/database/connection.ts';
import { createInMemoryDatabase, createEmbeddedConnection } from '../../src/store/database/embedded.ts';
import { applyMigrations, diffSchema } from '../../src/store/database/migrations.ts';

// Always on the embedded database: the comparison replays the migrations in a second, in-memory one.
let connection: Connection;
beforeAll(async () => {
  connection = await createEmbeddedConnection(await createInMemoryDatabase());
});
afterAll(() => connection.close());

function splitStatements(sql: string): string[] {
  return sql.split('\n').filter((line) => line !== '' && !line.startsWith('--'));
}

describe('schema.prisma and the migrations', () => {
  it('describe the same tables', async () => {
    const difference = await connection.migrate((factory) => diffSchema(factory, 'migrations'));

    expect(splitStatements(difference)).toEqual([]);
  });

  it('differ when a column or an index is added', async () => {
    const schema = await readFile(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
    const altered = schema
      .replace(/@@index\(.*map: "unit_version_path_idx"\)/, '')
      .replace('municipality ', 'municipal ');

    const difference = await connection.migrate((factory) => diffSchema(factory, 'migrations', altered));

    expect(splitStatements(difference)).toEqual([
      'DROP INDEX "unit_version_path_idx";',
      'ALTER TABLE "treatment_site_version" DROP COLUMN "municipality",',
      'ADD COLUMN     "municipal" TEXT;',
    ]);
  });

  it('differ by the whole schema when compared with an empty database', async () => {
    const difference = await connection.migrate((factory) => diffSchema(factory, 'empty'));

    expect(difference).toContain('CREATE TABLE "unit_version"');
  });

  it('apply once and in order, with nothing left to apply', async () => {
    const first = await connection.migrate(applyMigrations);

    expect(first.length).toBeGreaterThan(0);
    expect(first).toEqual([...first].sort());
    expect(await connection.migrate(applyMigrations)).toEqual([]);
  });

  it('resume from a migration that failed halfway', async () => {
    const emptyConnection = await createEmbeddedConnection(await createInMemoryDatabase());
    try {
      let scripts = 0;
      const interruptedMigration = await emptyConnection
        .migrate((factory) =>
          applyMigrations({
            provider: factory.provider,
            adapterName: factory.adapterName,
            connectToShadowDb: () => factory.connectToShadowDb(),
            connect: async () => {
              const adapter = await factory.connect();
              const executeScript = async (script: string): Promise<void> => {
                if (script.includes('create table') || script.includes('create index')) scripts += 1;
                if (scripts === 2) throw new Error('broken off');
                await adapter.executeScript(script);
              };
              return Object.assign(Object.create(adapter) as typeof adapter, { executeScript });
            },
          }),
        )
        .catch((error: unknown) => error);

      expect(interruptedMigration).toBeInstanceOf(Error);
      const [first, ...rest] = await connection.bulk((session) =>
        session.query<{ name: string }>(
          'select migration_name as name from _prisma_migrations order by migration_name',
        ),
      );
      expect(first).toBeDefined();
      expect(await emptyConnection.migrate(applyMigrations)).toEqual(rest.map(({ name }) => name));
      expect(await emptyConnection.migrate(applyMigrations)).toEqual([]);
    } finally {
      await emptyConnection.close();
    }
  });
});
