import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { createClient } from '../support/client.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';
import { graphql } from '../support/generated/gql.ts';
import type { ShownStateFragment } from '../support/generated/graphql.ts';
import { dayNear, histories } from '../support/model/history.ts';
import { recordKnowledge } from '../support/model/record.ts';
import { nothingKnown } from '../support/model/register.ts';
import { tried } from '../support/model/runs.ts';

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
      from
      parent {
        id
      }
    }
  }
`);

const shownEverywhere = graphql(`
  query ShownEverywhere($validAt: Date!, $revision: Revision!, $reshIds: [ReshId!]!) {
    units(reshIds: $reshIds) {
      unit {
        ...ShownState
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

const shownAgain = graphql(`
  query ShownAgain($ids: [ID!]!) {
    nodes(ids: $ids) {
      ...ShownState
    }
  }
`);

type State = ShownStateFragment;
const stateKeys = [
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
] as const satisfies readonly (keyof State)[];

/** Every unit anywhere in an answer that shows its whole state. */
const statesIn = (answer: unknown): State[] => {
  if (typeof answer !== 'object' || answer === null) return [];
  const within = Object.values(answer).flatMap(statesIn);
  if (!('descendantCount' in answer)) return within;
  // The edge: whatever has the fragment's last field has all of it.
  const whole = answer as State;
  return [Object.fromEntries(stateKeys.map((key) => [key, whole[key]])) as State, ...within];
};

const isPinned = ({ id }: State): boolean => Buffer.from(id, 'base64').toString('utf8').includes('@');

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

describe('an id', () => {
  it('gives back the state it was shown in; where it is pinned, after later changes too', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), fc.nat(), fc.nat(), async (history, at, on) => {
        await emptyRegister(database);
        const { revisions, reshIds } = history;
        const client = createClient(database, { today: dayNear(history, on) });
        const askAgain = async (states: readonly State[]) =>
          (await client.ask(shownAgain, { ids: states.map(({ id }) => id) })).nodes;
        const record = async (revision: number) =>
          recordKnowledge(database, revisions[revision - 1] ?? nothingKnown, revisions[revision] ?? nothingKnown);

        const last = revisions.length - 1;
        for (let revision = 1; revision < last; revision += 1) await record(revision);
        const coordinates = { validAt: dayNear(history, at), revision: at % last, reshIds: [...reshIds] };
        const shown = statesIn(await client.ask(shownEverywhere, coordinates));
        expect(await askAgain(shown)).toEqual(shown);
        const byId = new Map(shown.map((state) => [state.id, state]));
        expect(shown).toEqual(shown.map(({ id }) => byId.get(id)));

        await record(last);
        const pinned = shown.filter(isPinned);
        expect(await askAgain(pinned)).toEqual(pinned);
      }),
      tried(10),
    );
  });
});
