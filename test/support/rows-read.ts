import { z } from 'zod';
import type { ChangeTransaction } from '../../src/store/change/ledger.ts';

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

const explained = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planNode })]) })]);

const rowsOf = (node: PlanNode): number => {
  const dropped = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  const own = node['Node Type'].endsWith('Scan') ? (node['Actual Rows'] + dropped) * node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, beneath) => sum + rowsOf(beneath), own);
};

/** What work answers, and how many rows the scans of its statements go through, those that they drop included. */
export const countRowsRead = async <Answer>(
  { query }: ChangeTransaction,
  work: (counted: ChangeTransaction) => Promise<Answer>,
): Promise<{ answer: Answer; rowsRead: number }> => {
  let rowsRead = 0;
  const answer = await work({
    query: async (text, values) => {
      const plan = await query(`explain (analyze, timing off, format json) ${text}`, values);
      const [
        {
          'QUERY PLAN': [{ Plan }],
        },
      ] = explained.parse(plan);
      rowsRead += rowsOf(Plan);
      return query(text, values);
    },
  });
  return { answer, rowsRead };
};
