import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { explainDemoPeople, findDemoPeople } from '../../src/demo/demo-users.ts';
import { codeSets } from '../../src/demo/code-register.ts';
import { loadDemo } from '../../src/demo/load-demo.ts';
import { demoPeople } from '../../src/demo/people.ts';
import type { Database } from '../../src/store/database/database.ts';
import { createClient } from '../support/client.ts';
import { openTestDatabase } from '../support/database.ts';
import { graphql } from '../support/generated/gql.ts';

const today = '2026-11-23';
const local = readConfig({});

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await loadDemo(database, { units: 1_000, today });
});
afterAll(() => database.close());

const whoMayWhat = graphql(`
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

describe('the people of the demo register', () => {
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
  ])('%s is %s of %j', async (subject, role, unit) => {
    const { viewer } = await createClient(database, { today, as: subject }).ask(whoMayWhat);

    expect(viewer?.name).toMatch(/ Eksempel$/);
    expect(viewer?.grants).toEqual([{ role, unit, administrator: { email: `${subject}@example.org` } }]);
  });

  it('are there from the first change on, which the second leaves alone', async () => {
    const grants = await database.prisma.accessGrant.findMany();

    expect(grants.map(({ subject }) => subject).sort()).toEqual(demoPeople.map(({ subject }) => subject).sort());
    expect(grants.every(({ recordedRev, supersededRev }) => recordedRev === 1 && supersededRev === null)).toBe(true);
  });

  it('are told of, each with a command, where the local issuer is on', async () => {
    const people = await findDemoPeople(database, local);

    expect(people).toEqual(demoPeople);
    expect(explainDemoPeople(people).split('\n').slice(3)).toEqual([
      '  npm run resh -- token --as operator       may change everything',
      '  npm run resh -- token --as registrar      may change contract specialists and their sites',
      '  npm run resh -- token --as region-admin   may change Helse Sør-Øst RHF and beneath',
      '  npm run resh -- token --as trust-admin    may change Akershus universitetssykehus HF and beneath',
      '  npm run resh -- token --as private-admin  may change Diakonhjemmet Sykehus AS and beneath',
      '  npm run resh -- token --as clinic-admin   may change Kongsvinger and beneath',
    ]);
  });

  it('are not told of where tokens come from elsewhere, nor where the register has none of them', async () => {
    const production = readConfig({ NODE_ENV: 'production' });
    const empty = await openTestDatabase();
    try {
      expect(await findDemoPeople(database, production)).toEqual([]);
      expect(await findDemoPeople(empty, local)).toEqual([]);
      expect(explainDemoPeople([])).toBe('');
    } finally {
      await empty.close();
    }
  });

  it('are fewer in a register too small to have a clinic', async () => {
    const small = await openTestDatabase();
    try {
      await loadDemo(small, { units: 1, today });
      const people = await findDemoPeople(small, local);
      expect(people.map(({ subject }) => subject)).toEqual([
        ...['operator', 'registrar', 'region-admin', 'trust-admin', 'private-admin'],
      ]);
    } finally {
      await small.close();
    }
  });

  it('can give a contract specialist the designation', () => {
    expect(codeSets.find(({ number }) => number === 8624)?.codes).toContainEqual({
      code: '61',
      name: 'Privat avtalespesialist',
    });
  });
});
