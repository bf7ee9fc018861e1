import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../src/server.ts';
import type { Database } from '../../src/store/database.ts';
import { openTestDatabase } from '../support/database.ts';
import { actor, buildWorld, subjects, units, worldDay } from '../support/world.ts';

let database: Database;
let ask: (path: string, request?: RequestInit) => Promise<Response>;

beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  const server = createServer({ database, log: pino({ level: 'silent' }), today: () => worldDay });
  ask = async (path, request = {}) => server.fetch(`http://127.0.0.1/extracts/${path}`, request);
});
afterAll(() => database.close());

const rowsOf = async (path: string): Promise<Record<string, string>[]> =>
  parse(await (await ask(path)).text(), { columns: true });

describe('units.csv', () => {
  it('has a row for each unit valid on the day, each after the one above it, with what stands around it', async () => {
    const rows = await rowsOf('units.csv');

    expect(rows.map((row) => Number(row['resh_id']))).toEqual(Object.values(units));
    expect(rows.find((row) => row['resh_id'] === String(units.clinic))).toEqual({
      resh_id: '111',
      type: 'DEPARTMENT',
      name: 'clinic',
      short_name: '',
      parent_resh_id: '110',
      organization_number: '',
      treatment_site_number: '974747138',
      designation: '05',
      designation_text: '',
      responsible_person: '',
      valid_from: '2010-01-01',
      valid_to: '',
      designation_name: 'Avdeling',
      treatment_site_name: 'Site',
      depth: '2',
      path: '100/110/111',
      path_names: 'north / northTrust / clinic',
      enterprise_resh_id: '110',
      enterprise_organization_number: '983974880',
      enterprise_name: 'northTrust',
      region_resh_id: '100',
      region_organization_number: '',
      region_name: 'north',
      codes: '8451:010',
    });
  });

  it('says in its headers what it is of, and how to go on from it', async () => {
    const { status, headers } = await ask('units.csv', { headers: { origin: 'https://example.org' } });

    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="resh-units-2026-11-23-revision-1.csv"',
      'cache-control': 'public, no-cache',
      'resh-revision': '1',
      'resh-valid-at': worldDay,
      'resh-changes-since': '1',
      'access-control-allow-origin': 'https://example.org',
      'access-control-expose-headers': expect.stringContaining('Resh-Revision') as string,
      etag: expect.stringMatching(/^"r1-2026-11-23-[\w-]{16}"$/) as string,
    });
  });

  it('is zipped when asked, under a tag of its own', async () => {
    const plain = await ask('units.csv', { headers: { 'accept-encoding': 'identity' } });
    const zipped = await ask('units.csv', { headers: { 'accept-encoding': 'br, gzip;q=0.8' } });

    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(zipped.headers.get('etag')).toBe(plain.headers.get('etag')?.replace(/"$/, '-gzip"'));
    expect(gunzipSync(Buffer.from(await zipped.arrayBuffer())).toString()).toBe(await plain.text());
  });
});

describe('an extract', () => {
  it('has the same bytes at a revision and day, whatever is changed later', async () => {
    const fixed = 'units.ndjson?revision=1&validAt=2026-11-23';
    const before = await ask(fixed);
    const text = await before.text();
    await actor(database, subjects.operator).updateUnit({
      reshId: units.clinic,
      name: 'Renamed',
      effectiveOn: '2020-01-01',
    });

    const after = await ask(fixed);
    expect(await after.text()).toBe(text);
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    expect(after.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await (await ask('units.ndjson')).text()).toContain('Renamed');
  });

  it.each(['units.xml', '', 'units.csv/'])('says at an unknown path which there are: /extracts/%s', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      errors: [
        {
          message: `There is no extract at /extracts/${path}; ask for /extracts/units.csv, /extracts/units.ndjson.`,
          extensions: { code: 'NOT_FOUND' },
        },
      ],
    });
  });
});
