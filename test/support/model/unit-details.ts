import fc from 'fast-check';
import type { Day } from '../../../src/domain/time/day.ts';
import type { Database } from '../../../src/store/database/database.ts';
import type { History } from './history.ts';

/** A code, identifier, name or contact point of a unit, with the revisions from and until which the register has it. */
export interface UnitDetail {
  readonly reshId: number;
  readonly list: 'codes' | 'identifiers' | 'names' | 'contactPoints';
  /** A code of code set 8451, an identifier, a language, or a telephone number */
  readonly value: string;
  readonly from: Day;
  readonly to: Day | null;
  readonly recordedRev: number;
  readonly supersededRev: number | null;
}

/** The code, of those in a history, that is retired. */
export const retiredCode = '040';

const detailValues = [
  ...['010', '020', retiredCode].map((value) => ({ list: 'codes' as const, value })),
  ...['1', '2'].map((value) => ({ list: 'identifiers' as const, value })),
  ...['de', 'en'].map((value) => ({ list: 'names' as const, value })),
  ...['1', '2'].map((value) => ({ list: 'contactPoints' as const, value })),
];

export const detailDraws = fc.array(
  fc.record({
    unit: fc.nat(40),
    from: fc.nat(7),
    length: fc.integer({ min: 1, max: 8 }),
    recorded: fc.nat(7),
    known: fc.integer({ min: 1, max: 8 }),
    thing: fc.constantFrom(...detailValues),
  }),
  { maxLength: 20 },
);
type DetailDraws = typeof detailDraws extends fc.Arbitrary<infer Value> ? Value : never;

/** Builds the details that the draws describe, leaving out those that would duplicate another at one point. */
export function buildDetails({ revisions, days, reshIds }: History, draws: DetailDraws): UnitDetail[] {
  const details: UnitDetail[] = [];
  for (const { unit, from, length, recorded, known, thing } of draws) {
    const [reshId, first] = [reshIds[unit % reshIds.length], days[from % days.length]];
    const recordedRev = Array.from(revisions.keys()).find(
      (revision) =>
        revision >= 1 + (recorded % (revisions.length - 1)) && revisions[revision]?.timelines.has(reshId ?? 0),
    );
    if (reshId === undefined || first === undefined || recordedRev === undefined) continue;
    const supersededRev = recordedRev + known < revisions.length ? recordedRev + known : null;
    const to = days[(from % days.length) + length] ?? null;
    const overlaps = details.some(
      (other) =>
        other.reshId === reshId &&
        other.list === thing.list &&
        (other.value === thing.value || thing.list === 'identifiers') &&
        (other.to === null || other.to > first) &&
        (to === null || other.from < to) &&
        (other.supersededRev === null || other.supersededRev > recordedRev) &&
        (supersededRev === null || other.recordedRev < supersededRev),
    );
    if (!overlaps) details.push({ ...thing, reshId, recordedRev, supersededRev, from: first, to });
  }
  return details;
}

/** Returns the details of one kind that a unit has on a day, as known at a revision, in order. */
export function findDetails(
  details: readonly UnitDetail[],
  { reshId, list, revision, day }: Pick<UnitDetail, 'reshId' | 'list'> & { revision: number; day: Day },
): string[] {
  return details
    .filter(
      (each) =>
        each.reshId === reshId &&
        each.list === list &&
        each.recordedRev <= revision &&
        (each.supersededRev === null || each.supersededRev > revision) &&
        each.from <= day &&
        (each.to === null || day < each.to),
    )
    .map(({ value }) => value)
    .sort();
}

const tables: Readonly<Record<UnitDetail['list'], readonly [table: string, columns: string, values: string]>> = {
  codes: ['unit_code', 'code_set, code', '8451, value'],
  identifiers: ['unit_identifier', 'system, value', `'urn:test', value`],
  names: ['unit_name', 'language, name', `value, 'Name'`],
  contactPoints: ['unit_contact_point', 'type, value', `'TELEPHONE', value`],
};

/** Adds details, and the codes that they use, to a recorded history. */
export function recordDetails(database: Database, details: readonly UnitDetail[]): Promise<void> {
  return database.bulk(async (session) => {
    await session.execute(`
      insert into code_set (number, oid, name, registered_rev)
      values (8451, '2.16.578.1.12.4.1.1.8451', 'Specialties', 1);
      insert into code (code_set, code, registered_rev)
      values (8451, '010', 1), (8451, '020', 1), (8451, '${retiredCode}', 1);
      insert into code_version (code_set, code, name, retired, recorded_rev)
      select 8451, code, code, code = '${retiredCode}', 1 from code`);
    for (const [list, [table, columns, values]] of Object.entries(tables))
      await session.query(
        `insert into ${table} (resh_id, ${columns}, valid_from, valid_to, recorded_rev, superseded_rev)
         select "reshId", ${values}, "from", "to", "recordedRev", "supersededRev"
         from jsonb_to_recordset($1::text::jsonb) as detail ("reshId" integer, value text, "from" date, "to" date,
           "recordedRev" integer, "supersededRev" integer)`,
        [JSON.stringify(details.filter((each) => each.list === list))],
      );
  });
}
