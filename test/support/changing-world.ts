import { organizationCheckDigit } from '../../src/domain/organization-number.ts';
import type { Day } from '../../src/domain/day.ts';
import type { Database } from '../../src/store/database.ts';
import { verifyRegister, type Violation } from '../../src/store/verify.ts';
import type { ChangeAnswer, ChangePayload, Changes } from './changes.ts';
import { createClient } from './client.ts';
import { openTestDatabase } from './database.ts';
import { graphql } from './generated/gql.ts';
import { actor, buildWorld, subjects, units, worldDay } from './world.ts';

const unitThen = graphql(`
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

const newestKnown = graphql(`
  query NewestKnown {
    register {
      revision
    }
  }
`);

/** Days as they read in an expectation: `2020-01-01/` is open, `2020-01-01/2027-01-01` ends. */
const daysOf = ({ from, to }: { from: Day | null; to: Day | null }): string => `${from ?? ''}/${to ?? ''}`;

const systemsOfTheRegister = ['urn:oid:2.16.578.1.12.4.1.4.102', 'urn:oid:2.16.578.1.12.4.1.4.101'];

/** A unit on a day, as a query shows it: own addresses and contact points only, and identifiers of other systems. */
export interface UnitThen {
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
  readonly above: readonly number[];
  readonly treatmentSite: string | null;
  readonly codes: Readonly<Record<string, string>>;
  readonly identifiers: Readonly<Record<string, string>>;
}

/** A register that the tests of one file change, beside those who change it. */
export interface ChangingWorld {
  readonly database: Database;
  /** The mutations as somebody sends them */
  as(subject: keyof typeof subjects): Changes;
  /** Creates a department beneath a unit, from 2020 on where no day is given. */
  department(name: string, under: number, input?: { from?: Day; validTo?: Day }): Promise<number>;
  /** Registers an organization beneath a unit, or at the top, from 2020 on. */
  organization(name: string, under: number | null, organizationNumber?: string): Promise<number>;
  /** A unit on a day: by the newest knowledge, or an earlier one; null where it is not valid then. */
  seen(reshId: number, day: Day, revision?: number): Promise<UnitThen | null>;
  newest(): Promise<number>;
  violations(): Promise<Violation[]>;
  close(): Promise<void>;
}

/** The payload of a change that was made, or would be on a dry run; fails where it was refused. */
export const made = ({ payload, errors }: ChangeAnswer): ChangePayload => {
  if (!payload || payload.userErrors.length > 0 || errors.length > 0)
    throw new Error(`The change was refused: ${JSON.stringify(payload?.userErrors ?? errors, null, 2)}`);
  return payload;
};

/** The revision of a change that was made. */
export const revisionOf = (answer: ChangeAnswer): number => {
  const { change } = made(answer);
  if (!change) throw new Error('Nothing was committed.');
  return change.revision;
};

/** What a person is told to mend; everything else of such an answer is empty. */
export const refusals = ({ payload, errors }: ChangeAnswer): ChangePayload['userErrors'] => {
  if (!payload) throw new Error(`There is no payload: ${JSON.stringify(errors, null, 2)}`);
  if (payload.change !== null || payload.impact !== null || (payload.unit ?? null) !== null)
    throw new Error(`The change was made: ${JSON.stringify(payload, null, 2)}`);
  return payload.userErrors;
};

let given = 0;
/** An organization number that no other test has. */
export const freshNumber = (): string => {
  for (;;) {
    given += 1;
    const digits = String(88_000_000 + given);
    const check = organizationCheckDigit(digits);
    if (check !== undefined) return `${digits}${check}`;
  }
};

/** A fresh register with the tests' world in it. */
export const openChangingWorld = async (): Promise<ChangingWorld> => {
  const database = await openTestDatabase();
  await buildWorld(database);
  const client = createClient(database, { today: worldDay });
  const actors = new Map<string, Changes>();
  const as = (name: keyof typeof subjects): Changes => {
    const known = actors.get(name) ?? actor(database, subjects[name]);
    actors.set(name, known);
    return known;
  };
  const idOf = (answer: ChangeAnswer): number => made(answer).unit?.reshId ?? 0;

  return {
    database,
    as,
    department: async (name, under, { from = '2020-01-01', validTo } = {}) =>
      idOf(await as('operator').createDepartment({ name, parentReshId: under, effectiveOn: from, validTo })),
    organization: async (name, under, organizationNumber = freshNumber()) =>
      idOf(
        await as('operator').registerOrganization({
          ...{ name, organizationNumber, effectiveOn: '2020-01-01' },
          ...(under !== null && { parentReshId: under }),
          administrator: { subject: 'someone', name: 'Someone' },
        }),
      ),
    seen: async (reshId, day, revision) => {
      const { unit } = (await client.ask(unitThen, { reshId, day, ...(revision !== undefined && { revision }) }))
        .register;
      if (!unit) return null;
      const { designation, validity, ancestors, treatmentSite, ...rest } = unit;
      return {
        ...rest,
        designation: designation?.code ?? null,
        validity: daysOf(validity),
        above: ancestors.map((ancestor) => ancestor.reshId),
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
            daysOf(days),
          ]),
        ),
        identifiers: Object.fromEntries(
          unit.identifiers
            .filter(({ system }) => !systemsOfTheRegister.includes(system))
            .map(({ system, value }) => [system, value]),
        ),
      };
    },
    newest: async () => (await client.ask(newestKnown)).register.revision,
    violations: async () => {
      const found: Violation[] = [];
      await database.bulk((session) =>
        verifyRegister(
          session,
          (batch) => found.push(...batch),
          () => {},
        ),
      );
      return found;
    },
    close: () => database.close(),
  };
};

/** Days around which the tests' changes take effect. */
export const yesterday: Day = '2026-11-22';
export const lastYear: Day = '2025-11-23';
export const nextYear: Day = '2027-11-23';

/** A clinic of the north's, beneath which most of what the tests change stands. */
export const home = units.secondClinic;
