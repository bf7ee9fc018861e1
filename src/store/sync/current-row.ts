import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { validOn } from '../sql/temporal-conditions.ts';

/** Returns the condition that a row is current and valid on a day; the day is the parameter `$1` by default. */
export function isCurrentSql(row: string, day = '$1::text::date'): string {
  return `${row}.superseded_rev is null
        and ${validOn(day, row)}`;
}

/** Returns whether a unit is valid on a day. */
export async function isUnitValidOn(session: BulkSession, reshId: number, day: Day): Promise<boolean> {
  const rows = await session.query(
    `-- whether a unit is valid
     select 1 as valid
     from unit_version v
     where v.resh_id = $2::integer and ${isCurrentSql('v')}`,
    [day, reshId],
  );
  return rows.length > 0;
}
