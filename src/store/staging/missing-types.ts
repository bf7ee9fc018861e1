import type { BulkSession } from '../database/bulk-session.ts';

/**
 * Sets the type of staged units without a type: the type of the unit in the register, else organization at the top and
 * department under it.
 */
export function setMissingTypes(session: BulkSession): Promise<void> {
  return session.execute(`-- missing types
    update import_unit u
    set type = coalesce(
      (
        select v.type::text
        from unit_version v
        where v.resh_id = u.resh_id and v.superseded_rev is null
        order by v.valid_from desc
        limit 1
      ),
      case when u.parent_resh_id is null then 'ORGANIZATION' else 'DEPARTMENT' end
    )
    where u.type is null and not u.rejected`);
}
