import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { checkParents, checkParentTypes, createExistingParents, type TreeRules } from '../staging/parents.ts';
import { buildTree } from '../staging/tree.ts';
import { isCurrentSql } from './current-row.ts';

/**
 * Builds the tree of a desired state in `import_placement`, and rejects rows that have no place in it. Call it again
 * after rows were rejected to build the tree without them.
 *
 * @param within RESH-id of the unit above the desired state, or null
 */
export async function buildDesiredTree(session: BulkSession, day: Day, within: number | null): Promise<void> {
  const rules: TreeRules = { within, includesRejected: false };
  await createExistingParents(session, existingParentsSql(day, within));
  await checkParents(session, rules);
  await checkParentTypes(session, rules);
  await buildTree(session, rules);
}

// A unit with a rejected row stays as it is in the register, so it can be a parent. Levels are counted from there.
function existingParentsSql(day: Day, within: number | null): string {
  return `select v.resh_id, v.type::text, daterange(date '${day}', null), '{}'::integer[], ''
      from unit_version v
      where v.resh_id in (
          select resh_id
          from import_unit
          where rejected
          union all
          select ${within ?? 'null'}::integer
        )
        and ${isCurrentSql('v', `date '${day}'`)}`;
}
