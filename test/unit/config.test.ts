import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, findConfigWarnings, readAuthenticationConfig, readConfig } from '../../src/config.ts';

const oidc = { OIDC_ISSUER: 'https://issuer.example/', OIDC_AUDIENCE: 'resh' };

describe('token issuer setting', () => {
  it.each<[string, Record<string, string>, unknown]>([
    ['the local issuer', {}, { kind: 'local', dataDir: resolve('.data') }],
    ['the local issuer with a data folder', { DATA_DIR: '/x' }, { kind: 'local', dataDir: '/x' }],
    [
      'the local issuer with a database server',
      { DATA_DIR: '/x', DATABASE_URL: 'postgresql://h/d' },
      { kind: 'local', dataDir: '/x' },
    ],
    [
      'the local issuer with empty OIDC settings',
      { OIDC_ISSUER: '', OIDC_AUDIENCE: '', DATA_DIR: '/x' },
      { kind: 'local', dataDir: '/x' },
    ],
    ['nowhere in production', { NODE_ENV: 'production' }, { kind: 'none' }],
    [
      'an issuer, named as it stands in its tokens',
      oidc,
      { kind: 'oidc', issuer: 'https://issuer.example/', audience: 'resh' },
    ],
    [
      'an issuer in production',
      { ...oidc, NODE_ENV: 'production' },
      { kind: 'oidc', issuer: 'https://issuer.example/', audience: 'resh' },
    ],
    [
      'an issuer on this machine',
      { ...oidc, OIDC_ISSUER: 'http://127.0.0.1:8080/realm' },
      { kind: 'oidc', issuer: 'http://127.0.0.1:8080/realm', audience: 'resh' },
    ],
  ])('is %s', (_what, env, expected) => {
    expect(readAuthenticationConfig(env)).toEqual(expected);
    expect(readConfig(env).authentication).toEqual(expected);
  });

  it.each([
    [{ OIDC_ISSUER: 'https://issuer.example' }, 'OIDC_AUDIENCE is not set: it must be set if OIDC_ISSUER is.'],
    [{ OIDC_AUDIENCE: 'resh' }, 'OIDC_ISSUER is not set: it must be set if OIDC_AUDIENCE is.'],
    [{ ...oidc, OIDC_ISSUER: 'issuer' }, 'OIDC_ISSUER is "issuer": it must be an https URL'],
    [
      { ...oidc, OIDC_ISSUER: 'http://issuer.example' },
      'OIDC_ISSUER is "http://issuer.example": it must be an https URL',
    ],
    [
      { ...oidc, OIDC_ISSUER: 'https://issuer.example/?a=b' },
      'it must be an https URL (http on this machine only) without query',
    ],
  ])('cannot be %j', (env, message) => {
    expect(() => readAuthenticationConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(message);
  });

  it('ignores other settings', () => {
    expect(readAuthenticationConfig({ PORT: 'x', DATABASE_URL: 'mysql://h', DATA_DIR: '/x' })).toEqual({
      kind: 'local',
      dataDir: '/x',
    });
  });
});

describe('NODE_ENV', () => {
  it.each([undefined, '', 'development', 'test', 'production'])('can be %j without a warning', (value) => {
    expect(findConfigWarnings({ NODE_ENV: value })).toEqual([]);
  });

  it('gets a warning with the allowed values if it is anything else', () => {
    expect(findConfigWarnings({ NODE_ENV: 'Production' })).toEqual([
      'NODE_ENV is "Production", which is treated as development: only production turns the local issuer off. ' +
        'Set it to development, test or production, or leave it unset.',
    ]);
  });
});

describe('RESPONSE_CACHE_MB', () => {
  it('is a number of megabytes, 0 by default', () => {
    expect(readConfig({}).responseCacheBytes).toBe(0);
    expect(readConfig({ RESPONSE_CACHE_MB: '64' }).responseCacheBytes).toBe(64_000_000);
    expect(() => readConfig({ RESPONSE_CACHE_MB: '64 MB' })).toThrow(
      'RESPONSE_CACHE_MB is "64 MB": it must be a number of megabytes, 0 to 999999.',
    );
  });
});

describe('READ_ACCESS', () => {
  it('defaults to public', () => {
    expect(readConfig({}).readAccess).toBe('public');
    expect(readConfig({ READ_ACCESS: 'token' }).readAccess).toBe('token');
    expect(() => readConfig({ READ_ACCESS: 'all' })).toThrow('READ_ACCESS is "all": it must be public or token.');
  });
});

describe('DATABASE_REPLICA_URLS', () => {
  const primary = { DATABASE_URL: 'postgresql://primary/resh' };

  it('is a list of URLs, separated by commas, and empty by default', () => {
    expect(readConfig(primary).replicaUrls).toEqual([]);
    expect(
      readConfig({ ...primary, DATABASE_REPLICA_URLS: 'postgresql://one/resh, postgres://two:5433/resh' }).replicaUrls,
    ).toEqual(['postgresql://one/resh', 'postgres://two:5433/resh']);
  });

  it.each([
    ['mysql://one/resh', 'it must be URLs that begin with postgresql://, separated by commas.'],
    ['postgresql://one/resh,', 'it must be URLs that begin with postgresql://, separated by commas.'],
    ['postgresql://one/resh,postgresql://one/resh', 'it must name each server once.'],
  ])('cannot be %s, and the message does not show it', (urls, message) => {
    expect(() => readConfig({ ...primary, DATABASE_REPLICA_URLS: urls })).toThrow(
      new ConfigError(`DATABASE_REPLICA_URLS is (hidden): ${message}`),
    );
  });

  it('cannot be set for the embedded database', () => {
    expect(() => readConfig({ DATABASE_REPLICA_URLS: 'postgresql://one/resh' })).toThrow(
      'it must not be set without DATABASE_URL, because the embedded database has no replicas.',
    );
  });
});
