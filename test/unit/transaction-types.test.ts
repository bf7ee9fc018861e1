import { describe, expectTypeOf, it } from 'vitest';
import type { readGrantsOfSubject } from '../../src/store/change/access.ts';
import type { readChangeStart } from '../../src/store/change/change-start.ts';
import type { storeResponse } from '../../src/store/change/idempotency.ts';
import { appendLedgerEntry, nextRevision, type recordChange, type ChangeEntry } from '../../src/store/change/ledger.ts';
import type { readNewestUnitChange, readNextReshId, readUnitStates } from '../../src/store/change/units.ts';
import type { advanceReshIdSequence, writeChange } from '../../src/store/change/write-change.ts';
import type { BulkSession } from '../../src/store/database/bulk-session.ts';
import type { Database } from '../../src/store/database/database.ts';
import type { SqlClient } from '../../src/store/database/sql-client.ts';
import {
  lockRegister,
  type runInTransaction,
  type LockedBulkTransaction,
  type LockedTransaction,
  type Transaction,
} from '../../src/store/database/transaction.ts';
import type { readRevisionsWithin } from '../../src/store/feed/change-feed.ts';
import type { countUnitChangesByRevision } from '../../src/store/feed/unit-changes.ts';
import type { writeImport } from '../../src/store/import/write-import.ts';
import type { readDifferences } from '../../src/store/read/differences.ts';
import type { readQualityIssues } from '../../src/store/read/quality-issues.ts';
import type { writeReferenceData } from '../../src/store/staging/write-reference-data.ts';

type ClientOf<Reader extends (client: never, ...rest: never[]) => unknown> = Parameters<Reader>[0];

// The compiler runs these tests; vitest only runs code that compiles.
describe('reading', () => {
  it('takes any client, and no transaction in particular', () => {
    expectTypeOf<ClientOf<typeof readDifferences>>().toEqualTypeOf<SqlClient>();
    expectTypeOf<ClientOf<typeof readQualityIssues>>().toEqualTypeOf<SqlClient>();
    expectTypeOf<ClientOf<typeof readRevisionsWithin>>().toEqualTypeOf<SqlClient>();
    expectTypeOf<ClientOf<typeof countUnitChangesByRevision>>().toEqualTypeOf<SqlClient>();
  });

  it('takes any client too where authorization and synchronization read before the lock', () => {
    expectTypeOf<ClientOf<typeof readGrantsOfSubject>>().toEqualTypeOf<SqlClient>();
    expectTypeOf<ClientOf<typeof readUnitStates>>().toEqualTypeOf<SqlClient>();
    expectTypeOf<ClientOf<typeof readChangeStart>>().toEqualTypeOf<SqlClient>();
  });

  it('takes a transaction where only a change reads', () => {
    expectTypeOf<ClientOf<typeof readNewestUnitChange>>().toEqualTypeOf<Transaction>();
    expectTypeOf<BulkSession>().not.toExtend<Transaction>();
  });

  it('can be done in a transaction, locked or not', () => {
    expectTypeOf<LockedBulkTransaction>().toExtend<LockedTransaction>();
    expectTypeOf<LockedTransaction>().toExtend<Transaction>();
    expectTypeOf<Transaction>().toExtend<SqlClient>();
    expectTypeOf<BulkSession>().toExtend<SqlClient>();
  });
});

describe('a transaction', () => {
  it('comes out of the database, or out of a bulk session, unlocked', () => {
    expectTypeOf<Parameters<Parameters<Database['transaction']>[0]>>().toEqualTypeOf<[Transaction]>();
    expectTypeOf<Parameters<Parameters<typeof runInTransaction>[1]>>().toEqualTypeOf<[BulkSession & Transaction]>();
    expectTypeOf<Transaction>().not.toExtend<LockedTransaction>();
  });

  it('is not what an object with the same method is', () => {
    expectTypeOf<{ query: Transaction['query'] }>().not.toExtend<Transaction>();
    expectTypeOf<{ query: LockedTransaction['query'] }>().not.toExtend<LockedTransaction>();
  });

  it('gets its lock from the register alone, and stays what it was', () => {
    expectTypeOf(lockRegister<Transaction>).returns.resolves.toExtend<LockedTransaction>();
    expectTypeOf(lockRegister<BulkSession & Transaction>).returns.resolves.toExtend<LockedBulkTransaction>();
    expectTypeOf<Parameters<Parameters<typeof recordChange>[2]>>().toEqualTypeOf<[number, LockedBulkTransaction]>();
  });
});

describe('writing', () => {
  it('takes a transaction that holds the lock, and nothing less', () => {
    expectTypeOf<ClientOf<typeof nextRevision>>().toEqualTypeOf<LockedTransaction>();
    expectTypeOf<ClientOf<typeof readNextReshId>>().toEqualTypeOf<LockedTransaction>();
    expectTypeOf<ClientOf<typeof writeChange>>().toEqualTypeOf<LockedTransaction>();
    expectTypeOf<ClientOf<typeof advanceReshIdSequence>>().toEqualTypeOf<LockedTransaction>();
    expectTypeOf<ClientOf<typeof appendLedgerEntry>>().toEqualTypeOf<LockedTransaction>();
    expectTypeOf<ClientOf<typeof storeResponse>>().toEqualTypeOf<LockedTransaction>();
    expectTypeOf<ClientOf<typeof writeImport>>().toEqualTypeOf<LockedBulkTransaction>();
    expectTypeOf<ClientOf<typeof writeReferenceData>>().toEqualTypeOf<LockedBulkTransaction>();
  });

  it('does not compile without the lock', () => {
    expectTypeOf(writeWithoutLock).returns.resolves.toBeVoid();
    expectTypeOf(writeUnderLock).returns.resolves.toBeVoid();
  });
});

// Never called: mistakes that must not compile.
async function writeWithoutLock(database: Database, entry: ChangeEntry): Promise<void> {
  await database.transaction(async (transaction) => {
    // @ts-expect-error the transaction has not taken the lock
    const revision = await nextRevision(transaction);
    // @ts-expect-error the transaction has not taken the lock
    await appendLedgerEntry(transaction, revision, entry);
  });
  await database.bulk(async (session) => {
    // @ts-expect-error the session is in no transaction
    await lockRegister(session);
    // @ts-expect-error the session is in no transaction
    await nextRevision(session);
  });
}

async function writeUnderLock(database: Database, entry: ChangeEntry): Promise<void> {
  await database.transaction(async (unlocked) => {
    const transaction = await lockRegister(unlocked);
    await appendLedgerEntry(transaction, await nextRevision(transaction), entry);
  });
}
