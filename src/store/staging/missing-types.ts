import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';

/**
 * Sets the type of staged units without a type: the type of the unit in the register on the day, or the last one before
 * it, or the first one after it; else organization at the top and department under it.
 */
export async function setMissingTypes(session: BulkSession, day: Day): Promise<void> {
  await session.query(
    `-- missing types
    update import_unit u
    set type = coalesce(
      (
        select v.type::text
        from unit_version v
        where v.resh_id = u.resh_id and v.superseded_rev is null
        order by v.valid_from > $1::text::date, abs(v.valid_from - $1::text::date)
        limit 1
      ),
      case when u.parent_resh_id is null then 'ORGANIZATION' else 'DEPARTMENT' end
    )
    where u.type is null and not u.rejected`,
    [day],
  );
}
