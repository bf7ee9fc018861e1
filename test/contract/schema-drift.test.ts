import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInMemory, embeddedConnection } from '../../src/store/embedded.ts';
import type { Connection } from '../../src/store/database.ts';
import { applyMigrations, schemaDifference } from '../../src/store/schema-engine.ts';

// Always on the embedded database: the comparison replays the migrations in a second one, which only it makes on the spot.
let connection: Connection;
beforeAll(async () => {
  connection = await embeddedConnection(await createInMemory());
});
afterAll(() => connection.close());

const statementsOf = (sql: string): string[] => sql.split('\n').filter((line) => line !== '' && !line.startsWith('--'));

describe('schema.prisma and the migrations', () => {
  it('say the same', async () => {
    const difference = await connection.migrate((factory) => schemaDifference(factory, 'migrations'));

    expect(statementsOf(difference)).toEqual([]);
  });

  it('are found to differ by a column, and by an index', async () => {
    const schema = await readFile(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
    const altered = schema
      .replace(/@@index\(.*map: "unit_version_path_idx"\)/, '')
      .replace('municipality ', 'municipal ');

    const difference = await connection.migrate((factory) => schemaDifference(factory, 'migrations', altered));

    expect(statementsOf(difference)).toEqual([
      'DROP INDEX "unit_version_path_idx";',
      'ALTER TABLE "treatment_site_version" DROP COLUMN "municipality",',
      'ADD COLUMN     "municipal" TEXT;',
    ]);
  });

  it('are compared at all: against nothing, the whole schema is the difference', async () => {
    const difference = await connection.migrate((factory) => schemaDifference(factory, 'empty'));

    expect(difference).toContain('CREATE TABLE "unit_version"');
  });

  it('are replayed: the migrations apply once, in order, and then there is nothing to apply', async () => {
    const first = await connection.migrate(applyMigrations);

    expect(first.length).toBeGreaterThan(0);
    expect(first).toEqual([...first].sort());
    expect(await connection.migrate(applyMigrations)).toEqual([]);
  });
});
