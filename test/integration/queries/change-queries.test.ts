import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordChange, type ChangeEntry } from '../../../src/store/change/ledger.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { countUnitChanges, readUnitChanges } from '../../support/database/unit-changes.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { withFieldTexts } from '../../support/http/field-texts.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { generateRegister } from '../../support/registers/generated-register.ts';
import { graphql } from '../../support/generated/gql.ts';
import { recordTimelineChanges } from '../../support/model/timeline-changes.ts';
import { createStatementCounter } from '../../support/database/statement-counter.ts';

const today = '2026-11-23';
const [region, north, south, clinic, ward, mistake] = [1, 10, 20, 100, 1000, 600] as const;
const entry: ChangeEntry = {
  operation: 'SET_UNIT_CODES',
  actor: { subject: 'test', name: 'Test', role: 'OPERATOR' },
  effectiveOn: '2021-01-01',
  reason: null,
  input: {},
};

const counter = createStatementCounter();
let database: Database;
let client: TestClient;
beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  client = createClient(database, { today });
  await recordTimelineChanges(database, [
    {
      [region]: [{ from: '2002-01-01', under: null, type: 'ORGANIZATION', name: 'Region' }],
      [north]: [{ from: '2002-01-01', under: region, type: 'ORGANIZATION', name: 'North' }],
      [south]: [{ from: '2002-01-01', under: region, type: 'ORGANIZATION', name: 'South' }],
      [clinic]: [{ from: '2002-01-01', under: north, name: 'Clinic' }],
      [ward]: [{ from: '2005-01-01', under: clinic, name: 'Ward' }],
    },
    // 2: the clinic and its ward move south in 2015.
    {
      [clinic]: [
        { from: '2002-01-01', to: '2015-01-01', under: north, name: 'Clinic' },
        { from: '2015-01-01', under: south, name: 'Clinic' },
      ],
    },
    // 3 and 4: the ward closes, and reopens with a new name.
    { [ward]: [{ from: '2005-01-01', to: '2018-01-01', under: clinic, name: 'Ward' }] },
    {
      [ward]: [
        { from: '2005-01-01', to: '2018-01-01', under: clinic, name: 'Ward' },
        { from: '2020-01-01', under: clinic, name: 'New ward' },
      ],
    },
    // 5 and 6: a unit is registered in error.
    { [mistake]: [{ from: '2020-01-01', under: south, name: 'Mistake' }] },
    { [mistake]: [] },
  ]);
  await database.bulk((session) =>
    recordChange(session, entry, (revision) =>
      session.execute(`
        insert into code_set values (8451, 'x', 'Set', ${revision});
        insert into code values (8451, '010', ${revision}), (8451, '020', ${revision});
        insert into code_version (code_set, code, name, retired, recorded_rev)
        values (8451, '010', 'Surgery', false, ${revision}), (8451, '020', 'Pediatrics', false, ${revision});
        insert into unit_code (resh_id, code_set, code, valid_from, recorded_rev)
        values (${ward}, 8451, '010', '2021-01-01', ${revision}), (${ward}, 8451, '020', '2022-01-01', ${revision});
        insert into unit_contact_point (resh_id, type, value, valid_from, recorded_rev)
        values (${north}, 'TELEPHONE', '70 10 50 00', '2021-01-01', ${revision});
        insert into access_grant (subject, role, resh_id, valid_from, recorded_rev)
        values ('administrator', 'ADMINISTRATOR', ${south}, '2020-01-01', ${revision})`),
    ),
  );
});
afterAll(() => database.close());

const changeQuery = graphql(`
  query WhatChanged($revision: Revision!, $first: Int, $after: String) {
    change(revision: $revision) {
      revision
      operation
      units(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...ChangedUnit
          unit {
            name
            seenOn
            isActive
            parent {
              name
            }
          }
        }
      }
    }
  }
`);

async function readChangedUnits(revision: number) {
  return withFieldTexts((await client.query(changeQuery, { revision })).change?.units.nodes);
}

describe('unit changes of a change', () => {
  it('leave out units with only a new path', async () => {
    expect(await readChangedUnits(2)).toEqual([
      {
        reshId: clinic,
        kinds: ['MOVED'],
        effectiveOn: '2015-01-01',
        fields: [{ field: 'parent', old: String(north), new: String(south) }],
        unit: { name: 'Clinic', seenOn: '2015-01-01', isActive: true, parent: { name: 'South' } },
      },
    ]);
    expect(await database.bulk((session) => countUnitChanges(session, 2))).toBe(1);
  });

  it('show a closed unit on its last day and a reopened unit on its first', async () => {
    expect(await readChangedUnits(3)).toMatchObject([
      {
        kinds: ['CLOSED'],
        effectiveOn: '2018-01-01',
        fields: [
          { field: 'name', old: 'Ward', new: null },
          { field: 'parent', old: String(clinic), new: null },
          { field: 'type', old: 'DEPARTMENT', new: null },
        ],
        unit: { name: 'Ward', seenOn: '2017-12-31', isActive: false, parent: { name: 'Clinic' } },
      },
    ]);
    expect(await readChangedUnits(4)).toMatchObject([
      { kinds: ['REOPENED'], unit: { name: 'New ward', seenOn: '2020-01-01', isActive: true } },
    ]);
  });

  it('show a withdrawn unit in its last known state', async () => {
    expect(await readChangedUnits(6)).toMatchObject([
      { reshId: mistake, kinds: ['WITHDRAWN'], effectiveOn: '2020-01-01', unit: { name: 'Mistake', isActive: true } },
    ]);
  });

  it('include codes and contact points but no grants or reference data', async () => {
    expect(await readChangedUnits(7)).toMatchObject([
      {
        reshId: north,
        kinds: ['CHANGED'],
        fields: [{ field: 'contactPoints', old: null, new: 'TELEPHONE: 70 10 50 00' }],
      },
      {
        reshId: ward,
        kinds: ['RECODED'],
        effectiveOn: '2021-01-01',
        fields: [{ field: 'codes', old: null, new: '8451:010' }],
      },
    ]);
  });

  it('are paged by RESH-id', async () => {
    const first = await client.query(changeQuery, { revision: 1, first: 3 });
    const after = first.change?.units.pageInfo.endCursor ?? '';
    const second = await client.query(changeQuery, { revision: 1, first: 3, after });

    expect(first.change?.units).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
    expect(second.change?.units.pageInfo.hasNextPage).toBe(false);
    expect([first, second].map(({ change }) => change?.units.nodes.map(({ reshId }) => reshId))).toEqual([
      [region, north, south],
      [clinic, ward],
    ]);

    const { errors } = await client.execute(changeQuery, { revision: 2, after });
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['BAD_CURSOR']);
  });

  it('are limited to 100 a page and refuse an unknown revision', async () => {
    const { errors } = await client.execute(changeQuery, { revision: 1, first: 101 });
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['LIMIT_EXCEEDED']);
    expect(await client.query(changeQuery, { revision: 0 })).toEqual({ change: null });
    expect(await client.query(changeQuery, { revision: 99 })).toEqual({ change: null });
  });

  it('can be read inside an uncommitted change and leave no trace after a rollback', async () => {
    const uncommittedChange = database.bulk((session) =>
      recordChange(session, entry, async (revision) => {
        await session.query(
          'update unit_version set superseded_rev = $1::integer where resh_id = $2::integer and superseded_rev is null',
          [revision, ward],
        );
        throw new Error(JSON.stringify(await readUnitChanges(session, revision, { first: 10 })));
      }),
    );

    await expect(uncommittedChange).rejects.toThrow('"kinds":["WITHDRAWN"]');
    expect(await client.query(changeQuery, { revision: 8 })).toEqual({ change: null });
  });
});

const unitChangesQuery = graphql(`
  query ChangesOfUnit($revision: Revision, $reshId: ReshId!, $first: Int, $after: String) {
    register(revision: $revision) {
      unit(reshId: $reshId, includeClosed: true) {
        changes(first: $first, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            revision
          }
        }
      }
    }
  }
`);

async function queryUnitChanges(variables: { reshId: number; revision?: number; first?: number; after?: string }) {
  return (await client.query(unitChangesQuery, variables)).register.unit?.changes;
}

describe('changes of a unit', () => {
  it('are its own changes, newest first, as known at the revision', async () => {
    const readUnitRevisions = async (reshId: number, revision?: number) => {
      const changes = await queryUnitChanges({ reshId, ...(revision !== undefined && { revision }) });
      expect(changes?.totalCount).toBe(changes?.nodes.length);
      return changes?.nodes.map((change) => change.revision);
    };

    expect(await readUnitRevisions(ward)).toEqual([7, 4, 3, 1]);
    expect(await readUnitRevisions(ward, 3)).toEqual([3, 1]);
    expect(await readUnitRevisions(clinic)).toEqual([2, 1]);
    expect(await readUnitRevisions(south)).toEqual([1]);
  });

  it('are paged at the revision of the first page', async () => {
    const first = await queryUnitChanges({ reshId: ward, revision: 4, first: 2 });
    const after = first?.pageInfo.endCursor ?? '';
    const second = await queryUnitChanges({ reshId: ward, first: 2, after });

    expect(first).toMatchObject({
      totalCount: 3,
      pageInfo: { hasNextPage: true },
      nodes: [{ revision: 4 }, { revision: 3 }],
    });
    expect(second).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false }, nodes: [{ revision: 1 }] });
  });
});

describe('author of a change', () => {
  const changeActorQuery = graphql(`
    query WhoMade {
      change(revision: 7) {
        actor {
          name
          role
          subject
        }
      }
    }
  `);

  it('shows the subject only to users with edit access today', async () => {
    const readActorAs = async (as?: string) =>
      (await createClient(database, { today, ...(as !== undefined && { as }) }).query(changeActorQuery)).change?.actor;

    const actor = { name: 'Test', role: 'OPERATOR', subject: null };
    expect(await readActorAs()).toEqual(actor);
    expect(await readActorAs('somebody')).toEqual(actor);
    expect(await readActorAs('administrator')).toEqual({ ...actor, subject: 'test' });
  });
});

describe('statements for the ledger', () => {
  const parseStatementName = (sql: string): string => /-- (.*)/.exec(sql)?.[1] ?? sql.replace(/ WHERE .*/, '');
  const recordStatements = async (work: () => Promise<unknown>): Promise<string[]> =>
    (await counter.during(work)).statements.map(parseStatementName).sort();

  it('are as many for a page of 100 units as for one', async () => {
    const singleStatements = await recordStatements(() => client.query(changeQuery, { revision: 2 }));
    const manyStatements = await recordStatements(() => client.query(changeQuery, { revision: 1, first: 100 }));

    expect(manyStatements).toEqual(singleStatements);
    expect(singleStatements).toHaveLength(1 + 8 + 1 + 2);
  });

  const manyUnitsChangesQuery = graphql(`
    query ChangesOfMany($reshIds: [ReshId!]!) {
      units(reshIds: $reshIds) {
        unit {
          changes(first: 5) {
            totalCount
            nodes {
              revision
              units(first: 2) {
                totalCount
                nodes {
                  reshId
                  unit {
                    name
                  }
                }
              }
            }
          }
        }
      }
    }
  `);

  it('are as many for the changes of many units as for one', async () => {
    const singleStatements = await recordStatements(() => client.query(manyUnitsChangesQuery, { reshIds: [ward] }));
    const manyStatements = await recordStatements(() =>
      client.query(manyUnitsChangesQuery, { reshIds: [region, north, south, clinic, ward] }),
    );

    expect(manyStatements).toEqual(singleStatements);
  });
});

describe('change of many units', () => {
  it('returns its first page without reading the rest', async () => {
    const largeRegister = await openTestDatabase();
    try {
      await generateRegister(largeRegister, 2_000);
      const { change } = withFieldTexts(
        await createClient(largeRegister, { today }).query(changeQuery, { revision: 1, first: 100 }),
      );

      expect(change?.units.totalCount).toBe(2_000);
      expect(change?.units.nodes.map(({ reshId }) => reshId)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
      expect(change?.units.nodes[6]?.fields.map(({ field, new: value }) => [field, value])).toEqual([
        ['name', 'Avdeling 7'],
        ['shortName', 'A7'],
        ['parent', '1'],
        ['type', 'ORGANIZATION'],
        ['designation', '05'],
        ['treatmentSite', '974747138'],
        ['codes', '8451:010; 8451:020'],
        ['identifiers', 'urn:test T7'],
        ['internationalNames', 'en: Department 7'],
        ['addresses', 'VISITING: Gata 1, 6003 Ålesund, NO'],
        ['contactPoints', 'TELEPHONE: 70 10 50 00'],
      ]);
    } finally {
      await largeRegister.close();
    }
  });
});
