import { afterAll, beforeAll, expect, it } from 'vitest';
import { pino } from 'pino';
import { createServer } from '../../src/server/server.ts';
import type { Database } from '../../src/store/database/database.ts';
import { made } from '../support/changing-world.ts';
import { createClient, type TestClient } from '../support/client.ts';
import { openTestDatabase } from '../support/database.ts';
import { graphql } from '../support/generated/gql.ts';
import { actor, buildWorld, numbers, subjects, units as u, worldBegan, worldDay } from '../support/world.ts';

const feed = graphql(`
  query FeedAfterExtract($since: Revision!, $within: ReshId) {
    changes(since: $since, within: $within, first: 4) {
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

/** A unit as a line of units.ndjson has it. */
interface Line {
  readonly reshId: number;
  readonly path: readonly number[];
}

let database: Database;
let client: TestClient;
let ask: (query: string) => Promise<Response>;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  client = createClient(database, { today: worldDay });
  const server = createServer({ database, log: pino({ level: 'silent' }), today: () => worldDay });
  ask = async (query) => server.fetch(`http://127.0.0.1/extracts/units.ndjson?${query}`);
});
afterAll(() => database.close());

const linesOf = async (answer: Response): Promise<Line[]> =>
  (await answer.text())
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as Line);

/** A copy of the register, or of what is at and beneath a unit, as the page on extracts says to keep one. */
class Copy {
  private readonly lines = new Map<number, Line>();
  readonly told: number[] = [];
  since = 0;

  constructor(private readonly within?: number) {}

  private take(lines: readonly Line[]): void {
    for (const line of lines)
      if (this.within === undefined || line.path.includes(this.within)) this.lines.set(line.reshId, line);
  }

  async begin(answer: Response): Promise<void> {
    this.since = Number(answer.headers.get('resh-changes-since'));
    this.take(await linesOf(answer));
  }

  private async readAnew(reshId: number, revision: number): Promise<void> {
    for (const line of this.content()) if (line.path.includes(reshId)) this.lines.delete(line.reshId);
    const answer = await ask(`within=${reshId}&revision=${revision}&validAt=${worldDay}`);
    if (answer.status === 200) this.take(await linesOf(answer));
  }

  async follow(): Promise<void> {
    for (let hasMore = true; hasMore;) {
      const { changes: page } = await client.ask(feed, {
        since: this.since,
        ...(this.within !== undefined && { within: this.within }),
      });
      for (const { revision, units } of page.changes) {
        this.told.push(revision);
        for (const { reshId } of units.nodes) await this.readAnew(reshId, revision);
      }
      ({ nextSince: this.since, hasMore } = page);
    }
  }

  content(): Line[] {
    return [...this.lines.values()].sort((one, other) => one.reshId - other.reshId);
  }
}

const makeChanges = async (): Promise<void> => {
  const operator = actor(database, subjects.operator);
  made(await operator.updateUnit({ reshId: u.northTrust, name: 'Trust of the north' }));
  made(
    await operator.updateUnit({
      reshId: u.siblingTrust,
      addresses: [{ type: 'VISITING', lines: ['Gata 1'], postalCode: '6003', city: 'Ålesund' }],
      effectiveOn: worldBegan,
    }),
  );
  made(await operator.moveUnit({ reshId: u.clinic, newParentReshId: u.siblingTrust, effectiveOn: '2020-01-01' }));
  made(await operator.moveUnit({ reshId: u.siblingClinic, newParentReshId: u.northTrust }));
  made(await operator.closeUnit({ reshId: u.secondWard }));
  const created = made(
    await operator.createDepartment({ parentReshId: u.secondClinic, name: 'New', validTo: '2030-01-01' }),
  );
  made(await operator.updateUnit({ reshId: u.ward, name: 'Of next year', effectiveOn: '2027-01-01' }));
  made(await operator.setUnitCodes({ reshId: u.ward, add: [{ codeSet: 8451, code: '020' }] }));
  made(await operator.grantAccess({ subject: 'new', name: 'New', role: 'ADMINISTRATOR', reshId: u.ward }));
  made(await operator.moveUnit({ reshId: u.clinic, newParentReshId: u.northTrust, effectiveOn: '2026-01-01' }));
  made(await operator.setIdentifier({ reshId: u.southClinic, system: 'https://example.org', value: '1' }));
  made(await operator.closeUnit({ reshId: u.privateClinic, effectiveOn: '2025-01-01' }));
  made(
    await operator.reopenUnit({ reshId: u.privateClinic, newParentReshId: u.secondClinic, effectiveOn: '2026-02-01' }),
  );
  made(
    await operator.mergeUnits({
      sourceReshIds: [u.clinic],
      targetReshId: u.secondClinic,
      effectiveOn: '2026-11-01',
    }),
  );
  made(await operator.connectTreatmentSite({ reshId: u.secondClinic, organizationNumber: numbers.site }));
  made(await operator.withdrawUnit({ reshId: created.unit?.reshId ?? 0 }));
};

it('lets a copy go on with the feed from where the extract ends, to the same as an extract of then', async () => {
  const [whole, part] = [new Copy(), new Copy(u.northTrust)];
  const [wholeAnswer, partAnswer] = [await ask(''), await ask(`within=${u.northTrust}`)];
  // What is changed while a file is being sent is not in it, and so is in the feed.
  made(await actor(database, subjects.operator).updateUnit({ reshId: u.ward, name: 'Changed meanwhile' }));
  await whole.begin(wholeAnswer);
  await part.begin(partAnswer);
  expect([whole.since, part.since]).toEqual([1, 1]);
  await makeChanges();

  await whole.follow();
  await part.follow();

  const newest = await ask('');
  const revision = Number(newest.headers.get('resh-revision'));
  expect([whole.since, part.since]).toEqual([revision, revision]);
  expect(whole.told).toEqual(Array.from({ length: revision - 1 }, (_, place) => place + 2));
  const lines = (await linesOf(newest)).sort((one, other) => one.reshId - other.reshId);
  expect(whole.content()).toEqual(lines);
  expect(part.content()).toEqual(lines.filter(({ path }) => path.includes(u.northTrust)));
  expect(part.told.length).toBeLessThan(whole.told.length);
});
