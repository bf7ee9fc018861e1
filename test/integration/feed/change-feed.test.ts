import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { expectRevision } from '../../support/mutations/change-assertions.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { graphql } from '../../support/generated/gql.ts';
import type { FeedQueryVariables } from '../../support/generated/graphql.ts';
import type { ChangeResponse } from '../../support/mutations/mutations.ts';
import { createStatementCounter } from '../../support/database/statement-counter.ts';
import { mutationsAs, buildWorld, subjects, units as u, worldDay } from '../../support/world/world.ts';

const feedQuery = graphql(`
  query Feed($since: Revision, $within: ReshId, $first: Int) {
    changes(since: $since, withinReshId: $within, first: $first) {
      changes {
        revision
        operation
        units {
          nodes {
            reshId
            kinds
          }
        }
      }
      nextSince
      hasMore
    }
  }
`);

const crossingQuery = graphql(`
  query Crossings($revision: Revision!, $within: ReshId!) {
    change(revision: $revision) {
      units(withinReshId: $within) {
        totalCount
        nodes {
          reshId
          kinds
        }
      }
      enteredUnits(withinReshId: $within) {
        totalCount
        nodes {
          reshId
          name
        }
      }
      leftUnits(withinReshId: $within) {
        totalCount
        nodes {
          reshId
          name
        }
      }
    }
  }
`);

const counter = createStatementCounter();
let database: Database;
let client: TestClient;
beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await buildWorld(database);
  client = createClient(database, { today: worldDay });
  const operator = mutationsAs(database, subjects.operator);
  const commitRevision = async (answer: Promise<ChangeResponse>) => expectRevision(await answer);
  // Revisions 2 and 3
  await commitRevision(operator.updateUnit({ reshId: u.ward, name: 'Ward A' }));
  await commitRevision(operator.updateUnit({ reshId: u.southClinic, name: 'Clinic of the south' }));
  // 4: the ward leaves the clinic, and 5
  await commitRevision(operator.moveUnit({ reshId: u.ward, newParentReshId: u.secondClinic }));
  await commitRevision(operator.updateUnit({ reshId: u.ward, name: 'Ward B' }));
  // 6 and 7: the ward moves with the units above it
  await commitRevision(operator.moveUnit({ reshId: u.secondClinic, newParentReshId: u.siblingTrust }));
  await commitRevision(operator.moveUnit({ reshId: u.siblingTrust, newParentReshId: u.south }));
  // 8, 9 and 10
  await commitRevision(
    operator.updateUnitCodes({ reshId: u.ward, add: [specialty('020')], effectiveOn: '2027-06-01' }),
  );
  await commitRevision(operator.grantAccess({ subject: 'new', name: 'New', role: 'ADMINISTRATOR', reshId: u.ward }));
  await commitRevision(
    operator.moveUnit({ reshId: u.southClinic, newParentReshId: u.clinic, effectiveOn: '2028-01-01' }),
  );
});
afterAll(() => database.close());

async function readPage(variables: FeedQueryVariables) {
  const { changes, ...rest } = (await client.query(feedQuery, variables)).changes;
  return { revisions: changes.map(({ revision }) => revision), ...rest };
}

/** Reads the feed to its end page by page, and returns the revisions and the end of each page. */
async function readWholeFeed(variables: FeedQueryVariables) {
  const [feedRevisions, nextSinces]: [number[], number[]] = [[], []];
  let hasMore = true;
  while (hasMore) {
    const page = await readPage({ ...variables, since: nextSinces.at(-1) ?? 0 });
    feedRevisions.push(...page.revisions);
    nextSinces.push(page.nextSince);
    hasMore = page.hasMore;
  }
  return { revisions: feedRevisions, nextSinces };
}

describe('changes feed', () => {
  it('returns every change once, in the order of revisions, for any page size', async () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(await readWholeFeed({})).toEqual({ revisions: all, nextSinces: [10] });
    expect(await readWholeFeed({ first: 1 })).toEqual({ revisions: all, nextSinces: all });
    expect(await readWholeFeed({ first: 4 })).toEqual({ revisions: all, nextSinces: [4, 8, 10] });
    expect(await readWholeFeed({ first: 5 })).toEqual({ revisions: all, nextSinces: [5, 10] });
  });

  it('returns the units of each change with what happened to them', async () => {
    const { changes } = (await client.query(feedQuery, { since: 5, first: 2 })).changes;
    expect(changes).toEqual([
      {
        revision: 6,
        operation: 'MOVE_UNIT',
        units: { nodes: [{ reshId: u.secondClinic, kinds: ['MOVED'] }] },
      },
      {
        revision: 7,
        operation: 'MOVE_UNIT',
        units: { nodes: [{ reshId: u.siblingTrust, kinds: ['MOVED'] }] },
      },
    ]);
  });

  it('returns an empty page at the end and continues from its cursor', async () => {
    expect(await readPage({ since: 10 })).toEqual({ revisions: [], nextSince: 10, hasMore: false });
    expect(await readPage({ since: 10, within: u.ward })).toEqual({ revisions: [], nextSince: 10, hasMore: false });
  });

  it('returns changes within a unit, including units that enter or leave it now or later', async () => {
    // In revision 4 the ward leaves the clinic. Revisions 5 and 8 change the ward and count, because it is still in the
    // clinic on earlier days. In revision 10 another clinic is to enter.
    expect(await readWholeFeed({ within: u.clinic })).toEqual({ revisions: [1, 2, 4, 5, 8, 10], nextSinces: [10] });
    expect(await readWholeFeed({ within: u.clinic, first: 2 })).toEqual({
      revisions: [1, 2, 4, 5, 8, 10],
      nextSinces: [2, 5, 10],
    });
  });

  it('leaves out a move of the unit itself and changes of access to it', async () => {
    expect(await readWholeFeed({ within: u.siblingTrust })).toEqual({ revisions: [1, 6, 7, 8], nextSinces: [10] });
    expect(await readWholeFeed({ within: u.south })).toEqual({ revisions: [1, 3, 7, 8, 10], nextSinces: [10] });
    expect(await readWholeFeed({ within: u.ward })).toEqual({ revisions: [1, 2, 4, 5, 6, 7, 8], nextSinces: [10] });
    expect(await readWholeFeed({ within: u.privateClinic })).toEqual({ revisions: [1], nextSinces: [10] });
  });

  it('says which units entered and left, themselves or with a unit above them', async () => {
    const readCrossings = async (revision: number, within: number) => {
      const { change } = await client.query(crossingQuery, { revision, within });
      const { units, enteredUnits, leftUnits } = change ?? {};
      return {
        changed: units?.nodes.map(({ reshId, kinds }) => [reshId, ...kinds]),
        entered: enteredUnits,
        left: leftUnits,
      };
    };
    const show = (...shown: [number, string][]) => ({
      totalCount: shown.length,
      nodes: shown.map(([reshId, name]) => ({ reshId, name })),
    });

    expect(await readCrossings(4, u.clinic)).toEqual({
      changed: [[u.ward, 'MOVED', 'LEFT']],
      entered: show(),
      left: show([u.ward, 'Ward A']),
    });
    expect(await readCrossings(4, u.secondClinic)).toMatchObject({ changed: [[u.ward, 'MOVED', 'ENTERED']] });
    const { changed, entered } = await readCrossings(6, u.siblingTrust);
    expect(changed).toEqual([[u.secondClinic, 'MOVED', 'ENTERED']]);
    expect(entered?.nodes.map(({ reshId }) => reshId)).toEqual([u.ward, u.secondClinic]);
    expect(await readCrossings(6, u.north)).toEqual({
      changed: [[u.secondClinic, 'MOVED']],
      entered: show(),
      left: show(),
    });
    // Inside the unit that moves, nothing comes or goes.
    expect(await readCrossings(7, u.siblingTrust)).toEqual({
      changed: [[u.siblingTrust, 'MOVED']],
      entered: show(),
      left: show(),
    });
    expect((await readCrossings(2, u.south)).changed).toEqual([]);
  });

  it('returns no changes within an unknown unit but advances the cursor', async () => {
    expect(await readWholeFeed({ within: 999 })).toEqual({ revisions: [], nextSinces: [10] });
  });

  it('returns the same page again after later changes', async () => {
    const pageVariables: FeedQueryVariables[] = [
      { since: 2, first: 4 },
      { since: 1, first: 2, within: u.clinic },
    ];
    const before = await Promise.all(pageVariables.map((variables) => client.query(feedQuery, variables)));
    await mutationsAs(database, subjects.operator).updateUnit({ reshId: u.privateClinic, name: 'Later' });

    expect(await Promise.all(pageVariables.map((variables) => client.query(feedQuery, variables)))).toEqual(before);
    expect(await readPage({ since: 10 })).toEqual({ revisions: [11], nextSince: 11, hasMore: false });
  });

  it.each<[FeedQueryVariables, string, string]>([
    [
      { since: 99 },
      'BAD_INPUT',
      '`since` is 99, and the newest revision is 11: give the `nextSince` of an earlier page, or 0 to start.',
    ],
    [
      { first: 101 },
      'LIMIT_EXCEEDED',
      '`first` is 101, and a page here has at most 100 items. Ask for 100 or fewer and continue with `since`.',
    ],
    [{ first: -1 }, 'BAD_INPUT', '`first` is -1; ask for 0 to 100.'],
  ])('refuses %o and names the remedy', async (variables, code, message) => {
    const { errors } = await client.execute(feedQuery, variables);
    expect(errors).toEqual([expect.objectContaining({ message, extensions: { code } })]);
  });

  it('runs as many statements for a hundred changes as for one', async () => {
    for (const within of [undefined, u.clinic]) {
      const recordStatements = async (first: number) =>
        (await counter.during(() => client.query(feedQuery, { first, ...(within !== undefined && { within }) })))
          .statements.length;
      expect(await recordStatements(100)).toBe(await recordStatements(1));
    }
  });

  it('has each unit as the change left it, and as it is now', async () => {
    const { data, errors } = await client.send({
      query: '{ changes(since: 1, first: 1) { changes { units { nodes { unit { id name } current { id name } } } } } }',
    });

    expect(errors).toBeUndefined();
    const page = data as { changes: { changes: { units: { nodes: Record<'unit' | 'current', Shown>[] } }[] } };
    expect(page.changes.changes[0]?.units.nodes).toEqual([
      {
        unit: { id: encode(`Unit:${u.ward}@2@${worldDay}`), name: 'Ward A' },
        current: { id: encode(`Unit:${u.ward}`), name: 'Ward B' },
      },
    ]);
  });
});

interface Shown {
  readonly id: string;
  readonly name: string;
}

function encode(id: string): string {
  return Buffer.from(id).toString('base64');
}
