import { Draft } from '../../../src/domain/plan/draft.ts';
import { computeCheckDigit } from '../../../src/domain/text/organization-number.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { createEmptyUnit, type VersionRow } from '../../../src/domain/unit/state.ts';
import { recordChange, type ChangeEntry } from '../../../src/store/change/ledger.ts';
import { readNextReshId, readVersions } from '../../../src/store/change/units.ts';
import { advanceReshIdSequence, writeChange } from '../../../src/store/change/write-change.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { type Violation } from '../../../src/store/verify/verify-register.ts';
import { createClient } from '../http/client.ts';
import { openTestDatabase } from '../database/database.ts';
import { graphql } from '../generated/gql.ts';
import type { ChangeResponse, ChangePayload, Mutations } from '../mutations/mutations.ts';
import { mutationsAs, buildWorld, subjects, units, worldDay } from './world.ts';
import { type LockedBulkTransaction } from '../../../src/store/database/transaction.ts';
import { findViolations } from '../database/violations.ts';

const unitAtSnapshotQuery = graphql(`
  query UnitThen($reshId: ReshId!, $day: Date!, $revision: Revision) {
    register(validAt: $day, revision: $revision) {
      unit(reshId: $reshId) {
        name
        shortName
        type
        designation {
          code
        }
        organizationNumber
        responsiblePerson
        internationalNames {
          language
          name
        }
        addresses {
          type
          lines
          postalCode
          city
          country
          inherited
        }
        contactPoints {
          type
          value
          inherited
        }
        validity {
          from
          to
        }
        ancestors {
          reshId
        }
        treatmentSite {
          organizationNumber
        }
        codes {
          code {
            codeSet {
              number
            }
            code
          }
          attributes {
            code
          }
          validity {
            from
            to
          }
        }
        identifiers {
          system
          value
        }
      }
    }
  }
`);

const newestRevisionQuery = graphql(`
  query NewestKnown {
    register {
      revision
    }
  }
`);

const registerIdentifierSystems = ['urn:oid:2.16.578.1.12.4.1.4.102', 'urn:oid:2.16.578.1.12.4.1.4.101'];

/** A unit on a day, as a query shows it: own addresses and contact points only, and identifiers of other systems. */
export interface UnitAtSnapshot {
  readonly name: string;
  readonly shortName: string | null;
  readonly type: string;
  readonly designation: string | null;
  readonly organizationNumber: string | null;
  readonly responsiblePerson: string | null;
  readonly internationalNames: readonly { readonly language: string; readonly name: string }[];
  readonly addresses: readonly string[];
  readonly contactPoints: readonly string[];
  readonly validity: string;
  /** RESH-ids from the root to the parent */
  readonly ancestors: readonly number[];
  readonly treatmentSite: string | null;
  readonly codes: Readonly<Record<string, string>>;
  readonly identifiers: Readonly<Record<string, string>>;
}

/** A register that the tests of one file change, beside those who change it. */
export interface ChangingWorld {
  readonly database: Database;
  /** The mutations as somebody sends them */
  as(subject: keyof typeof subjects): Mutations;
  /** Creates a department beneath a unit, from 2020 on where no day is given. */
  department(name: string, under: number, input?: { from?: Day; validTo?: Day | null }): Promise<number>;
  /** Registers an organization beneath a unit, or at the top, from 2020 on. */
  organization(name: string, under: number | null, organizationNumber?: string): Promise<number>;
  /** A unit on a day: by the newest knowledge, or an earlier one; null where it is not valid then. */
  readUnit(reshId: number, day: Day, revision?: number): Promise<UnitAtSnapshot | null>;
  /** Gives a unit a code from a day on that no mutation would give it, as an import may. */
  insertCode(reshId: number, key: { codeSet: number; code: string }, from: Day): Promise<void>;
  readNewestRevision(): Promise<number>;
  findViolations(): Promise<Violation[]>;
  close(): Promise<void>;
}

const entry: ChangeEntry = {
  operation: 'DEMO',
  actor: { subject: 'test', name: 'Test' },
  effectiveOn: null,
  reason: null,
  input: {},
};

const plainDepartment: VersionRow = {
  from: '2020-01-01',
  to: null,
  parentReshId: null,
  type: 'DEPARTMENT',
  name: '',
  shortName: null,
  designationCode: null,
  designationText: null,
  organizationNumber: null,
  treatmentSiteNumber: null,
  responsiblePerson: null,
  path: [],
};

/** The revision of a change that was made. */
export function expectRevision(answer: ChangeResponse): number {
  const { change } = expectAccepted(answer);
  if (!change) throw new Error('Nothing was committed.');
  return change.revision;
}

/** The payload of a change that was made, or would be on a dry run; fails where it was refused. */
export function expectAccepted({ payload, errors }: ChangeResponse): ChangePayload {
  if (!payload || payload.userErrors.length > 0 || errors.length > 0)
    throw new Error(`The change was refused: ${JSON.stringify(payload?.userErrors ?? errors, null, 2)}`);
  return payload;
}

/** What a person is told to mend; everything else of such an answer is empty. */
export function expectUserErrors({ payload, errors }: ChangeResponse): ChangePayload['userErrors'] {
  if (!payload) throw new Error(`There is no payload: ${JSON.stringify(errors, null, 2)}`);
  if (payload.change !== null || payload.impact !== null || (payload.unit ?? null) !== null)
    throw new Error(`The change was made: ${JSON.stringify(payload, null, 2)}`);
  return payload.userErrors;
}

let issuedNumberCount = 0;

/** A fresh register with the tests' world in it. */
export async function openChangingWorld(): Promise<ChangingWorld> {
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

  // Written as a change's plan would, without the mutation: what a test starts from is to cost little.
  const insertUnit = async (unit: Partial<VersionRow> & { name: string; under: number | null }): Promise<number> => {
    const { under, ...facts } = unit;
    let reshId = 0;
    await recordRows(async (revision, transaction) => {
      const draft = new Draft([]);
      for (const [id, versions] of await readVersions(transaction, under === null ? [] : [under]))
        draft.track({ ...createEmptyUnit(id), versions });
      reshId = await readNextReshId(transaction);
      draft.addUnit(reshId);
      draft.set(reshId, { versions: [{ ...plainDepartment, ...facts, parentReshId: under }] });
      const writes = draft.buildWriteSet();
      await writeChange(transaction, revision, writes);
      await advanceReshIdSequence(transaction, writes);
    });
    return reshId;
  };

  return {
    database,
    as,
    department: (name, under, { from = plainDepartment.from, validTo = null } = {}) =>
      insertUnit({ name, under, from, to: validTo }),
    organization: (name, under, organizationNumber = nextOrganizationNumber()) =>
      insertUnit({ name, under, organizationNumber, type: 'ORGANIZATION' }),
    readUnit: async (reshId, day, revision) => {
      const { unit } = (
        await client.query(unitAtSnapshotQuery, { reshId, day, ...(revision !== undefined && { revision }) })
      ).register;
      if (!unit) return null;
      const { designation, validity, ancestors, treatmentSite, ...rest } = unit;
      return {
        ...rest,
        designation: designation?.code ?? null,
        validity: formatPeriod(validity),
        ancestors: ancestors.map((ancestor) => ancestor.reshId),
        treatmentSite: treatmentSite?.organizationNumber ?? null,
        addresses: unit.addresses
          .filter(({ inherited }) => !inherited)
          .map(({ type, lines, postalCode, city, country }) =>
            [type, ...lines, postalCode, city, country].filter((part) => part !== null).join(', '),
          ),
        contactPoints: unit.contactPoints
          .filter(({ inherited }) => !inherited)
          .map(({ type, value }) => `${type} ${value}`),
        codes: Object.fromEntries(
          unit.codes.map(({ code, attributes, validity: days }) => [
            [`${code.codeSet.number}:${code.code}`, ...attributes.map((attribute) => attribute.code)].join(' '),
            formatPeriod(days),
          ]),
        ),
        identifiers: Object.fromEntries(
          unit.identifiers
            .filter(({ system }) => !registerIdentifierSystems.includes(system))
            .map(({ system, value }) => [system, value]),
        ),
      };
    },
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

/** An organization number that no other test has. */
export function nextOrganizationNumber(): string {
  for (;;) {
    issuedNumberCount += 1;
    const digits = String(88_000_000 + issuedNumberCount);
    const check = computeCheckDigit(digits);
    if (check !== undefined) return `${digits}${check}`;
  }
}

/** Days as they read in an expectation: `2020-01-01/` is open, `2020-01-01/2027-01-01` ends. */
function formatPeriod({ from, to }: { from: Day | null; to: Day | null }): string {
  return `${from ?? ''}/${to ?? ''}`;
}

/** Days around which the tests' changes take effect. */
export const yesterday: Day = '2026-11-22';
export const lastYear: Day = '2025-11-23';
export const nextYear: Day = '2027-11-23';

/** A clinic of the north's, beneath which most of what the tests change stands. */
export const homeClinic = units.secondClinic;
