import type { Day } from '../../../src/domain/time/day.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient } from '../http/client.ts';
import { graphql } from '../generated/gql.ts';
import { worldDay } from './world.ts';

const viewerGrantsQuery = graphql(`
  query HeldAccess {
    viewer {
      name
      grants {
        role
        unit {
          reshId
        }
        validity {
          from
          to
        }
        administrator {
          email
        }
      }
    }
  }
`);

/** Returns the grants that a viewer reads about themselves on a day: role, unit, and days. */
export async function readViewerGrants(
  database: Database,
  subject: string,
  today: Day = worldDay,
): Promise<{ name: string; email: string | null | undefined; grants: Record<string, string> }> {
  const { viewer } = await createClient(database, { today, as: subject }).query(viewerGrantsQuery);
  const grants = viewer?.grants ?? [];
  return {
    name: viewer?.name ?? '',
    email: grants[0]?.administrator.email,
    grants: Object.fromEntries(
      grants.map(({ role, unit, validity: { from, to } }) => [
        unit ? `${role} ${unit.reshId}` : role,
        `${from ?? ''}/${to ?? ''}`,
      ]),
    ),
  };
}
