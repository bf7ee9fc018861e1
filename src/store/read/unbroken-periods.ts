import { z } from 'zod';
import type { Period } from '../../domain/time/period.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { rowSchema } from '../sql/columns.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { knownAt } from '../sql/temporal-conditions.ts';
import { unitVersion } from '../tables.ts';

/** Unbroken periods of a unit around a day. */
export interface UnbrokenPeriods {
  /** The period in which the unit is valid */
  readonly validity: Period;
  /** The period in which the unit has its path */
  readonly placed: Period;
}

/** A version of a unit that is valid on the day. */
interface VersionOnDay extends Period {
  readonly reshId: number;
  readonly pathText: string;
}

const { key, period } = unitVersion;
const periodRows = z.array(rowSchema({ ...key, ...period, placedFrom: period.from, placedTo: period.to }));

// Both periods of a unit with a single version are those of the version.
const unbrokenPeriodsSql = `-- unbroken periods of units
  select
    known.resh_id as "reshId",
    lower(valid.days)::text as "from",
    upper(valid.days)::text as "to",
    lower(placed.days)::text as "placedFrom",
    upper(placed.days)::text as "placedTo"
  from (
    select
      v.resh_id,
      range_agg(${dateRangeSql('v')}) as valid_days,
      range_agg(${dateRangeSql('v')}) filter (where v.path_text = unit.path_text collate "C") as placed_days
    from unnest($3::integer[], $4::text[]) as unit (resh_id, path_text)
    join unit_version v on v.resh_id = unit.resh_id
    where ${knownAt('$1::integer', 'v')}
    group by v.resh_id
    having count(*) > 1
  ) known
  cross join lateral unnest(known.valid_days) as valid (days)
  cross join lateral unnest(known.placed_days) as placed (days)
  where valid.days @> $2::date
    and placed.days @> $2::date`;

/**
 * Returns the unbroken periods around a day of each unit. One statement.
 *
 * @param versions the versions of the units on the day, as known at the revision
 */
export async function readUnbrokenPeriods(
  client: SqlClient,
  { revision, day }: Snapshot,
  versions: readonly VersionOnDay[],
): Promise<UnbrokenPeriods[]> {
  const [reshIds, pathTexts] = [versions.map(({ reshId }) => reshId), versions.map(({ pathText }) => pathText)];
  const rows = periodRows.parse(await client.query(unbrokenPeriodsSql, [revision, day, reshIds, pathTexts]));
  const periods = new Map(
    rows.map(({ reshId, from, to, placedFrom, placedTo }) => [
      reshId,
      { validity: { from, to }, placed: { from: placedFrom, to: placedTo } },
    ]),
  );
  return versions.map(({ reshId, from, to }) => {
    const validity = { from, to };
    return periods.get(reshId) ?? { validity, placed: validity };
  });
}
