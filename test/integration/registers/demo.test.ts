import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadDemo, RegisterNotEmptyError } from '../../../src/demo/load-demo.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { verifyDatabase } from '../../support/database/violations.ts';

const today = '2026-11-23';
const options = { units: 1_000, today };
let database: Database;
let loaded: { units: number; revision: number };
beforeAll(async () => {
  database = await openTestDatabase();
  loaded = await loadDemo(database, options);
});
afterAll(() => database.close());

describe('demo register', () => {
  it('keeps every rule of the tree', async () => {
    const { violations, counts: verified } = await verifyDatabase(database);
    expect(violations).toEqual([]);
    expect(verified).toEqual({ units: loaded.units, violations: 0 });
  });

  it('has two changes and answers at the first revision as before the second', async () => {
    expect(loaded.revision).toBe(2);

    const corrected = await database.bulk((session) =>
      session.query<{ resh_id: number; valid_from: string; name: string; name_now: string | null }>(
        `select before.resh_id, before.valid_from::text, before.name,
           (select name from unit_version now where now.resh_id = before.resh_id and now.superseded_rev is null
             and now.valid_from = before.valid_from) as name_now
         from unit_version before
         where before.superseded_rev = 2`,
      ),
    );
    const unitResponse = z.object({
      data: z.record(z.string(), z.object({ unit: z.object({ name: z.string() }).nullable() })),
    });
    const client = createClient(database, { today });
    for (const { resh_id, valid_from, name, name_now } of corrected) {
      const registerField = (revision: number) =>
        `register(revision: ${revision}, validAt: "${valid_from}") { unit(reshId: ${resh_id}) { name } }`;
      const answer = unitResponse.parse(
        await client.send({ query: `{ first: ${registerField(1)} second: ${registerField(2)} }` }),
      );
      expect(answer.data['first']?.unit?.name).toBe(name);
      expect(answer.data['second']?.unit?.name).toBe(name_now ?? undefined);
      expect(name_now).not.toBe(name);
    }

    expect(corrected.length).toBeGreaterThanOrEqual(6);
  });

  it('places Kongsvinger by day', async () => {
    const registerField = (day: string) =>
      `register(validAt: "${day}") { unit(reshId: 108597) { parent { reshId } children { nodes { reshId } } } }`;
    const parentResponse = z.object({
      unit: z.object({
        parent: z.object({ reshId: z.number() }),
        children: z.object({ nodes: z.array(z.unknown()).min(1) }),
      }),
    });
    const answer = await createClient(database, { today }).send({
      query: `{ before: ${registerField('2019-01-31')} after: ${registerField('2019-02-01')} }`,
    });
    const { before, after } = z
      .object({ data: z.object({ before: parentResponse, after: parentResponse }) })
      .parse(answer).data;

    expect(before.unit.parent.reshId).toBe(100091);
    expect(after.unit.parent.reshId).toBe(100089);
  });

  it('gives the next unit an unused id', async () => {
    const [row] = await database.bulk((session) =>
      session.query<{ next: number; greatest: number }>(
        `select nextval('resh_id_seq')::integer as next, (select max(resh_id) from unit) as greatest`,
      ),
    );
    expect(row?.next).toBe((row?.greatest ?? 0) + 1);
  });

  it('is refused in a register with data', async () => {
    await expect(loadDemo(database, options)).rejects.toThrow(RegisterNotEmptyError);
    await expect(loadDemo(database, options)).rejects.toThrow('The register is not empty: it is at revision 2.');
  });
});

it('generates the same rows for the same arguments', async () => {
  const otherDatabase = await openTestDatabase();
  try {
    await loadDemo(otherDatabase, options);
    const readDigests = (register: Database) =>
      register.bulk((session) => session.query('select revision, rows_digest from change order by revision'));
    expect(await readDigests(otherDatabase)).toEqual(await readDigests(database));
  } finally {
    await otherDatabase.close();
  }
});

it('is loaded once by two concurrent calls', async () => {
  const sharedDatabase = await openTestDatabase();
  try {
    const loads = await Promise.allSettled([loadDemo(sharedDatabase, options), loadDemo(sharedDatabase, options)]);
    expect(loads.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const rejectedLoad = loads.find((load): load is PromiseRejectedResult => load.status === 'rejected');
    expect(rejectedLoad?.reason).toBeInstanceOf(RegisterNotEmptyError);
  } finally {
    await sharedDatabase.close();
  }
});
