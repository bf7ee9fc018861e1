import { afterAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { createStatementCounter } from '../../support/database/statement-counter.ts';

const openDatabases: Database[] = [];

async function openDatabase(options?: Parameters<typeof openTestDatabase>[0]): Promise<Database> {
  const database = await openTestDatabase(options);
  openDatabases.push(database);
  return database;
}

afterAll(() => Promise.all(openDatabases.map((database) => database.close())));

function addNote(database: Database) {
  return database.bulk((session) =>
    session.execute('create table note (text text); insert into note values ($$kept$$)'),
  );
}

function hasNotes(database: Database) {
  return database.bulk((session) => session.query("select to_regclass('note') is not null as found"));
}

describe('test database', () => {
  it('is of the requested kind, migrated and empty', async () => {
    const database = await openDatabase();

    expect(database.kind).toBe(process.env['TEST_DATABASE_URL'] ? 'server' : 'embedded');
    expect(await database.prisma.unit.count()).toBe(0);
  });

  it('is isolated from other test databases', async () => {
    const [one, other] = [await openDatabase(), await openDatabase()];

    await addNote(one);

    expect(await hasNotes(one)).toEqual([{ found: true }]);
    expect(await hasNotes(other)).toEqual([{ found: false }]);
  });

  it('counts statements without transaction control', async () => {
    const counter = createStatementCounter();
    const { prisma } = await openDatabase({ observe: counter.observe });
    await prisma.unit.count();

    const { statements } = await counter.during(() =>
      prisma.$transaction([prisma.unit.count(), prisma.change.count()]),
    );

    expect(statements).toEqual([expect.stringContaining('"unit"'), expect.stringContaining('"change"')]);
  });
});
