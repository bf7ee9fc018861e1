import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { createStatementCounter } from '../../support/database/statement-counter.ts';
import { createClient } from '../../support/http/client.ts';
import { expectRevision } from '../../support/mutations/change-assertions.ts';
import { openDemoRegister } from '../../support/registers/demo-register.ts';
import { buildWorld, mutationsAs, subjects, units, worldDay } from '../../support/world/world.ts';

const counter = createStatementCounter();
let database: Database;
let granted: number;
let shortened: number;
beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await buildWorld(database);
  const operator = mutationsAs(database, subjects.operator);
  const grant = { subject: 'kari', role: 'ADMINISTRATOR', reshId: units.ward } as const;
  granted = expectRevision(await operator.grantAccess({ ...grant, name: 'Kari', idempotencyKey: 'grant-kari' }));
  shortened = expectRevision(await operator.revokeAccess({ ...grant, effectiveOn: '2027-01-01' }));
});
afterAll(() => database.close());

const recordFields = `
  record {
    grantsRecorded { subject role reshId validity { from to } supersededBy { revision } }
    grantsSuperseded { subject validity { to } recordedBy { revision } }
    idempotencyKeys { key }
    previousHash
  }`;

async function query(text: string, as?: string) {
  const client = createClient(database, { today: worldDay, ...(as !== undefined && { as }) });
  const { data, errors } = await client.send({ query: text });
  expect(errors).toBeUndefined();
  return data as Record<string, unknown>;
}

it('the record of a change has the grants that it recorded and superseded', async () => {
  const data = await query(
    `{ granted: change(revision: ${granted}) { hash ${recordFields} }
       shortened: change(revision: ${shortened}) { ${recordFields} } }`,
    subjects.operator,
  );

  expect(data).toMatchObject({
    granted: {
      record: {
        grantsRecorded: [
          {
            subject: 'kari',
            role: 'ADMINISTRATOR',
            reshId: units.ward,
            validity: { from: worldDay, to: null },
            supersededBy: { revision: shortened },
          },
        ],
        grantsSuperseded: [],
        idempotencyKeys: [{ key: 'grant-kari' }],
      },
    },
    shortened: {
      record: {
        grantsRecorded: [{ subject: 'kari', validity: { from: worldDay, to: '2027-01-01' }, supersededBy: null }],
        grantsSuperseded: [{ subject: 'kari', validity: { to: null }, recordedBy: { revision: granted } }],
        idempotencyKeys: [],
        previousHash: (data['granted'] as { hash: string }).hash,
      },
    },
  });
});

it('the record is null for a viewer without a grant', async () => {
  const text = `{ change(revision: ${granted}) { record { rowsDigest } } }`;

  expect(await query(text)).toEqual({ change: { record: null } });
  expect(await query(text, 'stranger')).toEqual({ change: { record: null } });
  expect(await query(text, subjects.clinic)).toMatchObject({
    change: { record: { rowsDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
  });
});

it('the records of a page of changes take as many statements as one', async () => {
  const countFor = async (first: number): Promise<number> => {
    const text = `{ changes(first: ${first}) { changes { revision ${recordFields} } } }`;
    return (await counter.during(() => query(text, subjects.operator))).statements.length;
  };

  const one = await countFor(1);
  expect(one).toBeGreaterThan(1);
  expect(await countFor(20)).toBe(one);
});

interface ImportPage {
  readonly nodes: readonly { readonly operation: string; readonly revision: number }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number;
}

async function readImports(page: string, from = database): Promise<ImportPage> {
  const text = `{ imports(${page}) { nodes { operation revision } pageInfo { hasNextPage endCursor } totalCount } }`;
  const { data } = await createClient(from, { today: worldDay }).send({ query: text });
  return (data as { imports: ImportPage }).imports;
}

it('imports, and the generation of demo registers, are listed, the newest first', async () => {
  const { nodes, pageInfo, totalCount } = await readImports('first: 100');
  const revisions = nodes.map(({ revision }) => revision);

  expect(new Set(nodes.map(({ operation }) => operation))).toEqual(new Set(['DEMO']));
  expect(revisions).toEqual(revisions.toSorted((one, other) => other - one));
  expect({ hasNextPage: pageInfo.hasNextPage, totalCount }).toEqual({ hasNextPage: false, totalCount: nodes.length });
  expect((await readImports('first: 0')).nodes).toEqual([]);
});

it('imports are read page by page', async () => {
  const demo = await openDemoRegister();
  const all = await readImports('first: 100', demo);
  const first = await readImports('first: 1', demo);
  const second = await readImports(`first: 100, after: "${first.pageInfo.endCursor}"`, demo);
  await demo.close();

  expect([all.totalCount, second.totalCount]).toEqual([2, 2]);
  expect(first.pageInfo.hasNextPage).toBe(true);
  expect([...first.nodes, ...second.nodes]).toEqual(all.nodes);
  expect(second.pageInfo.hasNextPage).toBe(false);
});

it('the cursor of another connection is refused for imports', async () => {
  const data = await query(`{ unit(reshId: ${units.clinic}) { changes(first: 1) { pageInfo { endCursor } } } }`);
  const { endCursor } = (data as { unit: { changes: Pick<ImportPage, 'pageInfo'> } }).unit.changes.pageInfo;

  const { errors } = await createClient(database, { today: worldDay }).send({
    query: `{ imports(after: "${endCursor}") { totalCount } }`,
  });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_CURSOR' } }]);
});
