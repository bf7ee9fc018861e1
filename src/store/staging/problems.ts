import type { BulkSession } from '../database/bulk-session.ts';
import { importFileNames, stagingTables, type ImportFileName, type StagedProblem } from './tables.ts';

/**
 * What a problem of an import is: one to mend, one that follows from another row's, one with a row that does not load (so that
 * it is none where rows are left out), or only a warning.
 */
export type ProblemKind = 'PROBLEM' | 'CONSEQUENCE' | 'COLLISION' | 'WARNING';

/** Marks the staged rows that have a problem. */
export function markRejected(session: BulkSession, file: ImportFileName): Promise<void> {
  return session.execute(`-- mark rejected rows
    update ${stagingTables[file].table} as row_of
    set rejected = true
    from (
      select distinct line
      from import_problem
      where file = '${file}' and kind in ('PROBLEM', 'CONSEQUENCE')
    ) as wrong
    where row_of.line = wrong.line and not row_of.rejected`);
}

/** Rows of a file that load and rows that were rejected. */
export async function countRows(
  session: BulkSession,
  file: ImportFileName,
): Promise<{ loadable: number; rejected: number }> {
  const [row] = await session.query<{ loadable: number; rejected: number }>(
    `-- rows of a file
     select (count(*) filter (where not rejected))::integer as loadable, (count(*) filter (where rejected))::integer as rejected
     from ${stagingTables[file].table}`,
  );
  return row ?? { loadable: 0, rejected: 0 };
}

/** How many problems of each kind were found. */
export async function countProblems(session: BulkSession): Promise<Record<ProblemKind, number>> {
  const rows = await session.query<{ kind: ProblemKind; count: number }>(
    `-- problems by kind
     select kind, count(*)::integer as count
     from import_problem
     group by kind`,
  );
  return {
    PROBLEM: 0,
    CONSEQUENCE: 0,
    COLLISION: 0,
    WARNING: 0,
    ...Object.fromEntries(rows.map(({ kind, count }) => [kind, count])),
  };
}

// Of a whole file first: such a problem hides others.
const problemOrderSql = `p.line is not null, array_position(array[${importFileNames.map((name) => `'${name}'`).join(', ')}], p.file),
  p.line, p.column_name nulls first, p.problem`;

interface ProblemRow extends Record<string, unknown> {
  file: ImportFileName;
  line: number | null;
  column_name: string | null;
  value: string | null;
  problem: string;
  remedy: string;
}

/** Puts all problems in order, warnings first, then by files and their lines: to be called once, when all are found. */
export function orderProblems(session: BulkSession): Promise<void> {
  return session.execute(`-- order the problems
    alter table import_problem add column position bigint;
    create temporary table import_problem_order as
    select p.ctid as place, row_number() over (order by p.kind <> 'WARNING', ${problemOrderSql}) as position
    from import_problem p;
    update import_problem p
    set position = o.position
    from import_problem_order o
    where p.ctid = o.place;
    drop table import_problem_order;
    create index on import_problem (position);
    analyze import_problem`);
}

/** A problem with its kind, and the row as it stands in its file. */
export interface ClassifiedProblem extends StagedProblem {
  readonly kind: ProblemKind;
  readonly rowText: string | null;
}

/** Every problem of some kinds in its order, a batch at a time; `orderProblems` comes before. */
export const streamProblems = async function* (
  session: BulkSession,
  kinds: readonly ProblemKind[],
  batchSize = 5_000,
): AsyncGenerator<ClassifiedProblem[]> {
  const rowTextCasesSql = importFileNames
    .map(
      (file) =>
        `when '${file}' then (select r.row_text from ${stagingTables[file].table} r where r.line = p.line limit 1)`,
    )
    .join('\n         ');
  for (let afterPosition = 0; ;) {
    const rows = await session.query<
      ProblemRow & { kind: ProblemKind; row_text: string | null; position: string | number }
    >(
      `-- problems in order
       select p.file, p.line, p.column_name, p.value, p.problem, p.remedy, p.kind, p.position,
         case p.file
         ${rowTextCasesSql}
         end as row_text
       from import_problem p
       where p.position > $1::bigint and p.kind = any($2::text[])
       order by p.position
       limit $3::integer`,
      [afterPosition, kinds, batchSize],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map((row) => ({ ...toProblem(row), kind: row.kind, rowText: row.row_text }));
    afterPosition = Number(last.position);
  }
};

function toProblem(row: ProblemRow): StagedProblem {
  return {
    file: row.file,
    line: row.line,
    column: row.column_name,
    value: row.value,
    problem: row.problem,
    remedy: row.remedy,
  };
}
