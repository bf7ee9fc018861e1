import type { Day } from '../../time/day.ts';
import { covers } from '../../time/period.ts';
import { coalesce, truncateAt, type Row } from '../../time/timeline.ts';
import { formatCodeReference } from '../../unit/code-sets.ts';
import { clipRows } from '../undo/restore-rows.ts';
import { diffRows, type RowChanges } from '../write-set.ts';

/** A code of a code set over a period, which begins on the first day of all if the code has no known first day. */
export interface CodeRow extends Row {
  readonly codeSet: number;
  readonly code: string;
  readonly name: string;
  readonly parentCode: string | null;
  readonly retired: boolean;
  /** Codes that replace it, as references such as 8451:010 */
  readonly replacedBy: readonly string[];
}

/** Facts of a code that a file may leave out. */
export type CodeFact = 'parentCode' | 'retired' | 'replacedBy' | 'from' | 'to';

/** What loading code sets does to one code. */
export interface CodeChange {
  readonly kind: 'NEW' | 'RENAMED' | 'RETIRED' | 'REPLACED' | 'CHANGED';
  readonly before: CodeRow | undefined;
  readonly after: CodeRow | undefined;
  readonly reference: string;
}

/** The rows that loading code sets writes, and what it does to each code. */
export interface CodePlan {
  readonly rows: RowChanges<CodeRow>;
  readonly changes: readonly CodeChange[];
}

/**
 * Plans that the codes of a list become what the list says, from a day on. Days before it stay as they are, and so do
 * codes that the list does not have. New codes are valid on all days of the list.
 *
 * @param known rows of the register, by code, in order of days
 * @param listed rows of the list, by code, in order of days
 * @param omitted facts that the list does not have; those of the register stay
 */
export function planCodes(
  known: ReadonlyMap<string, readonly CodeRow[]>,
  listed: ReadonlyMap<string, readonly CodeRow[]>,
  omitted: ReadonlySet<CodeFact>,
  day: Day,
): CodePlan {
  const plans = [...listed].map(([reference, rows]) =>
    planCode(reference, known.get(reference) ?? [], rows, omitted, day),
  );
  return {
    rows: {
      superseded: plans.flatMap(({ rows }) => rows.superseded),
      added: plans.flatMap(({ rows }) => rows.added),
    },
    changes: plans.flatMap(({ changes }) => changes),
  };
}

function planCode(
  reference: string,
  known: readonly CodeRow[],
  listed: readonly CodeRow[],
  omitted: ReadonlySet<CodeFact>,
  day: Day,
): CodePlan {
  if (known.length === 0)
    return {
      rows: { superseded: [], added: listed },
      changes: [{ kind: 'NEW', before: undefined, after: listed.at(-1), reference }],
    };
  const template = known.findLast(({ from }) => from <= day) ?? known[0];
  const complete = listed.map((row) => (template ? keepOmitted(row, template, omitted) : row));
  const result = coalesce([...truncateAt(known, day), ...clipRows(complete, { from: day, to: null })]);
  const rows = diffRows(known, result);
  const [before, after] = [known, result].map((each) => each.find((row) => covers(row, day)));
  const isSame = rows.superseded.length + rows.added.length === 0;
  return { rows, changes: isSame ? [] : describeCode(reference, before, after) };
}

function keepOmitted(row: CodeRow, template: CodeRow, omitted: ReadonlySet<CodeFact>): CodeRow {
  const kept = Object.fromEntries([...omitted].map((fact) => [fact, template[fact]]));
  return { ...row, ...kept };
}

function describeCode(reference: string, before: CodeRow | undefined, after: CodeRow | undefined): CodeChange[] {
  const change = (kind: CodeChange['kind']): CodeChange => ({ kind, before, after, reference });
  if (!after) return [change('RETIRED')];
  if (!before) return [change('CHANGED')];
  const changes = [
    ...(before.name === after.name ? [] : [change('RENAMED')]),
    ...(after.retired && !before.retired ? [change('RETIRED')] : []),
    ...(before.replacedBy.join() === after.replacedBy.join() ? [] : [change('REPLACED')]),
  ];
  return changes.length > 0 ? changes : [change('CHANGED')];
}

/** Returns rows by their code, such as 8451:010. */
export function groupByCode<R extends CodeRow>(rows: readonly R[]): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const reference = formatCodeReference(row);
    const group = groups.get(reference);
    if (group) group.push(row);
    else groups.set(reference, [row]);
  }
  return groups;
}
