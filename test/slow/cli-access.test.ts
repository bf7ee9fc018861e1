import { randomBytes } from 'node:crypto';
import { readdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createTokenVerifier } from '../../src/auth/tokens/token-verifier.ts';
import { addDays, toOsloDay } from '../../src/domain/time/day.ts';
import { recordChange } from '../../src/store/change/ledger.ts';
import { AlreadyOperatorError, registerOperator, type NewOperator } from '../../src/store/change/register-operator.ts';
import { openDatabase } from '../../src/store/database/database.ts';
import type { DatabaseLocation } from '../../src/store/database/connection.ts';
import { changeEntry } from '../support/builders/change-entry.ts';
import { spawnResh, waitForExit } from '../support/processes/resh-process.ts';
import { runReshInProcess } from '../support/processes/run-resh.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../support/database/server-database.ts';
import { useRegister } from '../support/registers/use-register.ts';

const source = inject('testDatabaseSource');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function runReshProcess(env: Record<string, string>, ...arguments_: string[]) {
  return waitForExit(spawnResh(arguments_, { USER: 'tester', DATA_DIR: folder, ...env }));
}

function runResh(...arguments_: string[]) {
  return runReshInProcess({}, ...arguments_);
}

describe('resh token', () => {
  it('prints only a token that a running server on the same register accepts', async () => {
    const openedDatabase = await openDatabase({ kind: 'embedded', folder });
    const verifier = await createTokenVerifier({ kind: 'local', dataDir: folder });

    const { code, stdout, stderr } = await runReshProcess(
      {},
      'token',
      '--as',
      'Åse, o’Hara',
      '--name',
      ' Åse O. ',
      '--for',
      '30m',
    );
    await openedDatabase.close();

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(await verifier.verify(stdout.trim())).toMatchObject({ subject: 'Åse, o’Hara', name: 'Åse O.' });

    const { iat = 0, exp = 0 } = decodeJwt(stdout.trim());
    expect(exp - iat).toBe(1_800);
  });

  it('creates the key that the server uses later, without a reachable database', async () => {
    const { stdout } = await runReshProcess(
      { DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere' },
      'token',
      '--as',
      'kari',
    );
    const verifier = await createTokenVerifier({ kind: 'local', dataDir: folder });

    expect(await verifier.verify(stdout.trim())).toMatchObject({ subject: 'kari', name: null });
    expect(await readdir(folder)).toEqual(['local-issuer.json']);

    const { iat = 0, exp = 0 } = decodeJwt(stdout.trim());
    expect(exp - iat).toBe(8 * 3_600);
  });

  it.each<[string, Record<string, string>, string]>([
    ['in production', { NODE_ENV: 'production' }, 'NODE_ENV is production'],
    [
      'with another issuer',
      { OIDC_ISSUER: 'https://issuer.example', OIDC_AUDIENCE: 'resh' },
      'OIDC_ISSUER is https://issuer.example',
    ],
  ])('is refused %s', async (_where, env, message) => {
    const { code, stdout, stderr } = await runReshInProcess({ DATA_DIR: folder, ...env }, 'token', '--as', 'kari');

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    [[], /required option '--as/],
    [['--as', ''], /It is empty/],
    [['--as', '  '], /It is empty/],
    [['--as', 'ka\0ri'], /It has a NUL character/],
    [['--as', 'k\ufffdri'], /the argument "k\ufffdri" is not UTF-8 text/],
    [['--as', 'kari', '--name', ''], /It is empty/],
    ...['0s', '8', 'h', '1.5h', '-1h', '400d', '1y'].map((length): [string[], RegExp] => [
      ['--as', 'kari', '--for', length],
      /Give a number with s, m, h or d|argument missing/,
    ]),
  ])('reports invalid usage: %j', async (arguments_, message) => {
    const { code, stdout, stderr } = await runResh('token', ...arguments_);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('names the missing setting', async () => {
    const { code, stderr } = await runReshInProcess({ OIDC_ISSUER: 'https://issuer.example' }, 'token', '--as', 'kari');
    expect(code).toBe(2);
    expect(stderr).toContain('OIDC_AUDIENCE is not set');
  });
});

describe('resh operator', () => {
  let location: DatabaseLocation;
  let env: Record<string, string>;
  let removeDatabase = async () => {};
  beforeEach(async () => {
    if (source.kind === 'server') {
      const name = `${source.runName}_${randomBytes(6).toString('hex')}`;
      await createServerDatabase(source.url, name, source.template);
      removeDatabase = () => dropServerDatabase(source.url, name);
      location = { kind: 'server', url: databaseUrl(source.url, name) };
      env = { DATABASE_URL: location.url, USER: 'tester' };
    } else {
      location = { kind: 'embedded', folder };
      env = { DATABASE_URL: '', DATA_DIR: folder, USER: 'tester' };
    }
  });
  afterEach(() => removeDatabase());

  it('creates the first operator of an empty register once', async () => {
    const first = await runReshInProcess(
      env,
      'operator',
      'kari',
      '--name',
      'Kari Nordmann',
      '--email',
      'kari@example.org',
    );
    const second = await runReshInProcess(env, 'operator', 'kari', '--name', 'Other');

    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^kari is an operator from .* \(revision 1\)\n$/) as string,
    });
    expect(second).toEqual({ code: 0, stdout: 'kari is already an operator; nothing changed\n', stderr: '' });

    const database = await openDatabase(location);
    const changes = await database.prisma.change.findMany();
    const grants = await database.prisma.accessGrant.findMany();
    const administrators = await database.prisma.administrator.findMany();
    await database.close();

    expect(changes).toMatchObject([
      {
        revision: 1,
        operation: 'REGISTER_OPERATOR',
        actorSubject: 'command-line:tester',
        actorRole: null,
        input: { subject: 'kari', name: 'Kari Nordmann', email: 'kari@example.org' },
      },
    ]);
    expect(grants).toMatchObject([{ subject: 'kari', role: 'OPERATOR', reshId: null, validTo: null, recordedRev: 1 }]);
    expect(administrators).toMatchObject([
      { subject: 'kari', name: 'Kari Nordmann', email: 'kari@example.org', validTo: null, recordedRev: 1 },
    ]);
  });

  it.each([
    [['--name', 'Kari'], /missing required argument/],
    [['kari'], /required option '--name/],
    [['', '--name', 'Kari'], /It is empty/],
    [['kari', '--name', ' '], /It is empty/],
    [['ka\0ri', '--name', 'Kari'], /It has a NUL character/],
    [['kari', '--name', 'Ka\0ri'], /It has a NUL character/],
    [['k'.repeat(256), '--name', 'Kari'], /longer than 255/],
    [['kari', '--name', 'Kari', '--email', 'kari'], /not an e-mail address/],
  ])('reports invalid usage: %j', async (arguments_, message) => {
    const { code, stderr } = await runResh('operator', ...arguments_);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

it('shows help with examples for both commands', async () => {
  for (const command of ['token', 'operator'])
    expect(await runResh(command, '--help')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`Examples:\\n[^]*npm run resh -- ${command}`)) as string,
    });
});

describe('operator grant', () => {
  const today = toOsloDay(new Date('2026-11-23T12:00:00Z'));
  const actor = { subject: 'test', name: 'Test' };
  const testRegister = useRegister();

  const register = (operator: NewOperator) =>
    testRegister.database.bulk((session) => registerOperator(session, actor, operator, today));
  const recordRows = (sql: (revision: number) => string) =>
    testRegister.database.bulk((session) =>
      recordChange(session, changeEntry({ operation: 'IMPORT', actor }), (revision) => session.execute(sql(revision))),
    );
  const findNames = (subject: string) =>
    testRegister.database.bulk((session) =>
      session.query(
        `select name, email, valid_from::text as "from", valid_to::text as "to" from administrator
         where subject = $1 and superseded_rev is null order by valid_from`,
        [subject],
      ),
    );
  const findGrants = (subject: string) =>
    testRegister.database.bulk((session) =>
      session.query(
        `select valid_from::text as "from", valid_to::text as "to" from access_grant
         where subject = $1 and superseded_rev is null order by valid_from`,
        [subject],
      ),
    );

  it('sets the name until its next planned change, keeps the e-mail and ends at a planned grant', async () => {
    await recordRows(
      (revision) => `
        insert into administrator (subject, name, email, valid_from, valid_to, recorded_rev) values
          ('kari', 'Kari Old', 'kari@example.org', '2020-01-01', '2027-01-01', ${revision}),
          ('kari', 'Kari Planned', null, '2027-01-01', null, ${revision});
        insert into access_grant (subject, role, valid_from, valid_to, recorded_rev) values
          ('kari', 'OPERATOR', '2020-01-01', '${today}', ${revision}),
          ('kari', 'OPERATOR', '2028-01-01', null, ${revision});`,
    );

    await register({ subject: 'kari', name: 'Kari New', email: undefined });

    expect(await findNames('kari')).toEqual([
      { name: 'Kari Old', email: 'kari@example.org', from: '2020-01-01', to: today },
      { name: 'Kari New', email: 'kari@example.org', from: today, to: '2027-01-01' },
      { name: 'Kari Planned', email: null, from: '2027-01-01', to: null },
    ]);
    expect(await findGrants('kari')).toEqual([
      { from: '2020-01-01', to: today },
      { from: today, to: '2028-01-01' },
      { from: '2028-01-01', to: null },
    ]);
  });

  it('leaves an identical or planned name unchanged', async () => {
    await recordRows(
      (revision) => `
        insert into administrator (subject, name, valid_from, recorded_rev) values
          ('ola', 'Ola', '2020-01-01', ${revision}), ('per', 'Per', '${addDays(today, 1)}', ${revision});`,
    );

    await register({ subject: 'ola', name: 'Ola', email: undefined });
    await register({ subject: 'per', name: 'Per Today', email: 'per@example.org' });

    expect(await findNames('ola')).toEqual([{ name: 'Ola', email: null, from: '2020-01-01', to: null }]);
    expect(await findNames('per')).toEqual([
      { name: 'Per Today', email: 'per@example.org', from: today, to: addDays(today, 1) },
      { name: 'Per', email: null, from: addDays(today, 1), to: null },
    ]);
  });

  it('is created once by two concurrent calls and changes nothing for an operator', async () => {
    const attempts = await Promise.allSettled(
      [1, 2].map(() => register({ subject: 'twice', name: 'Twice', email: undefined })),
    );

    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);

    const before = await testRegister.database.prisma.change.count();
    await expect(register({ subject: 'twice', name: 'Other', email: undefined })).rejects.toThrow(AlreadyOperatorError);
    expect(await testRegister.database.prisma.change.count()).toBe(before);
    expect(await findNames('twice')).toMatchObject([{ name: 'Twice' }]);
  });
});
