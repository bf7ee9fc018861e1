import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { sendAttempts, type Attempt } from '../../support/mutations/attempts.ts';
import { createClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { buildWorld, subjects, units, worldDay } from '../../support/world/world.ts';

let database: Database;
let lines: Record<string, unknown>[] = [];
const log = pino(
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  }),
);
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
});
afterAll(() => database.close());
beforeEach(() => {
  lines = [];
});

function renameAttempt(reshId: number, shortName: string | null = 'Secret'): Attempt {
  return {
    mutation: 'updateUnit',
    input: { reshId, shortName, dryRun: true },
  };
}

function sendWithRequestId(attempts: readonly Attempt[], as?: string) {
  const headers = { 'x-request-id': 'request-1' };
  return sendAttempts(
    createClient(database, { today: worldDay, log, headers, ...(as !== undefined && { as }) }),
    attempts,
  );
}

function listDenials() {
  return lines.filter(({ msg }) => msg === 'refused');
}

it('logs a denied change with its request, user and path, but not an allowed one', async () => {
  await sendWithRequestId(
    [renameAttempt(units.ward), renameAttempt(units.siblingClinic), renameAttempt(units.southClinic)],
    subjects.clinic,
  );

  const expectedEntry = { level: 40, requestId: 'request-1', subject: subjects.clinic, code: 'FORBIDDEN' };
  expect(listDenials()).toMatchObject([
    { ...expectedEntry, path: ['change1'] },
    { ...expectedEntry, path: ['change2'] },
  ]);
  expect(listDenials().map(({ message }) => message)).toEqual([
    'You may not change these facts of the unit: you need access to unit 121 "siblingClinic" or a unit above it. ' +
      'Ask Name of north-region (north-region@example.org).',
    'You may not change these facts of the unit: you need access to unit 211 "southClinic" or a unit above it. ' +
      'Ask Name of south-region (south-region@example.org).',
  ]);
  expect(lines.filter(({ msg }) => msg === 'request')).toEqual([
    expect.objectContaining({ requestId: 'request-1', operation: 'Try', errors: 2 }),
  ]);
});

it('logs a denial without a token without a subject', async () => {
  await sendWithRequestId([renameAttempt(units.ward)]);

  expect(listDenials()).toEqual([
    expect.objectContaining({ requestId: 'request-1', subject: null, path: ['change0'], code: 'UNAUTHENTICATED' }),
  ]);
});

it('leaves the input out, since it may contain names of people', async () => {
  await sendWithRequestId([renameAttempt(units.siblingClinic)], subjects.clinic);

  expect(JSON.stringify(lines)).not.toContain('Secret');
});

it('does not log user errors', async () => {
  await sendWithRequestId([renameAttempt(999), renameAttempt(units.ward, 'x'.repeat(301))], subjects.clinic);

  expect(listDenials()).toEqual([]);
});
