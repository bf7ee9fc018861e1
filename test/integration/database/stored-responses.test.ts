import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { openDumpedDatabase } from '../../support/database/database.ts';

const dump = new URL('../../fixtures/register-2026-11/register.sql.gz', import.meta.url);
const text = 'The text "code": "NOTHING_CHANGES" stays.';
const storedResponse = {
  warnings: [
    { code: 'NOTHING_CHANGES', field: [], message: text },
    { code: 'IDENTIFIER_STANDS_TWICE', field: ['value'], message: 'Twice' },
    { code: 'NO_TREATMENT_SITE', field: ['codes'], message: 'No site' },
  ],
};

let database: Database;
beforeAll(async () => {
  const script = gunzipSync(readFileSync(dump)).toString('utf8');
  database = await openDumpedDatabase(`${script}
    insert into public.idempotency_key (subject, operation, key, request_hash, revision, response, expires_at)
    values ('someone', 'SET_IDENTIFIER', 'old', 'hash', 57, '${JSON.stringify(storedResponse)}', now());`);
});
afterAll(() => database.close());

it('migrations give the warnings of stored responses the present names of their codes', async () => {
  const [row] = await database.client.query<{ response: typeof storedResponse }>(
    `select response from idempotency_key where key = 'old'`,
  );

  expect(row?.response.warnings).toEqual([
    { code: 'NO_CHANGES', field: [], message: text },
    { code: 'DUPLICATE_IDENTIFIER', field: ['value'], message: 'Twice' },
    { code: 'NO_TREATMENT_SITE', field: ['codes'], message: 'No site' },
  ]);
});
