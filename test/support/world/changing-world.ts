import { versionRow } from '../builders/version-row.ts';
import { Draft } from '../../../src/domain/plan/draft.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { createEmptyUnit, type VersionRow } from '../../../src/domain/unit/state.ts';
import { recordChange, type ChangeEntry } from '../../../src/store/change/ledger.ts';
import { readNextReshId, readVersions } from '../../../src/store/change/units.ts';
import { advanceReshIdSequence, writeChange } from '../../../src/store/change/write-change.ts';
import type { Database } from '../../../src/store/database/database.ts';
import type { Violation } from '../../../src/store/verify/violation.ts';
import { createClient } from '../http/client.ts';
import { openTestDatabase } from '../database/database.ts';
import { graphql } from '../generated/gql.ts';
import type { Mutations } from '../mutations/mutations.ts';
import { mutationsAs, buildWorld, subjects, units, worldDay } from './world.ts';
import { type LockedBulkTransaction } from '../../../src/store/database/transaction.ts';
import { changeEntry } from '../builders/change-entry.ts';
import { nextOrganizationNumber } from './organization-numbers.ts';
import { readUnitAtSnapshot, type UnitAtSnapshot } from './unit-at-snapshot.ts';
import { findViolations } from '../database/violations.ts';
import { useOpened } from '../registers/use-opened.ts';

const newestRevisionQuery = graphql(`
  query NewestKnown {
    register {
      revision
    }
  }
`);

/** A register that the tests of one file change, with clients for its users. */
export interface ChangingWorld {
  readonly database: Database;
  /** Returns the mutations as a subject sends them */
  as(subject: keyof typeof subjects): Mutations;
  /** Creates a department under a unit, by default from 2020 on. */
  department(name: string, under: number, input?: { from?: Day; validTo?: Day | null }): Promise<number>;
  /** Registers an organization under a unit, or as a root, from 2020 on. */
  organization(name: string, under: number | null, organizationNumber?: string): Promise<number>;
  /** Returns a unit on a day, at the newest or an earlier revision; null if it is not valid on that day. */
  readUnit(reshId: number, day: Day, revision?: number): Promise<UnitAtSnapshot | null>;
  /** Gives a unit a code that no mutation would give it, as an import may. */
  insertCode(reshId: number, key: { codeSet: number; code: string }, from: Day): Promise<void>;
  readNewestRevision(): Promise<number>;
  findViolations(): Promise<Violation[]>;
}

const entry: ChangeEntry = changeEntry();

/** Opens a world before the tests of a file or block, and closes it after them. */
export function useChangingWorld(): ChangingWorld {
  const world = useOpened(openChangingWorld);
  return {
    get database() {
      return world().database;
    },
    as: (subject) => world().as(subject),
    department: (...args) => world().department(...args),
    organization: (...args) => world().organization(...args),
    readUnit: (...args) => world().readUnit(...args),
    insertCode: (...args) => world().insertCode(...args),
    readNewestRevision: () => world().readNewestRevision(),
    findViolations: () => world().findViolations(),
  };
}

/** Opens a new register with the units and users of the tests. */
async function openChangingWorld(): Promise<ChangingWorld & { close(): Promise<void> }> {
  const database = await openTestDatabase();
  await buildWorld(database);
  const client = createClient(database, { today: worldDay });
  const actors = new Map<string, Mutations>();
  const as = (name: keyof typeof subjects): Mutations => {
    const mutations = actors.get(name) ?? mutationsAs(database, subjects[name]);
    actors.set(name, mutations);
    return mutations;
  };
  const recordRows = (write: (revision: number, transaction: LockedBulkTransaction) => Promise<void>) =>
    database.bulk((session) => recordChange(session, entry, write));

  // Written without the mutation, so that set-up is cheap.
  const insertUnit = async (unit: Partial<VersionRow> & { name: string; under: number | null }): Promise<number> => {
    const { under, ...facts } = unit;
    let reshId = 0;
    await recordRows(async (revision, transaction) => {
      const draft = new Draft([]);
      for (const [id, versions] of await readVersions(transaction, under === null ? [] : [under]))
        draft.track({ ...createEmptyUnit(id), versions });
      reshId = await readNextReshId(transaction);
      draft.addUnit(reshId);
      draft.set(reshId, { versions: [versionRow({ ...facts, parentReshId: under })] });
      const writes = draft.buildWriteSet();
      await writeChange(transaction, revision, writes);
      advanceReshIdSequence(transaction, writes);
    });
    return reshId;
  };

  return {
    database,
    as,
    department: (name, under, { from = '2020-01-01', validTo = null } = {}) =>
      insertUnit({ name, under, from, to: validTo }),
    organization: (name, under, organizationNumber = nextOrganizationNumber()) =>
      insertUnit({ name, under, organizationNumber, type: 'ORGANIZATION' }),
    readUnit: (reshId, day, revision) => readUnitAtSnapshot(client, reshId, day, revision),
    insertCode: async (reshId, { codeSet, code }, from) => {
      await recordRows((revision, transaction) =>
        transaction.execute(`
          insert into unit_code (resh_id, code_set, code, attributes, valid_from, recorded_rev)
          values (${reshId}, ${codeSet}, '${code}', '{}', '${from}', ${revision})`),
      );
    },
    readNewestRevision: async () => (await client.query(newestRevisionQuery)).register.revision,
    findViolations: async () => {
      return findViolations(database);
    },
    close: () => database.close(),
  };
}

/** A clinic in the north; most units that the tests change are under it. */
export const homeClinic = units.secondClinic;
