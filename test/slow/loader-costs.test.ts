import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../src/store/database/database.ts';
import type { ObservedStatement } from '../../src/store/database/statement-observer.ts';
import { openTestDatabase } from '../support/database/database.ts';
import { readStatementName } from '../support/database/statement-counter.ts';
import { toSqlLiteral } from '../support/database/sql-literal.ts';
import { createClient, type TestClient } from '../support/http/client.ts';
import { fillWithShape, treeShapes } from '../support/registers/shaped-register.ts';

interface PlanNode {
  'Relation Name'?: string | undefined;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number | undefined;
  'Rows Removed by Index Recheck'?: number | undefined;
  Plans?: PlanNode[] | undefined;
}
const planNode: z.ZodType<PlanNode> = z.object({
  'Relation Name': z.string().optional(),
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().optional(),
  'Rows Removed by Index Recheck': z.number().optional(),
  Plans: z.lazy(() => z.array(planNode)).optional(),
});
const explainOutput = z.tuple([z.object({ Plan: planNode })]);

function countReadRows(node: PlanNode): number {
  const perLoop = node['Relation Name']
    ? node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
    : 0;
  return perLoop * node['Actual Loops'] + (node.Plans ?? []).reduce((sum, inner) => sum + countReadRows(inner), 0);
}

const relations = [
  'name',
  'parent { name }',
  'ancestors { name }',
  'hasChildren',
  'childCount',
  'children(first: 10) { nodes { name } }',
  'children(first: 10, orderBy: { field: RESH_ID, direction: DESC }) { nodes { name } }',
  'children(first: 10, filter: { types: [DEPARTMENT] }) { totalCount nodes { name } }',
  'formerChildren { totalCount nodes { name } }',
  'descendants(first: 10) { nodes { name } }',
  'descendantCount',
  'treatmentSites { totalCount }',
  'specialtyCounts { count }',
  'treatmentSite { name }',
  'treatmentSite { units(first: 5) { nodes { name } } }',
  'specialties { code { name } }',
  'identifiers { value }',
  'internationalNames { name }',
  'addresses { city }',
  'contactPoints { value }',
  'validity { from }',
  'versions { name }',
  'changes { totalCount nodes { revision } }',
  'successors { effectiveOn }',
  'predecessors { effectiveOn }',
  'mappingNodes { name }',
];

/** Statements that sort or examine the children of each key, without an index in that order. */
const readsChildren: ReadonlySet<string> = new Set(['children', 'former children', 'number of former children']);
/** Statements that summarize the subtree of each key. */
const readsSubtrees: ReadonlySet<string> = new Set([
  'treatment sites of subtrees',
  'number of treatment sites of subtrees',
  'codes in use in subtrees',
]);

describe.each(treeShapes.flatMap((shape) => [12_000, 200_000].map((units) => [shape, units] as const)))(
  'loaders over a %s register of %d units',
  (shape, units) => {
    let observed: ObservedStatement[] = [];
    let database: Database;
    let client: TestClient;
    beforeAll(async () => {
      database = await openTestDatabase({ observe: (statement) => observed.push(statement) });
      await fillWithShape(database, shape, units);
      client = createClient(database, { today: '2026-11-23' });
    }, 600_000);
    afterAll(() => database.close());

    /** Returns the rows that a statement reads, with a custom and a generic plan, and those that it needs to answer. */
    function measure({ sql, values }: ObservedStatement) {
      return database.bulk(async (session) => {
        const parameters = values.length > 0 ? `(${values.map(toSqlLiteral).join(', ')})` : '';
        await session.execute(`prepare measured as ${sql}`);
        const answered = await session.query(`execute measured${parameters}`);
        const read: number[] = [];
        for (const mode of ['force_custom_plan', 'force_generic_plan']) {
          await session.execute(`set plan_cache_mode = ${mode}`);
          const [row] = await session.query<{ 'QUERY PLAN': unknown }>(
            `explain (analyze, buffers, format json) execute measured${parameters}`,
          );
          read.push(countReadRows(explainOutput.parse(row?.['QUERY PLAN'])[0].Plan));
        }
        await session.execute('deallocate measured; reset plan_cache_mode');
        const counted = answered.reduce((sum, { count }) => sum + (typeof count === 'number' ? count : 0), 0);
        return { answered: answered.length + counted, read };
      });
    }

    /** Returns how many children units have together, and how many units their subtrees. */
    async function readSizes(reshIds: readonly number[]) {
      const { data } = await client.send({
        query: 'query ($ids: [ReshId!]!) { units(reshIds: $ids) { unit { childCount descendantCount } } }',
        variables: { ids: reshIds },
      });
      const found = (data as { units: { unit: { childCount: number; descendantCount: number } }[] }).units;
      return {
        children: found.reduce((sum, { unit }) => sum + unit.childCount, 0),
        subtrees: found.reduce((sum, { unit }) => sum + unit.descendantCount + 1, 0),
      };
    }

    it.each([1, 1_000])(
      'read rows in proportion to those that the answer needs, at %d keys',
      async (keys) => {
        const reshIds = Array.from({ length: keys }, (_, index) => 1 + Math.floor((index * units) / keys));
        const sizes = await readSizes(reshIds);
        // Most relations read the units too; that is measured once.
        const measured = new Set<string>();
        for (const relation of relations) {
          observed = [];
          const { errors } = await client.send({
            query: `query ($ids: [ReshId!]!) { units(reshIds: $ids) { unit { ${relation} } } }`,
            variables: { ids: reshIds },
          });
          expect(errors).toBeUndefined();
          for (const statement of observed.filter(({ sql }) => /unit_|mapping_node|succession/.test(sql))) {
            const key = JSON.stringify([statement.sql, statement.values]);
            if (measured.has(key)) continue;
            measured.add(key);
            const { answered, read } = await measure(statement);
            const name = readStatementName(statement.sql);
            const required = readsChildren.has(name)
              ? sizes.children
              : readsSubtrees.has(name)
                ? 2 * sizes.subtrees
                : 0;
            const most = 6 * (answered + keys) + required;
            expect({ relation, name, read: read.map((rows) => (rows <= most ? 'few' : `${rows} of ${most}`)) }).toEqual(
              {
                relation,
                name,
                read: ['few', 'few'],
              },
            );
          }
        }
        expect(measured.size).toBeGreaterThan(relations.length / 2);
      },
      600_000,
    );
  },
);
