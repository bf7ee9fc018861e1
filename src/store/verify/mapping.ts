import { dateRangeSql } from '../sql/date-range.ts';
import {
  isPartlyCoveredSql,
  regionColumns,
  regionsOverlapSql,
  revisionRange,
  sharedRegionText,
  uncoveredRegionsSql,
} from './bitemporal-regions.ts';
import { insertViolation } from './violation.ts';

/** Statements that find duplicate nodes, missing parents and cycles in the trees of other systems, in all revisions. */
export const mappingStatements: readonly string[] = [
  `-- mapping: one row per node and day
  ${insertViolation}
  select 'mapping', m.resh_id, ${sharedRegionText('m', 'o')},
    ${nodeLabelSql('m')} || ' has two rows on the same days'
  from mapping_node m
  join mapping_node o on o.system_id = m.system_id
    and o.node_id = m.node_id
    and o.id > m.id
    and ${regionsOverlapSql('o', 'm')}`,

  `-- mapping: a parent is valid on every day its child is
  drop table if exists verify_mapped;
  create temporary table verify_mapped as
  select m.id, m.system_id, m.node_id, m.parent_node_id, m.resh_id, ${regionColumns('m')}
  from mapping_node m
  left join mapping_node p on p.system_id = m.system_id
    and p.node_id = m.parent_node_id
    and ${regionsOverlapSql('p', 'm')}
  where m.parent_node_id is not null
  group by m.id
  having ${isPartlyCoveredSql('m', 'p')};
  analyze verify_mapped;
  with parents as (
    select d.id, ${regionColumns('p')}
    from verify_mapped d
    join mapping_node p on p.system_id = d.system_id
      and p.node_id = d.parent_node_id
  )
  ${insertViolation}
  select 'mapping', uncovered.resh_id, validity::text, known::text,
    ${nodeLabelSql('uncovered')} || ': its parent "' || parent_node_id || '" is not valid on these days'
  from (
    ${uncoveredRegionsSql('id, system_id, node_id, parent_node_id, resh_id', 'verify_mapped', 'parents')}
  ) as uncovered
  order by system_id, node_id, known, validity`,

  `-- mapping: no cycles
  with recursive upward as (
    select m.system_id, m.node_id, m.resh_id, m.parent_node_id as above, ${regionColumns('m')},
      array[m.node_id] as seen
    from mapping_node m
    where m.parent_node_id is not null
    union all
    select w.system_id, w.node_id, w.resh_id, p.parent_node_id,
      w.validity * ${dateRangeSql('p')},
      w.known * ${revisionRange('p')},
      w.seen || p.node_id
    from upward w
    join mapping_node p on p.system_id = w.system_id
      and p.node_id = w.above
    where ${dateRangeSql('p')} && w.validity
      and ${revisionRange('p')} && w.known
      and not p.node_id = any(w.seen)
  )
  ${insertViolation}
  select 'mapping', upward.resh_id, validity::text, known::text,
    ${nodeLabelSql('upward')} || ' is its own ancestor: ' || array_to_string(seen, ', ')
  from upward
  where above = node_id
  order by system_id, node_id, known, validity`,
];

function nodeLabelSql(node: string): string {
  return `'node "' || ${node}.node_id || '" of ' || ${node}.system_id`;
}
