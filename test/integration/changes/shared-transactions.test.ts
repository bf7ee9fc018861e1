import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { OperationContext } from '../../../src/operations/engine/run-change.ts';
import { updateUnit } from '../../../src/operations/update-unit.ts';
import type { Database } from '../../../src/store/database/database.ts';
import type { LockedTransaction } from '../../../src/store/database/transaction.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { createStatementCounter, readStatementName } from '../../support/database/statement-counter.ts';
import { findViolations } from '../../support/database/violations.ts';
import { buildWorld, subjects, units, worldDay } from '../../support/world/world.ts';

const isServer = inject('testDatabaseSource').kind === 'server';

const counter = createStatementCounter();
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
});
beforeEach(async () => {
  await clearRegister(database);
  await buildWorld(database);
});
afterAll(() => database.close());

function rename(name: string, options: { readonly dryRun?: boolean; readonly as?: string } = {}) {
  const subject = options.as ?? subjects.operator;
  const context: OperationContext = { database, today: worldDay, viewer: { subject, name: subject } };
  return updateUnit(context, { reshId: units.ward, name, dryRun: options.dryRun });
}

function readLedger() {
  return database.prisma.change.findMany({ where: { revision: { gt: 1 } }, orderBy: { revision: 'asc' } });
}

/** Returns the names in the input of each change in the ledger, in the order of revisions. */
async function readRenames(): Promise<unknown[]> {
  return (await readLedger()).map(({ input }) => (input as { name: string }).name);
}

async function readName(): Promise<string | undefined> {
  const rows = await database.prisma.unitVersion.findMany({
    where: { reshId: units.ward, supersededRev: null, validTo: null },
  });
  return rows[0]?.name;
}

function countLocks(statements: readonly string[]): number {
  return statements.map(readStatementName).filter((name) => name === 'lock the register').length;
}

/** Breaks a rule that only the database checks. */
async function addUnitTwice(tx: LockedTransaction): Promise<void> {
  tx.send('insert into unit (resh_id, registered_rev) values ($1::integer, 1)', [units.ward]);
}

describe('changes that wait for the lock', () => {
  it('share a transaction', async () => {
    const positions = Array.from({ length: 20 }, (_, n) => n);
    const done: number[] = [];

    const { statements } = await counter.during(() =>
      Promise.all(positions.map((n) => database.withRegisterLock(async () => void done.push(n)))),
    );

    expect(done).toEqual(positions);
    expect(countLocks(statements)).toBeLessThan(positions.length);
  });

  it('have each their own revision', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `Ward ${n}`);

    const { result, statements } = await counter.during(() => Promise.all(names.map((name) => rename(name))));

    const revisions = result.map(({ revision }) => revision ?? 0);
    expect(revisions.toSorted((one, other) => one - other)).toEqual(names.map((_name, n) => n + 2));
    // Requests reach the lock in any order, because they read before it.
    const renames = names.map((name, n) => ({ name, revision: revisions[n] ?? 0 }));
    expect(await readRenames()).toEqual(
      renames.toSorted((one, other) => one.revision - other.revision).map(({ name }) => name),
    );
    expect(statements.map(readStatementName).filter((name) => name === 'ledger entry')).toHaveLength(names.length);
    expect(await findViolations(database)).toEqual([]);
  });

  it('are not disturbed by one that the database refuses', async () => {
    const answers = await Promise.allSettled([
      rename('First'),
      rename('Second'),
      database.withRegisterLock(addUnitTwice),
      rename('Third'),
    ]);

    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(answers[2]).toMatchObject({ reason: { constraint: 'unit_pkey' } });
    expect((await readRenames()).toSorted()).toEqual(['First', 'Second', 'Third']);
    expect((await readLedger()).map(({ revision }) => revision)).toEqual([2, 3, 4]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('are not disturbed by one that throws, before or after it has written', async () => {
    const failBefore = async (): Promise<void> => {
      throw new Error('before');
    };
    const failAfter = async (tx: LockedTransaction): Promise<void> => {
      tx.send(`update unit_version set superseded_rev = 99 where resh_id = ${units.clinic}`);
      throw new Error('after');
    };

    const answers = await Promise.allSettled([
      rename('First'),
      database.withRegisterLock(failBefore),
      rename('Second'),
      database.withRegisterLock(failAfter),
      rename('Third'),
    ]);

    expect(answers.map((answer) => (answer.status === 'rejected' ? String(answer.reason) : 'made'))).toEqual([
      'made',
      'Error: before',
      'made',
      'Error: after',
      'made',
    ]);
    expect((await readRenames()).toSorted()).toEqual(['First', 'Second', 'Third']);
    expect(await findViolations(database)).toEqual([]);
  });

  it('are not disturbed by denied ones and dry runs', async () => {
    const answers = await Promise.allSettled([
      rename('First'),
      rename('Denied', { as: 'nobody' }),
      rename('Preview', { dryRun: true }),
      rename('Second'),
    ]);

    expect(answers).toMatchObject([
      { value: { revision: 2 } },
      { status: 'rejected', reason: { name: 'ForbiddenError' } },
      { value: { revision: null, impact: { unitCount: 1 } } },
      { value: { revision: 3 } },
    ]);
    expect(await readRenames()).toEqual(['First', 'Second']);
    expect(await readName()).toBe('Second');
  });

  it.runIf(isServer)(
    'are each made or refused as a whole when the connection is lost, and later ones are made',
    async () => {
      const loseConnection = async (tx: LockedTransaction): Promise<void> => {
        await tx.query('select pg_terminate_backend(pg_backend_pid())');
      };

      const answers = await Promise.allSettled([
        rename('First'),
        rename('Second'),
        database.withRegisterLock(loseConnection),
        rename('Third'),
      ]);

      expect(answers[2].status).toBe('rejected');
      const made = answers.flatMap((answer) =>
        answer.status === 'fulfilled' && answer.value ? [answer.value.revision] : [],
      );
      expect((await readLedger()).map(({ revision }) => revision)).toEqual(made);
      expect(await rename('Later')).toMatchObject({ revision: made.length + 2 });
      expect(await findViolations(database)).toEqual([]);
    },
  );
});
