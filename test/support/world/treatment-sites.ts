import type { RegisterTreatmentSiteInput } from '../../../src/domain/plan/change-input.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { graphql } from '../generated/gql.ts';
import { createClient } from '../http/client.ts';
import { expectAccepted } from '../mutations/change-assertions.ts';
import type { ChangingWorld } from './changing-world.ts';
import { nextOrganizationNumber } from './organization-numbers.ts';
import { worldDay } from './world.ts';

const siteAtSnapshotQuery = graphql(`
  query SiteThen($number: OrganizationNumber!, $day: Date!, $revision: Revision) {
    register(validAt: $day, revision: $revision) {
      treatmentSite(organizationNumber: $number) {
        name
        municipality
        validity {
          from
          to
        }
        address {
          lines
          postalCode
          city
          country
        }
        legalEntity {
          reshId
        }
      }
    }
  }
`);

/** Returns a treatment site on a day, or on the nearest valid day, at the newest or an earlier revision. */
export async function readSite({ database }: ChangingWorld, number: string, day: Day, revision?: number) {
  return (
    await createClient(database, { today: worldDay }).query(siteAtSnapshotQuery, {
      number,
      day,
      ...(revision !== undefined && { revision }),
    })
  ).register.treatmentSite;
}

/** Registers a treatment site as the operator, and returns its number. */
export async function registerSite(
  world: ChangingWorld,
  input: Partial<RegisterTreatmentSiteInput> = {},
): Promise<string> {
  const organizationNumber = nextOrganizationNumber();
  expectAccepted(await world.as('operator').registerTreatmentSite({ organizationNumber, name: 'Site', ...input }));
  return organizationNumber;
}
