import { expect } from 'vitest';
import type { Day } from '../../../src/domain/time/day.ts';
import type { ChangingWorld } from './changing-world.ts';
import { createClient } from '../http/client.ts';
import { graphql } from '../generated/gql.ts';
import { readTableDigests } from '../database/table-digests.ts';
import { subjects, worldDay } from './world.ts';

const viewerCanQuery = graphql(`
  query Rights($reshId: ReshId!) {
    unit(reshId: $reshId) {
      viewerCan {
        edit {
          allowed
        }
        addChild {
          allowed
        }
        grantAccess {
          allowed
        }
      }
    }
  }
`);

/**
 * Returns whether a subject may edit a unit, create under it and grant access to it today; fails if the three differ.
 */
export async function canEdit(
  { database }: ChangingWorld,
  subject: keyof typeof subjects,
  reshId: number,
): Promise<boolean | undefined> {
  const client = createClient(database, { today: worldDay, as: subjects[subject] });
  const can = (await client.query(viewerCanQuery, { reshId })).unit?.viewerCan;
  if (!can) return undefined;
  const { edit, addChild, grantAccess } = can;
  expect([addChild.allowed, grantAccess.allowed]).toEqual([edit.allowed, edit.allowed]);
  return edit.allowed;
}

/** Runs an action and fails if it writes anything. */
export async function expectNoWrites<Answer>(
  { database }: ChangingWorld,
  action: () => Promise<Answer>,
): Promise<Answer> {
  const rows = async () =>
    Object.fromEntries(Object.entries(await readTableDigests(database)).filter(([name]) => !name.endsWith('_seq')));
  const before = await rows();
  const answer = await action();
  expect(await rows()).toEqual(before);
  return answer;
}

/** Returns the ancestors of a unit on a day, root first; undefined if the unit is not valid on that day. */
export async function readAncestors(world: ChangingWorld, reshId: number, day: Day, revision?: number) {
  return (await world.readUnit(reshId, day, revision))?.ancestors;
}
