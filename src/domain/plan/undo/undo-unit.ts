import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import { valueKey, type Row } from '../../time/timeline.ts';
import { factFields, factNames, type FactName, type UnitFacts } from '../../unit/facts.ts';
import { detailLists, type DetailList, type UnitState, type VersionRow } from '../../unit/state.ts';
import { listBoundaryDays, listRevisions, selectKnown, selectKnownOn, type Recorded } from './recorded.ts';
import { clipRows, patchRows, restoreRows } from './restore-rows.ts';
import type { DayFacts, RecordHistory, Restoration } from './three-way-merge.ts';

/** A unit with its rows of several revisions. */
export interface RecordedUnit {
  readonly reshId: number;
  readonly versions: readonly Recorded<VersionRow>[];
  readonly codes: readonly Recorded<UnitState['codes'][number]>[];
  readonly identifiers: readonly Recorded<UnitState['identifiers'][number]>[];
  readonly names: readonly Recorded<UnitState['names'][number]>[];
  readonly addresses: readonly Recorded<UnitState['addresses'][number]>[];
  readonly contactPoints: readonly Recorded<UnitState['contactPoints'][number]>[];
}

/** Returns a unit as it is known at a revision, each list in order of days. */
export function selectUnit(unit: RecordedUnit, revision: number): UnitState {
  return {
    reshId: unit.reshId,
    versions: selectKnown(unit.versions, revision),
    codes: selectKnown(unit.codes, revision),
    identifiers: selectKnown(unit.identifiers, revision),
    names: selectKnown(unit.names, revision),
    addresses: selectKnown(unit.addresses, revision),
    contactPoints: selectKnown(unit.contactPoints, revision),
  };
}

/** Returns the history of a unit: each code and each identifier is a fact, and so is each other list as a whole. */
export function createUnitHistory(unit: RecordedUnit): RecordHistory {
  const rows: Recorded<Row>[] = [unit.versions, ...detailLists.map((list) => unit[list])].flat();
  return {
    readFacts: (revision, day) => readUnitFacts(unit, revision, day),
    boundaries: listBoundaryDays(rows.map(({ row }) => row)),
    revisions: listRevisions(rows),
  };
}

function readUnitFacts(unit: RecordedUnit, revision: number, day: Day): DayFacts {
  const [version] = selectKnownOn(unit.versions, revision, day);
  if (!version) return undefined;
  const facts = new Map<string, string>(factNames.map((name) => [name, JSON.stringify(version[name])]));
  for (const list of detailLists)
    for (const row of selectKnownOn<Row>(unit[list], revision, day)) {
      const field = fieldOf(list, row);
      const values = [...(facts.get(field)?.split('\n') ?? []), valueKey(row)];
      facts.set(field, values.sort().join('\n'));
    }
  return facts;
}

/** Returns the field of an entry of a list: its code, the system of its identifier, or the list. */
function fieldOf(list: DetailList, row: object): string {
  if (list === 'codes' && 'codeSet' in row && 'code' in row) return `codes ${String(row.codeSet)}:${String(row.code)}`;
  if (list === 'identifiers' && 'system' in row) return `identifiers ${String(row.system)}`;
  return list;
}

/** Returns the name in the API of a field of a unit: `parent`, `codes 8451:010`, `internationalNames`. */
export function describeUnitField(field: string): string {
  const fact = factNames.find((name) => name === field);
  if (fact) return factFields[fact].field;
  return field === 'names' ? 'internationalNames' : field;
}

/**
 * Returns a unit with former values on some days. Versions that get another parent, or come back, are without a path.
 *
 * @param before the unit before the change
 */
export function restoreUnit(now: UnitState, before: UnitState, restorations: readonly Restoration[]): UnitState {
  return restorations.reduce((unit, restoration) => applyRestoration(unit, before, restoration), now);
}

function applyRestoration(unit: UnitState, before: UnitState, { period, fields }: Restoration): UnitState {
  const lists = Object.fromEntries(
    detailLists.map((list) => {
      const isRestored = (row: Row): boolean => fields === undefined || fields.includes(fieldOf(list, row));
      return [list, restoreRows<Row>(unit[list], before[list], period, isRestored)];
    }),
  );
  return { ...unit, ...lists, versions: restoreVersions(unit, before, period, fields) };
}

function restoreVersions(
  { reshId, versions }: UnitState,
  before: UnitState,
  period: Period,
  fields: readonly string[] | undefined,
): readonly VersionRow[] {
  const former = before.versions.map((row) => withoutPath(row, reshId));
  if (fields === undefined) return restoreRows(versions, former, period, () => true);
  const facts = factNames.filter((name) => fields.includes(name));
  const [source] = clipRows(former, period);
  if (facts.length === 0 || !source) return versions;
  return patchRows(versions, period, (row) => restoreFacts(row, source, facts));
}

function restoreFacts(row: VersionRow, source: VersionRow, facts: readonly FactName[]): VersionRow {
  const values = Object.fromEntries(facts.map((name) => [name, source[name]])) as Partial<UnitFacts>;
  return { ...row, ...values, path: facts.includes('parentReshId') ? source.path : row.path };
}

function withoutPath(row: VersionRow, reshId: number): VersionRow {
  return { ...row, path: row.parentReshId === null ? [reshId] : [] };
}
