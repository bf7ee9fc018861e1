import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClient } from '../support/http/client.ts';
import { clearRegister } from '../support/database/database.ts';
import { graphql } from '../support/generated/gql.ts';
import type { ShownStateFragment } from '../support/generated/graphql.ts';
import { dayNear, histories } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { emptyState } from '../support/model/register-state.ts';
import { useRegister } from '../support/registers/use-register.ts';

graphql(`
  fragment ShownState on Unit {
    id
    reshId
    name
    shortName
    seenOn
    isActive
    parent {
      id
    }
    ancestors {
      id
      name
    }
    region {
      id
    }
    childCount
    descendantCount
    validity {
      from
      to
    }
    parentHistory {
      validity {
        from
      }
      parent {
        id
      }
    }
  }
`);

const registerQuery = graphql(`
  query ShownEverywhere($validAt: Date!, $revision: Revision!, $reshIds: [ReshId!]!) {
    units(reshIds: $reshIds) {
      unit {
        ...ShownState
      }
    }
    onDay: register(validAt: $validAt) {
      units(reshIds: $reshIds) {
        unit {
          ...ShownState
        }
      }
    }
    atRevision: register(revision: $revision) {
      units(reshIds: $reshIds) {
        unit {
          ...ShownState
        }
      }
    }
    register(validAt: $validAt, revision: $revision) {
      units(reshIds: $reshIds) {
        unit {
          ...ShownState
          above: ancestors {
            ...ShownState
          }
          children {
            nodes {
              ...ShownState
            }
          }
          formerChildren {
            nodes {
              ...ShownState
            }
          }
          periods: parentHistory {
            parent {
              ...ShownState
            }
          }
        }
      }
    }
  }
`);

const nodesQuery = graphql(`
  query ShownAgain($ids: [ID!]!) {
    nodes(ids: $ids) {
      ...ShownState
    }
  }
`);

type UnitNode = ShownStateFragment;
const unitNodeKeys = [
  'id',
  'reshId',
  'name',
  'shortName',
  'seenOn',
  'isActive',
  'parent',
  'ancestors',
  'region',
  'childCount',
  'descendantCount',
  'validity',
  'parentHistory',
] as const satisfies readonly (keyof UnitNode)[];

/** Returns all units in a response that have all fields of the fragment. */
function findUnitNodes(answer: unknown): UnitNode[] {
  if (typeof answer !== 'object' || answer === null) return [];
  const within = Object.values(answer).flatMap(findUnitNodes);
  if (!('descendantCount' in answer)) return within;
  // A node with the last field of the fragment has all of its fields.
  const node = answer as UnitNode;
  return [Object.fromEntries(unitNodeKeys.map((key) => [key, node[key]])) as UnitNode, ...within];
}

function namesRevision({ id }: UnitNode): boolean {
  const [, revision = ''] = Buffer.from(id, 'base64').toString('utf8').split('@');
  return revision !== '';
}

const register = useRegister();

describe('node id', () => {
  it('returns the state in which it was shown, after later changes too when it names a revision', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), fc.nat(), fc.nat(), async (history, at, on) => {
        await clearRegister(register.database);
        const { revisions, reshIds } = history;
        const client = createClient(register.database, { today: dayNear(history, on) });
        const queryNodes = async (nodes: readonly UnitNode[]) =>
          (await client.query(nodesQuery, { ids: nodes.map(({ id }) => id) })).nodes;
        const recordUpTo = async (revision: number) =>
          recordState(register.database, revisions[revision - 1] ?? emptyState, revisions[revision] ?? emptyState);

        const last = revisions.length - 1;
        for (let revision = 1; revision < last; revision += 1) await recordUpTo(revision);
        const coordinates = { validAt: dayNear(history, at), revision: at % last, reshIds: [...reshIds] };
        const unitNodes = findUnitNodes(await client.query(registerQuery, coordinates));
        expect(await queryNodes(unitNodes)).toEqual(unitNodes);
        const nodesById = new Map(unitNodes.map((state) => [state.id, state]));
        expect(unitNodes).toEqual(unitNodes.map(({ id }) => nodesById.get(id)));

        await recordUpTo(last);
        const pinnedNodes = unitNodes.filter(namesRevision);
        expect(await queryNodes(pinnedNodes)).toEqual(pinnedNodes);
      }),
      propertyOptions(10),
    );
  });
});
