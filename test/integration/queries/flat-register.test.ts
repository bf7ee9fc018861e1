import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { recordChange } from '../../../src/store/change/ledger.ts';
import type { Database } from '../../../src/store/database/database.ts';
import type { ObservedStatement } from '../../../src/store/database/statement-observer.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { insertUnitVersions, type StoredVersion } from '../../support/database/insert-unit-versions.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';

const ROOTS = 4;
const DEPARTMENTS = 3_000;
const UNITS = ROOTS * (DEPARTMENTS + 1);

let observed: ObservedStatement[] = [];
let database: Database;
let client: TestClient;

function* listVersions(): Generator<StoredVersion, void, undefined> {
  for (let root = 1; root <= ROOTS; root += 1) {
    yield { path: [root], type: 'ORGANIZATION' };
    for (let index = 0; index < DEPARTMENTS; index += 1) yield { path: [root, root * 10_000 + index] };
  }
}

beforeAll(async () => {
  database = await openTestDatabase({ observe: (statement) => observed.push(statement) });
  await database.bulk((session) =>
    recordChange(session, changeEntry({ operation: 'IMPORT' }), (revision) =>
      insertUnitVersions(session, revision, [...listVersions()]),
    ),
  );
  await database.bulk((session) => session.execute('analyze unit_version'));
  client = createClient(database, { today: '2026-11-23' });
}, 120_000);
afterAll(() => database.close());

interface PlanNode {
  'Relation Name'?: string | undefined;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number | undefined;
  Plans?: PlanNode[] | undefined;
}
const planNode: z.ZodType<PlanNode> = z.object({
  'Relation Name': z.string().optional(),
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().optional(),
  Plans: z.lazy(() => z.array(planNode)).optional(),
});
const explainOutput = z.tuple([z.object({ Plan: planNode })]);

function countReadRows(node: PlanNode): number {
  const perLoop = node['Relation Name'] ? node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) : 0;
  return perLoop * node['Actual Loops'] + (node.Plans ?? []).reduce((sum, inner) => sum + countReadRows(inner), 0);
}

it('counts the children of 1,000 units without reading the units of a flat register for each', async () => {
  const { data, errors } = await client.send({
    query: '{ unit(reshId: 1) { children(first: 1000) { nodes { hasChildren } } } }',
  });
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data).match(/"hasChildren":false/g)).toHaveLength(1_000);
  const counting = observed.filter(({ sql }) => sql.includes('-- number of children'));
  expect(counting).toHaveLength(1);

  for (const { sql, values } of counting) {
    const literals = values.map((value) => `'${String(value).replaceAll("'", "''")}'`);
    const plan = await database.bulk(async (session) => {
      await session.execute(`prepare explained as ${sql}`);
      const [row] = await session.query<{ 'QUERY PLAN': unknown }>(
        `explain (analyze, format json) execute explained(${literals.join(', ')})`,
      );
      await session.execute('deallocate explained');
      return explainOutput.parse(row?.['QUERY PLAN'])[0].Plan;
    });
    expect(countReadRows(plan)).toBeLessThanOrEqual(UNITS);
  }
});
