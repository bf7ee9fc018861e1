import { z } from 'zod';
import type { SqlClient } from '../../../src/store/database/sql-client.ts';

interface PlanNode {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number | undefined;
  'Rows Removed by Index Recheck'?: number | undefined;
  Plans?: PlanNode[] | undefined;
}
const planNode: z.ZodType<PlanNode> = z.object({
  'Node Type': z.string(),
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().optional(),
  'Rows Removed by Index Recheck': z.number().optional(),
  Plans: z.lazy(() => z.array(planNode)).optional(),
});

const explainOutput = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planNode })]) })]);

/**
 * Returns the result of `work` and the number of rows that the scans of its statements read, filtered ones included.
 */
export async function countRowsRead<Answer>(
  client: SqlClient,
  work: (countingTransaction: SqlClient) => Promise<Answer>,
): Promise<{ answer: Answer; rowsRead: number }> {
  let rowsRead = 0;
  const answer = await work({
    query: async (text, values) => {
      const plan = await client.query(`explain (analyze, timing off, format json) ${text}`, values);
      const [
        {
          'QUERY PLAN': [{ Plan }],
        },
      ] = explainOutput.parse(plan);
      rowsRead += countScannedRows(Plan);
      return client.query(text, values);
    },
  });
  return { answer, rowsRead };
}

function countScannedRows(node: PlanNode): number {
  const filteredRows = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  const ownRows = node['Node Type'].endsWith('Scan') ? (node['Actual Rows'] + filteredRows) * node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, child) => sum + countScannedRows(child), ownRows);
}
