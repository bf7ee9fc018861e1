import type { Day } from '../../../src/domain/time/day.ts';
import type { TestClient } from '../http/client.ts';
import { graphql } from '../generated/gql.ts';

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

const registerIdentifierSystems = ['urn:oid:2.16.578.1.12.4.1.4.102', 'urn:oid:2.16.578.1.12.4.1.4.101'];

/**
 * A unit on a day, as a query shows it: only its own addresses and contact points, and identifiers in other systems.
 */
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

/** Returns a unit on a day, at the newest or an earlier revision; null if it is not valid on that day. */
export async function readUnitAtSnapshot(
  client: TestClient,
  reshId: number,
  day: Day,
  revision?: number,
): Promise<UnitAtSnapshot | null> {
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
}

/** Formats a period for expectations: `2020-01-01/` is open, `2020-01-01/2027-01-01` ends. */
function formatPeriod({ from, to }: { from: Day | null; to: Day | null }): string {
  return `${from ?? ''}/${to ?? ''}`;
}
