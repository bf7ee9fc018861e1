import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockRegister } from '../../../src/store/database/transaction.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { administratorGrant } from '../../support/builders/mutation-inputs.ts';
import { createClient } from '../../support/http/client.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import type { ChangeResponse } from '../../support/mutations/mutations.ts';
import { mutationsAs, buildWorld, subjects, units, worldDay } from '../../support/world/world.ts';
import { runInTransaction } from '../../../src/store/database/transaction.ts';
import { findViolations } from '../../support/database/violations.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  await clearRegister(database);
  await buildWorld(database);
});
afterAll(() => database.close());

// Each pair runs a few times: on a server, the order is random.
const rounds = [1, 2, 3];

async function readNewestRevision(): Promise<number> {
  return (await database.prisma.change.findMany({ orderBy: { revision: 'desc' }, take: 1 }))[0]?.revision ?? 0;
}

function readErrorCodes({ payload, errors }: ChangeResponse): string[] {
  return [
    ...(payload?.userErrors ?? []).map(({ code }) => code),
    ...errors.map(({ extensions }) => String(extensions?.['code'])),
  ];
}

async function expectNoViolations(): Promise<void> {
  expect(await findViolations(database)).toEqual([]);
}

/** Returns which of two changes was committed, and the response to the other. */
function findWinner(answers: readonly ChangeResponse[]) {
  const index = answers.findIndex(({ payload }) => payload?.change);
  return {
    index,
    committed: answers.filter(({ payload }) => payload?.change).length,
    otherErrors: answers.filter((_answer, other) => other !== index).flatMap(readErrorCodes),
  };
}

describe('concurrent changes', () => {
  it.each(rounds)('commit one of two moves that would form a cycle, round %i', async () => {
    const operator = mutationsAs(database, subjects.operator);

    const answers = await Promise.all([
      operator.moveUnit({ reshId: units.clinic, newParentReshId: units.secondClinic }),
      operator.moveUnit({ reshId: units.secondClinic, newParentReshId: units.ward }),
    ]);

    expect(findWinner(answers)).toMatchObject({ committed: 1, otherErrors: ['CYCLE'] });
    expect(await readNewestRevision()).toBe(2);
    await expectNoViolations();
  });

  it.each(rounds)('commit either a closing or a new child, round %i', async () => {
    const [operator, administrator] = [mutationsAs(database, subjects.operator), mutationsAs(database, subjects.trust)];

    const answers = await Promise.all([
      operator.closeUnit({ reshId: units.secondClinic, effectiveOn: worldDay }),
      administrator.createDepartment({ name: 'Late', parentReshId: units.secondClinic, effectiveOn: worldDay }),
    ]);

    const { index, committed, otherErrors } = findWinner(answers);
    expect(committed).toBe(1);
    expect(otherErrors).toEqual([index === 0 ? 'PARENT_CLOSED' : 'HAS_OPEN_CHILDREN']);
    expect(await readNewestRevision()).toBe(2);
    await expectNoViolations();
  });

  it.each(rounds)('commit once for one idempotency key and answer both alike, round %i', async () => {
    const [one, other] = [mutationsAs(database, subjects.trust), mutationsAs(database, subjects.trust)];
    const input = { name: 'Once', parentReshId: units.clinic, idempotencyKey: 'once' };

    const answers = await Promise.all([
      one.createDepartment(input),
      other.createDepartment(input),
      one.createDepartment(input),
    ]);

    expect(answers[0].payload?.change).toMatchObject({ revision: 2 });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(await readNewestRevision()).toBe(2);
    expect(await database.prisma.unit.count()).toBe(Object.keys(units).length + 1);
  });

  it.each(rounds)('refuse a change after access is revoked, round %i', async () => {
    const [operator, revoked] = [mutationsAs(database, subjects.operator), mutationsAs(database, subjects.clinic)];

    const [revoking, renaming] = await Promise.all([
      operator.revokeAccess(administratorGrant(subjects.clinic, units.clinic)),
      revoked.updateUnit({ reshId: units.ward, name: 'Renamed' }),
    ]);

    const revision = revoking.payload?.change?.revision;
    expect([2, 3]).toContain(revision);

    // Either it came first, or it was rejected.
    if (revision === 3) expect(renaming.payload?.change?.revision).toBe(2);
    else expect(readErrorCodes(renaming)).toEqual(['FORBIDDEN']);
    expect(await readNewestRevision()).toBe(revision);
    await expectNoViolations();
  });

  it('get consecutive revisions, each with its own result', async () => {
    const administrator = mutationsAs(database, subjects.trust);

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        administrator.createDepartment({ name: `Department ${n}`, parentReshId: units.clinic }),
      ),
    );

    const revisions = answers.map(({ payload }) => payload?.change?.revision ?? 0).sort((one, other) => one - other);
    expect(revisions).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
    expect(new Set(answers.map(({ payload }) => payload?.unit?.reshId)).size).toBe(20);
    expect(answers.map(({ payload }) => payload?.unit?.name)).toEqual(answers.map((_answer, n) => `Department ${n}`));
    await expectNoViolations();
  });

  it('never block reads while one holds the lock and others wait', async () => {
    const administrator = mutationsAs(database, subjects.trust);
    const reader = createClient(database, { today: worldDay });
    let releaseLock = (): void => {};
    const released = new Promise<void>((resolve) => (releaseLock = resolve));
    let reportLocked = (): void => {};
    const lockTaken = new Promise<void>((resolve) => (reportLocked = resolve));
    const longTransaction = database.bulk((session) =>
      runInTransaction(session, async (transaction) => {
        await lockRegister(transaction);
        reportLocked();
        await released;
      }),
    );
    await lockTaken;

    const pendingChanges = Promise.all(
      Array.from({ length: 15 }, (_, n) =>
        administrator.updateUnit({ reshId: units.ward, name: `Ward ${n}`, effectiveOn: worldDay }),
      ),
    );
    const pendingReads = Promise.all(
      Array.from({ length: 15 }, () => reader.send({ query: `query { unit(reshId: ${units.ward}) { name } }` })),
    );
    try {
      for (const { data } of await pendingReads) expect(data).toEqual({ unit: { name: 'ward' } });
    } finally {
      releaseLock();
      await longTransaction;
    }
    const revisions = (await pendingChanges).map(({ payload }) => payload?.change?.revision ?? 0);

    expect(revisions.sort((one, other) => one - other)).toEqual(Array.from({ length: 15 }, (_, n) => n + 2));
  });
});
