import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { formatDemoUsers, findAvailableDemoUsers } from '../../../src/demo/available-users.ts';
import { nationalCodeSets } from '../../../src/domain/unit/national-code-sets.ts';
import { loadDemo } from '../../../src/demo/load-demo.ts';
import { demoUsers } from '../../../src/demo/users.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { graphql } from '../../support/generated/gql.ts';

const today = '2026-11-23';
const local = readConfig({});

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await loadDemo(database, { units: 1_000, today });
});
afterAll(() => database.close());

const viewerGrantsQuery = graphql(`
  query WhoMayWhat {
    viewer {
      name
      grants {
        role
        unit {
          reshId
          type
          depth
          enterprise {
            reshId
          }
        }
        administrator {
          email
        }
      }
    }
  }
`);

describe('demo users', () => {
  it.each([
    ['operator', 'OPERATOR', null],
    ['registrar', 'SPECIALIST_REGISTRAR', null],
    [
      'region-admin',
      'ADMINISTRATOR',
      { reshId: 111919, type: 'ORGANIZATION', depth: 0, enterprise: { reshId: 111919 } },
    ],
    [
      'trust-admin',
      'ADMINISTRATOR',
      { reshId: 100089, type: 'ORGANIZATION', depth: 1, enterprise: { reshId: 100089 } },
    ],
    [
      'private-admin',
      'ADMINISTRATOR',
      { reshId: 107505, type: 'ORGANIZATION', depth: 1, enterprise: { reshId: 107505 } },
    ],
    ['clinic-admin', 'ADMINISTRATOR', { reshId: 108597, type: 'DEPARTMENT', depth: 2, enterprise: { reshId: 100089 } }],
  ])('include %s as %s of %j', async (subject, role, unit) => {
    const { viewer } = await createClient(database, { today, as: subject }).query(viewerGrantsQuery);

    expect(viewer?.name).toMatch(/ Eksempel$/);
    expect(viewer?.grants).toEqual([{ role, unit, administrator: { email: `${subject}@example.org` } }]);
  });

  it('exist from the first change on and keep their grants in the second', async () => {
    const grants = await database.prisma.accessGrant.findMany();

    expect(grants.map(({ subject }) => subject).sort()).toEqual(demoUsers.map(({ subject }) => subject).sort());
    expect(grants.every(({ recordedRev, supersededRev }) => recordedRev === 1 && supersededRev === null)).toBe(true);
  });

  it('are listed with a command each when the local issuer is on', async () => {
    const availableUsers = await findAvailableDemoUsers(database, local);

    expect(availableUsers).toEqual(demoUsers);
    expect(formatDemoUsers(availableUsers).split('\n').slice(3)).toEqual([
      '  npm run resh -- token --as operator       may change everything',
      '  npm run resh -- token --as registrar      may change contract specialists and their sites',
      '  npm run resh -- token --as region-admin   may change Helse Sør-Øst RHF and all units under it',
      '  npm run resh -- token --as trust-admin    may change Akershus universitetssykehus HF and all units under it',
      '  npm run resh -- token --as private-admin  may change Diakonhjemmet Sykehus AS and all units under it',
      '  npm run resh -- token --as clinic-admin   may change Kongsvinger and all units under it',
    ]);
  });

  it('are not listed with another issuer or when the register lacks them', async () => {
    const production = readConfig({ NODE_ENV: 'production' });
    const emptyDatabase = await openTestDatabase();
    try {
      expect(await findAvailableDemoUsers(database, production)).toEqual([]);
      expect(await findAvailableDemoUsers(emptyDatabase, local)).toEqual([]);
      expect(formatDemoUsers([])).toBe('');
    } finally {
      await emptyDatabase.close();
    }
  });

  it('are fewer in a register without a clinic', async () => {
    const smallRegister = await openTestDatabase();
    try {
      await loadDemo(smallRegister, { units: 1, today });
      const demoUsers = await findAvailableDemoUsers(smallRegister, local);
      expect(demoUsers.map(({ subject }) => subject)).toEqual([
        'operator',
        'registrar',
        'region-admin',
        'trust-admin',
        'private-admin',
      ]);
    } finally {
      await smallRegister.close();
    }
  });

  it('include one who may assign the designation of a contract specialist', () => {
    expect(nationalCodeSets.find(({ number }) => number === 8624)?.codes).toContainEqual({
      code: '61',
      name: 'Privat avtalespesialist',
    });
  });
});
