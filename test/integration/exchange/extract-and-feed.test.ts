import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { graphql } from '../../support/generated/gql.ts';
import {
  mutationsAs,
  buildWorld,
  numbers,
  subjects,
  units as u,
  worldStart,
  worldDay,
} from '../../support/world/world.ts';

const feedQuery = graphql(`
  query FeedAfterExtract($since: Revision!, $within: ReshId) {
    changes(since: $since, withinReshId: $within, first: 4) {
      changes {
        revision
        units(first: 100) {
          nodes {
            reshId
          }
        }
      }
      nextSince
      hasMore
    }
  }
`);

/** A line of units.ndjson. */
interface Line {
  readonly reshId: number;
  readonly path: readonly number[];
}

let database: Database;
let client: TestClient;
let fetchExtract: (query: string) => Promise<Response>;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  client = createClient(database, { today: worldDay });
  const server = createServer({ database, log: pino({ level: 'silent' }), today: () => worldDay });
  fetchExtract = async (query) => server.fetch(`http://127.0.0.1/extracts/units.ndjson?${query}`);
});
afterAll(() => database.close());

async function parseLines(answer: Response): Promise<Line[]> {
  return (await answer.text())
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as Line);
}

/** A copy of the register or of a subtree, maintained as the page on extracts describes. */
class RegisterCopy {
  private readonly lines = new Map<number, Line>();
  readonly revisions: number[] = [];
  since = 0;

  constructor(private readonly within?: number) {}

  private store(lines: readonly Line[]): void {
    for (const line of lines)
      if (this.within === undefined || line.path.includes(this.within)) this.lines.set(line.reshId, line);
  }

  async load(answer: Response): Promise<void> {
    this.since = Number(answer.headers.get('resh-changes-since'));
    this.store(await parseLines(answer));
  }

  private async reloadUnit(reshId: number, revision: number): Promise<void> {
    for (const line of this.sortedLines()) if (line.path.includes(reshId)) this.lines.delete(line.reshId);
    const answer = await fetchExtract(`within=${reshId}&revision=${revision}&validAt=${worldDay}`);
    if (answer.status === 200) this.store(await parseLines(answer));
  }

  async applyFeed(): Promise<void> {
    let hasMore = true;
    while (hasMore) {
      const { changes: page } = await client.query(feedQuery, {
        since: this.since,
        ...(this.within !== undefined && { within: this.within }),
      });
      for (const { revision, units } of page.changes) {
        this.revisions.push(revision);
        for (const { reshId } of units.nodes) await this.reloadUnit(reshId, revision);
      }
      ({ nextSince: this.since, hasMore } = page);
    }
  }

  sortedLines(): Line[] {
    return [...this.lines.values()].sort((one, other) => one.reshId - other.reshId);
  }
}

async function makeChanges(): Promise<void> {
  const operator = mutationsAs(database, subjects.operator);
  expectAccepted(await operator.updateUnit({ reshId: u.northTrust, name: 'Trust of the north' }));
  expectAccepted(
    await operator.updateUnit({
      reshId: u.siblingTrust,
      addresses: [{ type: 'VISITING', lines: ['Gata 1'], postalCode: '6003', city: 'Ålesund' }],
      effectiveOn: worldStart,
    }),
  );
  expectAccepted(
    await operator.moveUnit({ reshId: u.clinic, newParentReshId: u.siblingTrust, effectiveOn: '2020-01-01' }),
  );
  expectAccepted(await operator.moveUnit({ reshId: u.siblingClinic, newParentReshId: u.northTrust }));
  expectAccepted(await operator.closeUnit({ reshId: u.secondWard }));
  const created = expectAccepted(
    await operator.createDepartment({ parentReshId: u.secondClinic, name: 'New', validTo: '2030-01-01' }),
  );
  expectAccepted(await operator.updateUnit({ reshId: u.ward, name: 'Of next year', effectiveOn: '2027-01-01' }));
  expectAccepted(await operator.updateUnitCodes({ reshId: u.ward, add: [specialty('020')] }));
  expectAccepted(await operator.grantAccess({ subject: 'new', name: 'New', role: 'ADMINISTRATOR', reshId: u.ward }));
  expectAccepted(
    await operator.moveUnit({ reshId: u.clinic, newParentReshId: u.northTrust, effectiveOn: '2026-01-01' }),
  );
  expectAccepted(await operator.setIdentifier({ reshId: u.southClinic, system: 'https://example.org', value: '1' }));
  expectAccepted(await operator.closeUnit({ reshId: u.privateClinic, effectiveOn: '2025-01-01' }));
  expectAccepted(
    await operator.reopenUnit({ reshId: u.privateClinic, newParentReshId: u.secondClinic, effectiveOn: '2026-02-01' }),
  );
  expectAccepted(
    await operator.mergeUnits({
      sourceReshIds: [u.clinic],
      targetReshId: u.secondClinic,
      effectiveOn: '2026-11-01',
    }),
  );
  expectAccepted(await operator.connectTreatmentSite({ reshId: u.secondClinic, organizationNumber: numbers.site }));
  expectAccepted(await operator.withdrawUnit({ reshId: created.unit?.reshId ?? 0 }));
}

it('a copy that continues with the feed from the end of an extract equals a later extract', async () => {
  const [wholeCopy, partialCopy] = [new RegisterCopy(), new RegisterCopy(u.northTrust)];
  const [wholeResponse, partialResponse] = [await fetchExtract(''), await fetchExtract(`within=${u.northTrust}`)];
  // A change made during the extract is not in the file, but in the feed.
  expectAccepted(
    await mutationsAs(database, subjects.operator).updateUnit({ reshId: u.ward, name: 'Changed meanwhile' }),
  );
  await wholeCopy.load(wholeResponse);
  await partialCopy.load(partialResponse);

  expect([wholeCopy.since, partialCopy.since]).toEqual([1, 1]);

  await makeChanges();

  await wholeCopy.applyFeed();
  await partialCopy.applyFeed();

  const newestResponse = await fetchExtract('');
  const revision = Number(newestResponse.headers.get('resh-revision'));

  expect([wholeCopy.since, partialCopy.since]).toEqual([revision, revision]);
  expect(wholeCopy.revisions).toEqual(Array.from({ length: revision - 1 }, (_, index) => index + 2));

  const lines = (await parseLines(newestResponse)).sort((one, other) => one.reshId - other.reshId);
  expect(wholeCopy.sortedLines()).toEqual(lines);
  expect(partialCopy.sortedLines()).toEqual(lines.filter(({ path }) => path.includes(u.northTrust)));
  expect(partialCopy.revisions.length).toBeLessThan(wholeCopy.revisions.length);
});
