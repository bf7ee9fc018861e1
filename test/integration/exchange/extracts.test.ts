import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFacts } from '../../../src/domain/unit/facts.ts';
import { extractNames } from '../../../src/exchange/extract/open-extract.ts';
import { createServer } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { unitFactColumns } from '../../../src/store/sql/unit-file.ts';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { testVerifier, signToken } from '../../support/http/tokens.ts';
import { mutationsAs, buildWorld, subjects, units, worldStart, worldDay } from '../../support/world/world.ts';

let database: Database;
let fetchExtract: (path: string, request?: RequestInit) => Promise<Response>;

beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  const server = createServer({ database, log: pino({ level: 'silent' }), today: () => worldDay });
  fetchExtract = async (path, request = {}) => server.fetch(`http://127.0.0.1/extracts/${path}`, request);
});
afterAll(() => database.close());

async function fetchRows(path: string): Promise<Record<string, string>[]> {
  return parse(await (await fetchExtract(path)).text(), { columns: true });
}

function parseLines(text: string): unknown[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

async function fetchLines(path: string): Promise<unknown[]> {
  return parseLines(await (await fetchExtract(path)).text());
}

describe('units.csv', () => {
  it('has a row for each unit valid on the day, parents first, with inherited facts', async () => {
    const rows = await fetchRows('units.csv');

    expect(rows.map((row) => Number(row['resh_id']))).toEqual(Object.values(units));
    const noFacts = Object.fromEntries(unitFactColumns.map((column) => [column, '']));
    expect(rows.find((row) => row['resh_id'] === String(units.clinic))).toEqual({
      ...noFacts,
      resh_id: '111',
      type: 'DEPARTMENT',
      name: 'clinic',
      parent_resh_id: '110',
      treatment_site_number: '974747138',
      designation: '05',
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

  it('names its coordinates in headers, with the cursor for the feed', async () => {
    const { status, headers } = await fetchExtract('units.csv', { headers: { origin: 'https://example.org' } });

    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="resh-units-2026-11-23-revision-1.csv"',
      'cache-control': 'public, no-cache',
      'resh-revision': '1',
      'resh-valid-at': worldDay,
      'resh-changes-since': '1',
      'access-control-allow-origin': '*',
      vary: 'Accept-Encoding',
      'access-control-expose-headers': expect.stringContaining('Resh-Revision') as string,
      etag: expect.stringMatching(/^"r1-2026-11-23-[\w-]{16}"$/) as string,
    });
  });

  it('is compressed on request, with an ETag of its own', async () => {
    const uncompressed = await fetchExtract('units.csv', { headers: { 'accept-encoding': 'identity' } });
    const compressed = await fetchExtract('units.csv', { headers: { 'accept-encoding': 'br, gzip;q=0.8, *;q=0' } });
    const refusedResponse = await fetchExtract('units.csv', { headers: { 'accept-encoding': 'gzip;q=0, *' } });

    expect(refusedResponse.headers.get('content-encoding')).toBeNull();

    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(compressed.headers.get('etag')).toBe(uncompressed.headers.get('etag')?.replace(/"$/, '-gzip"'));
    expect(gunzipSync(Buffer.from(await compressed.arrayBuffer())).toString()).toBe(await uncompressed.text());
  });
});

describe('units.ndjson', () => {
  it('begins with its coordinates and names facts as the API does', async () => {
    const answer = await fetchExtract('units.ndjson?within=111&revision=1');
    const [header, clinic, ...descendants] = parseLines(await answer.text());
    const { recordedAt } = await database.prisma.change.findUniqueOrThrow({ where: { revision: 1 } });

    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(header).toEqual({
      extract: 'units.ndjson',
      revision: 1,
      recordedAt: recordedAt.toISOString(),
      validAt: worldDay,
      within: 111,
      changesSince: 1,
    });

    const { designationCode: _code, treatmentSiteNumber: _site, ...unsetFacts } = emptyFacts;
    expect(clinic).toEqual({
      ...unsetFacts,
      reshId: 111,
      type: 'DEPARTMENT',
      name: 'clinic',
      parentReshId: 110,
      designation: { code: '05', name: 'Avdeling' },
      treatmentSite: { organizationNumber: '974747138', name: 'Site' },
      validity: { from: '2010-01-01', to: null },
      placed: { from: '2010-01-01', to: null },
      depth: 2,
      path: [100, 110, 111],
      pathNames: ['north', 'northTrust', 'clinic'],
      enterprise: { reshId: 110, organizationNumber: '983974880', name: 'northTrust' },
      region: { reshId: 100, organizationNumber: null, name: 'north' },
      codes: [{ codeSet: 8451, code: '010', name: 'Kirurgi', attributes: [] }],
      identifiers: [],
      internationalNames: [],
      addresses: [],
      contactPoints: [],
    });
    expect(descendants).toMatchObject([{ reshId: 112 }, { reshId: 113 }]);
  });
});

describe('units.fhir.ndjson', () => {
  it('has an Organization of the Norwegian base profile for each unit, with inherited facts', async () => {
    const trust = mutationsAs(database, subjects.operator);
    await trust.updateUnit({
      reshId: units.siblingTrust,
      shortName: 'sibling',
      contactPoints: [{ type: 'TELEPHONE', value: '+47 70 10 50 00' }],
      addresses: [{ type: 'VISITING', lines: ['Gata 1'], postalCode: '6003', city: 'Ålesund', country: 'NO' }],
      effectiveOn: worldStart,
    });
    await trust.closeUnit({ reshId: units.siblingClinic, effectiveOn: '2030-01-01' });
    const resources = await fetchLines('units.fhir.ndjson?within=120');

    const telecom = [{ system: 'phone', value: '+47 70 10 50 00' }];
    const address = [{ type: 'physical', line: ['Gata 1'], city: 'Ålesund', postalCode: '6003', country: 'NO' }];
    const createPartOf = (reshId: number, display: string) => ({
      reference: `Organization/${reshId}`,
      type: 'Organization',
      identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.102', value: String(reshId) },
      display,
    });
    const profile = ['http://hl7.no/fhir/StructureDefinition/no-basis-Organization'];
    const url = 'http://hl7.org/fhir/StructureDefinition/organization-period';

    expect(resources).toEqual([
      {
        resourceType: 'Organization',
        id: '120',
        meta: { profile },
        extension: [{ url, valuePeriod: { start: '2010-01-01' } }],
        identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.102', value: '120' }],
        active: true,
        name: 'siblingTrust',
        alias: ['sibling'],
        telecom,
        address,
        partOf: createPartOf(100, 'north'),
      },
      {
        resourceType: 'Organization',
        id: '121',
        meta: { profile },
        extension: [{ url, valuePeriod: { start: '2010-01-01', end: '2029-12-31' } }],
        identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.102', value: '121' }],
        active: true,
        type: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.8624', code: '05', display: 'Avdeling' }] }],
        name: 'siblingClinic',
        telecom,
        address,
        partOf: createPartOf(120, 'siblingTrust'),
      },
    ]);

    const [trustOfNorth] = await fetchLines('units.fhir.ndjson?within=110');
    expect(trustOfNorth).toMatchObject({
      identifier: [
        { system: 'urn:oid:2.16.578.1.12.4.1.4.102', value: '110' },
        { system: 'urn:oid:2.16.578.1.12.4.1.4.101', value: '983974880' },
      ],
    });
  });
});

describe('unit-history.csv', () => {
  it('has every version with valid time and system time, as known at the revision', async () => {
    const before = await (await fetchExtract('unit-history.csv?revision=1')).text();
    const changed = await mutationsAs(database, subjects.operator).updateUnit({
      reshId: units.privateClinic,
      name: 'renamed',
      effectiveOn: '2020-01-01',
    });
    const revision = String(changed.payload?.change?.revision);
    const columns = 'resh_id,name,path,valid_from,valid_to,recorded_revision,superseded_revision';
    const rows = await fetchRows(`unit-history.csv?columns=${columns}`);

    const clinic = { resh_id: '221', name: 'privateClinic', path: '200/220/221', valid_from: '2010-01-01' };
    expect(rows.filter((row) => row['resh_id'] === '221')).toEqual([
      { ...clinic, valid_to: '', recorded_revision: '1', superseded_revision: revision },
      { ...clinic, valid_to: '2020-01-01', recorded_revision: revision, superseded_revision: '' },
      {
        ...clinic,
        name: 'renamed',
        valid_from: '2020-01-01',
        valid_to: '',
        recorded_revision: revision,
        superseded_revision: '',
      },
    ]);

    const again = await fetchExtract('unit-history.csv?revision=1');
    expect(await again.text()).toBe(before);
    expect(again.headers.get('content-disposition')).toBe('attachment; filename="resh-unit-history-revision-1.csv"');
    expect(again.headers.get('resh-valid-at')).toBeNull();
    expect(again.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });
});

describe('extract parameters', () => {
  it('select a day, a revision, a subtree and the columns of a CSV file in order', async () => {
    const answer = await fetchExtract(
      `units.csv?validAt=2015-05-05&revision=1&within=110&columns=name,resh_id,path&delimiter=%3B&bom=true`,
    );
    expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe(
      '\uFEFFname;resh_id;path\r\nnorthTrust;110;100/110\r\nclinic;111;100/110/111\r\nward;112;100/110/111/112\r\n' +
        'secondWard;113;100/110/111/113\r\nsecondClinic;114;100/110/114\r\n',
    );
    expect(await fetchRows('units.csv?validAt=2009-12-31')).toEqual([]);
    expect(await fetchRows('units.csv?knownAt=2001-01-01T00:00:00Z')).toEqual([]);
  });

  it.each([
    [
      'valid_at=2020-01-01',
      '"valid_at" is not a parameter of units.csv. ' +
        'Its parameters are "validAt", "knownAt", "revision", "within", "columns", "delimiter", "bom".',
    ],
    ['validAt=2023-02-29', '`validAt` is "2023-02-29": give a day that exists as YYYY-MM-DD, such as 2026-11-23.'],
    ['validAt=', '`validAt` is "": give a day that exists as YYYY-MM-DD, such as 2026-11-23.'],
    ['validAt=2020-01-01&validAt=2021-01-01', '`validAt` is given twice, also as "2021-01-01"; give it once.'],
    [
      'knownAt=2020-01-01T00:00:00+01:00',
      '`knownAt` is "2020-01-01T00:00:00 01:00": ' +
        'give an instant with its offset, such as 2026-11-23T12:00:00Z (write + as %2B in a URL).',
    ],
    [
      'knownAt=2999-01-01T00:00:00Z',
      '`knownAt` is 2999-01-01T00:00:00.000Z, which is in the future: give an instant in the past, or omit it.',
    ],
    ['revision=1&knownAt=2020-01-01T00:00:00Z', '`knownAt` and `revision` exclude each other: give one of them.'],
    ['revision=-1', '`revision` is "-1": give a whole number from 0 to 2147483647, digits only.'],
    ['within=0', '`within` is "0": give a whole number from 1 to 2147483647, digits only.'],
    ['columns=name,nmae', /^`columns` is "name,nmae": "nmae" is not a column; choose from resh_id, type, /],
    ['columns=name,name', '`columns` is "name,name": "name" is given twice; give a column once.'],
    ['delimiter=x', '`delimiter` is "x": give a comma or a semicolon (%3B in a URL).'],
    ['bom=1', '`bom` is "1": give true or false.'],
  ])('are refused with value, place and remedy: %s', async (query, message) => {
    const answer = await fetchExtract(`units.csv?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      errors: [
        {
          message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
          extensions: { code: 'BAD_INPUT', parameter: /^\/?\^?["`](\w+)["`]/.exec(String(message))?.[1] ?? 'columns' },
        },
      ],
    });
  });

  it('are all validated at once, with parameters of other extracts as unknown', async () => {
    const answer = await fetchExtract('units.ndjson?columns=name&revision=x');
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { parameter: 'columns' } }, { extensions: { parameter: 'revision' } }],
    });
  });

  it('accept only an existing unit', async () => {
    const readHistory = async (query: string): Promise<unknown[]> => {
      const answer = await fetchExtract(`units.csv?${query}`);
      return [answer.status, (await answer.json()) as unknown];
    };
    const notFoundResponse = (message: string) => [
      404,
      { errors: [{ message, extensions: { code: 'NOT_FOUND', parameter: 'within' } }] },
    ];

    expect(await readHistory('within=999&revision=1')).toEqual(
      notFoundResponse('`within` is 999: no unit has that RESH-id at revision 1; correct it.'),
    );
    expect(await readHistory('within=110&validAt=2009-12-31')).toEqual(
      notFoundResponse('`within` is 110: the unit is not valid on 2009-12-31; give a `validAt` on which it is valid.'),
    );
  });
});

describe('extract response', () => {
  it('is 304 for a matching ETag', async () => {
    const { headers } = await fetchExtract('units.csv?revision=1');
    const etag = headers.get('etag') ?? '';
    for (const condition of [etag, `"other", W/${etag}`, '*']) {
      const again = await fetchExtract('units.csv?revision=1', { headers: { 'if-none-match': condition } });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
      expect(again.headers.get('resh-revision')).toBe('1');
    }
    for (const query of [
      'revision=1&validAt=2020-01-01',
      'revision=1&bom=true',
      'revision=1&within=100',
      'revision=0',
    ]) {
      const other = await fetchExtract(`units.csv?${query}`, { headers: { 'if-none-match': etag } });
      expect([other.status, other.headers.get('etag')]).not.toEqual([304, etag]);
      expect(other.status).toBe(200);
      await other.text();
    }
  });

  it('has another ETag in another register', async () => {
    const other = await openTestDatabase();
    await buildWorld(other);
    const server = createServer({ database: other, log: pino({ level: 'silent' }) });
    const headers = { 'if-none-match': (await fetchExtract('units.csv?revision=1')).headers.get('etag') ?? '' };
    const query = `units.csv?revision=1&validAt=${worldDay}`;

    expect((await fetchExtract(query, { headers })).status).toBe(304);
    expect((await server.fetch(`http://127.0.0.1/extracts/${query}`, { headers })).status).toBe(200);

    await other.close();
  });

  it('has the same headers for HEAD, which reads no units', async () => {
    const headers = { 'x-request-id': 'same' };
    const getResponse = await fetchExtract('units.csv?revision=1', { headers });
    const headResponse = await fetchExtract('units.csv?revision=1', { method: 'HEAD', headers });

    expect([headResponse.status, await headResponse.text()]).toEqual([200, '']);
    expect(Object.fromEntries(headResponse.headers)).toEqual(Object.fromEntries(getResponse.headers));

    await getResponse.text();
    expect((await fetchExtract('units.csv?revision=x', { method: 'HEAD' })).status).toBe(400);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('is 405 for %s', async (method) => {
    const answer = await fetchExtract('units.csv', { method, ...(method !== 'DELETE' && { body: '{}' }) });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] });
  });

  it('allows requests from pages of other origins', async () => {
    const answer = await fetchExtract('units.csv', { method: 'OPTIONS', headers: { origin: 'https://example.org' } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  });

  it('keeps the same bytes for a revision and day after later changes', async () => {
    const hashAllExtracts = async (suffix: string) => {
      const hashes: Record<string, unknown> = {};
      for (const name of extractNames) {
        const answer = await fetchExtract(`${name}?revision=1${name.startsWith('units') ? suffix : ''}`);
        expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        const hash = createHash('sha256').update(await answer.text());
        hashes[name] = [answer.headers.get('etag'), hash.digest('hex')];
      }
      return hashes;
    };
    const pastHashes = await hashAllExtracts('&validAt=2015-01-01');
    const presentHashes = await hashAllExtracts('&validAt=2026-11-23');
    const operator = mutationsAs(database, subjects.operator);
    const changes = [
      await operator.updateUnit({ reshId: units.clinic, name: 'Renamed', effectiveOn: '2012-01-01' }),
      await operator.moveUnit({
        reshId: units.secondClinic,
        newParentReshId: units.southTrust,
        effectiveOn: '2014-01-01',
      }),
      await operator.updateUnitCodes({
        reshId: units.ward,
        add: [specialty('020')],
        effectiveOn: '2013-01-01',
      }),
      await operator.setIdentifier({
        reshId: units.ward,
        system: 'urn:oid:2.16.578.1.12.4.1.2',
        value: '1',
        effectiveOn: '2013-01-01',
      }),
      await operator.closeUnit({ reshId: units.secondWard, effectiveOn: '2014-06-01' }),
    ];

    expect(changes.map(({ payload }) => payload?.userErrors)).toEqual([[], [], [], [], []]);

    expect(await hashAllExtracts('&validAt=2015-01-01')).toEqual(pastHashes);
    expect(await hashAllExtracts('&validAt=2026-11-23')).toEqual(presentHashes);
    expect(await (await fetchExtract('units.ndjson')).text()).toContain('Renamed');
  });

  it.each(['units.xml', '', 'units.csv/'])('lists the extracts at an unknown path: /extracts/%s', async (path) => {
    const answer = await fetchExtract(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      errors: [
        {
          message:
            `There is no extract at /extracts/${path}; ` +
            'ask for /extracts/units.csv, /extracts/units.ndjson, /extracts/units.fhir.ndjson, ' +
            '/extracts/unit-history.csv, /extracts/successions.csv.',
          extensions: { code: 'NOT_FOUND' },
        },
      ],
    });
  });
});

describe('read access to extracts', () => {
  const fetchAs = async (readAccess: 'public' | 'token', headers: Record<string, string>, method = 'GET') => {
    const options = { database, log: pino({ level: 'silent' }), today: () => worldDay, tokenVerifier: testVerifier };
    const server = createServer({ ...options, readAccess });
    const answer = await server.fetch('http://127.0.0.1/extracts/units.csv?revision=1&validAt=2026-01-01', {
      method,
      headers,
    });
    return {
      status: answer.status,
      code: /"code":"(\w+)"/.exec(await answer.text())?.[1],
      challenge: answer.headers.get('www-authenticate'),
      caching: answer.headers.get('cache-control'),
      vary: answer.headers.get('vary'),
    };
  };
  const unauthorizedResponse = { status: 401, caching: 'no-store', vary: 'Accept-Language' };

  it.each(['GET', 'HEAD'])('requires a token when READ_ACCESS does: %s', async (method) => {
    const code = method === 'GET' ? 'UNAUTHENTICATED' : undefined;
    expect(await fetchAs('token', {}, method)).toEqual({
      ...unauthorizedResponse,
      code,
      challenge: 'Bearer realm="resh-graph"',
    });
    expect(await fetchAs('token', { authorization: `Bearer ${await signToken('kari')}` }, method)).toEqual({
      status: 200,
      code: undefined,
      challenge: null,
      caching: 'private, max-age=31536000, immutable',
      vary: 'Accept-Encoding, Authorization',
    });
  });

  it.each(['public', 'token'] as const)('refuses an invalid token when READ_ACCESS is %s', async (readAccess) => {
    const code = 'UNAUTHENTICATED';
    expect(await fetchAs(readAccess, { authorization: 'Bearer abc' })).toEqual({
      ...unauthorizedResponse,
      code,
      challenge: 'Bearer realm="resh-graph", error="invalid_token"',
    });
    expect(await fetchAs(readAccess, { authorization: 'Basic abc' })).toEqual({
      ...unauthorizedResponse,
      code,
      challenge: 'Bearer realm="resh-graph", error="invalid_request"',
    });
  });
});
