import type { Snapshot } from '../../domain/time/snapshot.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, snapshotKeySql } from './temporal-conditions.ts';

/** Path under which the enterprise of a unit is looked up: units with the same organizations above have the same. */
export const enterprisePathSql = Prisma.sql`
      case
        when matched_unit.type = 'ORGANIZATION' then matched_unit.path
        else matched_unit.path[:cardinality(matched_unit.path) - 1]
      end`;

/**
 * Returns common table expressions that end with `enterprise`: for each {@link enterprisePathSql} of the rows of
 * `matched_unit`, the RESH-id of the enterprise and the number of rows. Paths without an organization are absent. What
 * is above a closed unit may be closed too.
 */
export function enterprisesSql(snapshot: Snapshot): Prisma.Sql {
  return Prisma.sql`
    enterprise_path as materialized (
      select ${enterprisePathSql} as path, count(*) as count
      from matched_unit
      group by 1
    ),
    organization as materialized (
      select ancestor.resh_id
      from (select distinct unnest(path) as resh_id from enterprise_path) as ancestor
      cross join ${snapshotKeySql(snapshot)}
      cross join lateral (
        select v.type
        from unit_version v
        where v.resh_id = ancestor.resh_id
          and ${knownAtKeyRevision('v')}
          and v.valid_from <= key.day
        order by v.valid_from desc
        limit 1
        offset 0
      ) v
      where v.type = 'ORGANIZATION'
    ),
    enterprise as materialized (
      select p.path, p.path[max(step.depth)] as resh_id, p.count
      from enterprise_path p
      cross join lateral unnest(p.path) with ordinality as step (resh_id, depth)
      join organization on organization.resh_id = step.resh_id
      group by p.path, p.count
    )`;
}
