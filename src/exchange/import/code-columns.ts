import type { CodeFact } from '../../domain/plan/code-sets/plan-codes.ts';

const factColumns: Readonly<Record<CodeFact, string>> = {
  parentCode: 'parent_code',
  retired: 'status',
  replacedBy: 'replaced_by',
  from: 'valid_from',
  to: 'valid_to',
};

/** Returns the facts of codes that a file of codes has no column for. */
export function findOmittedCodeFacts(columns: ReadonlySet<string>): ReadonlySet<CodeFact> {
  return new Set((Object.keys(factColumns) as CodeFact[]).filter((fact) => !columns.has(factColumns[fact])));
}
