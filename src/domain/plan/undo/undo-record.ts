import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { Row } from '../../time/timeline.ts';
import { siteFields, type AdministratorRow, type MappingNodeRow, type SiteRow } from '../write-set.ts';
import { listBoundaryDays, listRevisions, selectKnown, selectKnownOn, type Recorded } from './recorded.ts';
import { clipRows, patchRows, restoreRows } from './restore-rows.ts';
import {
  mergeThreeWay,
  type DayFacts,
  type FieldConflict,
  type RecordHistory,
  type UndoRange,
} from './three-way-merge.ts';

/** Rows of one record, now and with a change taken back, and what keeps it from being taken back. */
export interface UndoneRecord<R extends Row> {
  readonly now: readonly R[];
  readonly result: readonly R[];
  readonly conflicts: readonly FieldConflict[];
  /** First day on which the rows change; undefined if none does */
  readonly firstDay: Day | undefined;
}

/** Takes a change of a mapping node back. */
export function undoNode(rows: readonly Recorded<MappingNodeRow>[], range: UndoRange): UndoneRecord<MappingNodeRow> {
  return undoRecord(rows, createHistory(rows, ['name', 'parentNodeId', 'reshId']), range);
}

/** Takes a change of a person's name and e-mail address back. A person that the change named keeps the name. */
export function undoPerson(
  rows: readonly Recorded<AdministratorRow>[],
  range: UndoRange,
): UndoneRecord<AdministratorRow> {
  const history = createHistory(rows, ['name', 'email']);
  const readFacts = (revision: number, day: Day): DayFacts =>
    history.readFacts(revision, day) ??
    (revision < range.revision ? history.readFacts(range.revision, day) : undefined);
  return undoRecord(rows, { ...history, readFacts }, range);
}

/** Takes a change of a treatment site back. */
export function undoSite(rows: readonly Recorded<SiteRow>[], range: UndoRange): UndoneRecord<SiteRow> {
  const history = createHistory(rows, []);
  const readFacts = (revision: number, day: Day): DayFacts => {
    const [row] = selectKnownOn(rows, revision, day);
    return row && new Map([...siteFields].map(([field, facts]) => [field, JSON.stringify(facts.map((f) => row[f]))]));
  };
  return undoRecord(rows, { ...history, readFacts }, range, (field) => siteFields.get(field) ?? []);
}

/** Returns the history of a record with some of its fields as facts. */
export function createHistory<R extends Period>(
  rows: readonly Recorded<R>[],
  fields: readonly (keyof R & string)[],
): RecordHistory {
  return {
    readFacts: (revision, day) => {
      const [row] = selectKnownOn(rows, revision, day);
      return row && new Map(fields.map((field) => [field, JSON.stringify(row[field])]));
    },
    boundaries: listBoundaryDays(rows.map(({ row }) => row)),
    revisions: listRevisions(rows),
  };
}

function undoRecord<R extends Row>(
  rows: readonly Recorded<R>[],
  history: RecordHistory,
  range: UndoRange,
  listColumns: (field: string) => readonly string[] = (field) => [field],
): UndoneRecord<R> {
  const { restorations, conflicts } = mergeThreeWay(history, range);
  const before = selectKnown(rows, range.revision - 1);
  const now = selectKnown(rows, range.newest);
  const result = restorations.reduce<readonly R[]>((list, { period, fields }) => {
    if (fields === undefined) return restoreRows(list, before, period, () => true);
    const [source] = clipRows(before, period);
    return source ? patchRows(list, period, (row) => copyFields(row, source, fields.flatMap(listColumns))) : list;
  }, now);
  return { now, result, conflicts, firstDay: restorations[0]?.period.from };
}

function copyFields<R extends Row>(row: R, source: R, fields: readonly string[]): R {
  const values = Object.entries(source).filter(([field]) => fields.includes(field));
  return { ...row, ...Object.fromEntries(values) };
}
