import type { Day } from '../../../src/domain/time/day.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient } from '../http/client.ts';
import { graphql } from '../generated/gql.ts';

const mappingQuery = graphql(`
  query WholeMapping($systemId: String!) {
    mappingRoots(systemId: $systemId) {
      ...NodeOfMapping
      descendants {
        ...NodeOfMapping
      }
    }
  }

  fragment NodeOfMapping on MappingNode {
    nodeId
    name
    parent {
      nodeId
    }
    unit {
      reshId
    }
  }
`);

/** Returns the nodes of a system on a day at the newest revision, each as text: `Ward under 1 at 112`. */
export async function readMapping(
  database: Database,
  systemId: string,
  day: Day,
): Promise<Readonly<Record<string, string>>> {
  const { mappingRoots } = await createClient(database, { today: day }).query(mappingQuery, { systemId });
  const nodes = mappingRoots.flatMap(({ descendants, ...root }) => [root, ...descendants]);
  return Object.fromEntries(
    nodes.map(({ nodeId, name, parent, unit }) => [
      nodeId,
      [name, ...(parent ? ['under', parent.nodeId] : []), ...(unit ? ['at', unit.reshId] : [])].join(' '),
    ]),
  );
}
