import type { BulkSession } from '../database/bulk-session.ts';
import type { StagedProblem } from './stage-rows.ts';
import { importFileNames, type ImportFileName } from '../tables.ts';
import { stagingTables } from './tables.ts';

/**
 * Kind of a problem: a problem of the row itself; a problem caused by that of another row; a conflict with a row that
 * does not load, which disappears if rejected rows are left out; or a warning, with which the row loads.
 */
export type ProblemKind = 'PROBLEM' | 'DEPENDENT' | 'RESOLVED_CONFLICT' | 'WARNING';

/** Returns the start of a statement that stages problems of rows; append column, value, problem and remedy. */
export function insertProblemsSql(file: ImportFileName, row: string, kind: ProblemKind = 'PROBLEM'): string {
  return `insert into import_problem (kind, file, line, column_name, value, problem, remedy)
  select '${kind}', '${file}', ${row}.line,`;
}

/** Marks the staged rows that have a problem as rejected. */
export function markRejected(session: BulkSession, file: ImportFileName): Promise<void> {
  return session.execute(`-- mark rejected rows
    update ${stagingTables[file].table} as staged
    set rejected = true
    from (
      select distinct line
      from import_problem
      where file = '${file}' and kind in ('PROBLEM', 'DEPENDENT')
    ) as wrong
    where staged.line = wrong.line and not staged.rejected`);
}

/** Counts the rows of a file that load and the rows that were rejected. */
export async function countRows(
  session: BulkSession,
  file: ImportFileName,
): Promise<{ loadable: number; rejected: number }> {
  const [row] = await session.query<{ loadable: number; rejected: number }>(
    `-- rows of a file
     select
       (count(*) filter (where not rejected))::integer as loadable,
       (count(*) filter (where rejected))::integer as rejected
     from ${stagingTables[file].table}`,
  );
  return row ?? { loadable: 0, rejected: 0 };
}

/** Counts the problems of each kind. */
export async function countProblems(session: BulkSession): Promise<Record<ProblemKind, number>> {
  const rows = await session.query<{ kind: ProblemKind; count: number }>(
    `-- problems by kind
     select kind, count(*)::integer as count
     from import_problem
     group by kind`,
  );
  return {
    PROBLEM: 0,
    DEPENDENT: 0,
    RESOLVED_CONFLICT: 0,
    WARNING: 0,
    ...Object.fromEntries(rows.map(({ kind, count }) => [kind, count])),
  };
}

// Problems of a whole file come first, because other problems can follow from them.
const problemOrderSql = `p.line is not null,
      array_position(array[${importFileNames.map((name) => `'${name}'`).join(', ')}], p.file),
      p.line, p.column_name nulls first, p.problem`;

/**
 * Numbers all problems in order: warnings first, then by file and line. Call it once, after all checks.
 */
export function orderProblems(session: BulkSession): Promise<void> {
  return session.execute(`-- order the problems
    alter table import_problem add column position bigint;
    create temporary table import_problem_order as
    select p.ctid as row_id, row_number() over (order by p.kind <> 'WARNING', ${problemOrderSql}) as position
    from import_problem p;
    update import_problem p
    set position = o.position
    from import_problem_order o
    where p.ctid = o.row_id;
    drop table import_problem_order;
    create index on import_problem (position);
    analyze import_problem`);
}

/** A problem with its kind and the text of its row. */
export interface ClassifiedProblem extends StagedProblem {
  readonly kind: ProblemKind;
  readonly rowText: string | null;
}

interface ProblemRow extends Record<string, unknown> {
  readonly kind: ProblemKind;
  readonly file: ImportFileName;
  readonly line: number | null;
  readonly column_name: string | null;
  readonly value: string | null;
  readonly problem: string;
  readonly remedy: string;
  readonly row_text: string | null;
  readonly position: string | number;
}

const selectProblemsSql = `-- problems in order
  select p.kind, p.file, p.line, p.column_name, p.value, p.problem, p.remedy, p.position,
    case p.file
    ${importFileNames
      .map((file) => `when '${file}' then (${selectRowTextSql(stagingTables[file].table)})`)
      .join('\n    ')}
    end as row_text
  from import_problem p
  where p.position > $1::bigint and p.kind = any($2::text[])
  order by p.position
  limit $3::integer`;

function selectRowTextSql(table: string): string {
  return `select r.row_text from ${table} r where r.line = p.line limit 1`;
}

/** Yields all problems of some kinds in order, in batches. Call `orderProblems` first. */
export async function* streamProblems(
  session: BulkSession,
  kinds: readonly ProblemKind[],
  batchSize = 5_000,
): AsyncGenerator<ClassifiedProblem[]> {
  let rows = await session.query<ProblemRow>(selectProblemsSql, [0, kinds, batchSize]);
  let last = rows.at(-1);
  while (last) {
    yield rows.map(toClassifiedProblem);
    rows = await session.query<ProblemRow>(selectProblemsSql, [Number(last.position), kinds, batchSize]);
    last = rows.at(-1);
  }
}

function toClassifiedProblem(row: ProblemRow): ClassifiedProblem {
  return {
    kind: row.kind,
    file: row.file,
    line: row.line,
    column: row.column_name,
    value: row.value,
    problem: row.problem,
    remedy: row.remedy,
    rowText: row.row_text,
  };
}
