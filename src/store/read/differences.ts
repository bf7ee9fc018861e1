import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import {
  unitDifference,
  type PlacedUnit,
  type UnitAtPoints,
  type UnitDifference,
} from '../../domain/unit/difference.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { DatedUnit } from '../../domain/unit/change.ts';
import { daysThatDiffer, unitsThatDiffer } from '../sql/difference.ts';
import type { ChangeTransaction } from '../change/ledger.ts';
import { sayingTables } from '../sql/fact-tables.ts';
import { columns as listColumns, contents } from '../feed/unit-changes.ts';

/** Two points, and of what: RESH-id of a unit, for it and what lies beneath it at either point; absent for everything. */
export interface Differing {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly within?: number | undefined;
}

/** Which page: `after` is the last RESH-id of the page before. */
export interface DifferencePage extends Differing {
  readonly first: number;
  readonly after?: number | undefined;
}

const found = z.array(z.object({ reshId: z.number() }));
const counted = z.array(z.object({ count: z.number() }));
const sides = z.array(z.object({ reshId: z.number(), isBefore: z.boolean(), isAfter: z.boolean() }));

const pointsOf = ({ from, to }: Differing): (number | string)[] => [from.revision, from.day, to.revision, to.day];

const list = {
  columns: { ...listColumns, versions: `${listColumns.versions}, path` },
  contents: { ...contents, versions: contents.versions.and(z.object({ path: z.array(z.number()) })) },
} satisfies {
  columns: Record<keyof DatedUnit, string>;
  contents: { readonly [List in keyof PlacedUnit]: z.ZodType<PlacedUnit[List][number]> };
};

type Sides<Item> = Record<'from' | 'to', Item[]>;

/** One list of units over all days, as known at both points, by RESH-id. */
const readList = async <List extends keyof PlacedUnit>(
  tx: ChangeTransaction,
  name: List,
  { from, to }: Differing,
  units: string,
): Promise<Map<number, Sides<PlacedUnit[List][number]>>> => {
  const known = (revision: string): string =>
    `(recorded_rev <= ${revision} and (superseded_rev is null or superseded_rev > ${revision}))`;
  const rows = await tx.query(
    `-- ${name} of units that differ
     select resh_id as "reshId", ${known('$2::integer')} as "isBefore", ${known('$3::integer')} as "isAfter",
       valid_from::text as "from", valid_to::text as "to", ${list.columns[name]}
     from jsonb_array_elements_text($1::text::jsonb) as asked (id)
     join ${sayingTables[name].name} as said on said.resh_id = asked.id::integer
     where ${known('$2::integer')} or ${known('$3::integer')}
     order by resh_id, valid_from`,
    [units, from.revision, to.revision],
  );
  const items = z.array(list.contents[name] as z.ZodType<PlacedUnit[List][number]>).parse(rows);
  const bySide = new Map<number, Sides<PlacedUnit[List][number]>>();
  sides.parse(rows).forEach(({ reshId, isBefore, isAfter }, place) => {
    const unit = bySide.get(reshId) ?? { from: [], to: [] };
    bySide.set(reshId, unit);
    const item = items[place];
    if (item && isBefore) unit.from.push(item);
    if (item && isAfter) unit.to.push(item);
  });
  return bySide;
};

const becameRows = z.array(
  z.object({ reshId: z.number(), kind: z.enum(['MERGE', 'SPLIT', 'REPLACEMENT']), effectiveOn: z.string() }),
);

const readBecame = async (
  tx: ChangeTransaction,
  revision: number,
  units: string,
): Promise<Map<number, UnitAtPoints['became'][number][]>> => {
  const rows = await tx.query(
    `-- what units that differ became
     select s.from_resh_id as "reshId", s.kind::text as kind, s.effective_on::text as "effectiveOn"
     from jsonb_array_elements_text($1::text::jsonb) as asked (id)
     join succession s on s.from_resh_id = asked.id::integer
     where s.recorded_rev <= $2::integer
       and (s.superseded_rev is null or s.superseded_rev > $2::integer)`,
    [units, revision],
  );
  const byReshId = new Map<number, UnitAtPoints['became'][number][]>();
  for (const { reshId, ...became } of becameRows.parse(rows))
    byReshId.set(reshId, [...(byReshId.get(reshId) ?? []), became]);
  return byReshId;
};

/** Units at both points, in the order asked. Seven statements, whatever the number of units. */
const readUnitsAtPoints = async (
  tx: ChangeTransaction,
  differing: Differing,
  reshIds: readonly number[],
): Promise<UnitAtPoints[]> => {
  const units = JSON.stringify(reshIds);
  const versions = await readList(tx, 'versions', differing, units);
  const codes = await readList(tx, 'codes', differing, units);
  const identifiers = await readList(tx, 'identifiers', differing, units);
  const names = await readList(tx, 'names', differing, units);
  const addresses = await readList(tx, 'addresses', differing, units);
  const contactPoints = await readList(tx, 'contactPoints', differing, units);
  const became = await readBecame(tx, differing.to.revision, units);
  const at = (reshId: number, side: 'from' | 'to') => ({
    day: differing[side].day,
    known: {
      versions: versions.get(reshId)?.[side] ?? [],
      codes: codes.get(reshId)?.[side] ?? [],
      identifiers: identifiers.get(reshId)?.[side] ?? [],
      names: names.get(reshId)?.[side] ?? [],
      addresses: addresses.get(reshId)?.[side] ?? [],
      contactPoints: contactPoints.get(reshId)?.[side] ?? [],
    },
  });
  return reshIds.map((reshId) => ({
    reshId,
    from: at(reshId, 'from'),
    to: at(reshId, 'to'),
    became: became.get(reshId) ?? [],
  }));
};

/** A page of the units that differ between two points, in RESH-id order. Eight statements, whatever the number of rows. */
export const readDifferences = async (
  tx: ChangeTransaction,
  { first, after, ...differing }: DifferencePage,
): Promise<UnitDifference[]> => {
  const { within } = differing;
  const rows = await tx.query(
    `-- units that differ between two points
    select resh_id as "reshId"
    from (
    ${unitsThatDiffer('$5::integer', within === undefined ? undefined : '$7::integer')}
    ) as differing
    order by resh_id
    limit $6::integer`,
    [...pointsOf(differing), after ?? 0, first, ...(within === undefined ? [] : [within])],
  );
  const reshIds = found.parse(rows).map(({ reshId }) => reshId);
  if (reshIds.length === 0) return [];
  const units = await readUnitsAtPoints(tx, differing, reshIds);
  return units.flatMap((unit) => {
    const difference = unitDifference(unit, within);
    if (!difference) throw new Error(`Unit ${unit.reshId} was found to differ and does not.`);
    return [difference];
  });
};

/** Number of units that differ between two points. One statement. */
export const countDifferences = async (tx: ChangeTransaction, differing: Differing): Promise<number> => {
  const { within } = differing;
  const rows = await tx.query(
    `-- number of units that differ between two points
    select count(*)::integer as count
    from (
    ${unitsThatDiffer('0', within === undefined ? undefined : '$5::integer')}
    ) as differing`,
    [...pointsOf(differing), ...(within === undefined ? [] : [within])],
  );
  return counted.parse(rows)[0]?.count ?? 0;
};

/** Days asked about, both included, as known at a revision. */
export interface ChangePoints {
  readonly revision: number;
  readonly from: Day;
  readonly to: Day;
  readonly within?: number | undefined;
}

const dayRows = z.array(z.object({ day: z.string() }));

/** The first days on which the register, or what lies within a unit, differs from the day before, in order. One statement. */
export const readChangePoints = async (
  tx: ChangeTransaction,
  { revision, from, to, within }: ChangePoints,
  first: number,
): Promise<Day[]> => {
  // Whoever ever lay within it, on any day.
  const scope = `with scope as materialized (
      select distinct v.resh_id
      from unit_version own
      join unit_version v on v.path_text >= own.path_text and v.path_text < own.path_text || ':'
      where own.resh_id = $5::integer
        and own.recorded_rev <= $1::integer and (own.superseded_rev is null or own.superseded_rev > $1::integer)
        and v.recorded_rev <= $1::integer and (v.superseded_rev is null or v.superseded_rev > $1::integer)
    )`;
  const days =
    within === undefined
      ? daysThatDiffer('')
      : daysThatDiffer(
          `
          and resh_id in (select scope.resh_id from scope)`,
          '$5::integer',
        );
  const rows = await tx.query(
    `-- change points
    ${within === undefined ? '' : scope}
    select day::text as day
    from (
    ${days}
    ) as differing
    group by differing.day
    order by differing.day
    limit $4::integer`,
    [revision, from, to, first, ...(within === undefined ? [] : [within])],
  );
  return dayRows.parse(rows).map(({ day }) => day);
};
