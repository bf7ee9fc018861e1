import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedConnection } from '../../../src/store/database/embedded.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-data-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('A data folder', () => {
  it('gets a database instead of what a killed process left of one', async () => {
    await mkdir(join(folder, 'database'));
    await writeFile(join(folder, 'database', 'PG_VERSION'), '18\n');
    await writeFile(join(folder, 'creating-database'), '');

    const connection = await openEmbeddedConnection(folder);
    await connection.bulk((session) => session.execute('create table kept (value int); insert into kept values (7)'));
    await connection.close();

    expect(await readdir(folder)).not.toContain('creating-database');
  });

  it('keeps its database when it is opened again', async () => {
    const connection = await openEmbeddedConnection(folder);
    const rows = await connection.client.query<{ value: number }>('select value from kept');
    await connection.close();

    expect(rows).toEqual([{ value: 7 }]);
  });
});
