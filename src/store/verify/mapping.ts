import { dateRangeSql } from '../sql/date-range.ts';
import { regionArea, uncoveredRegionsSql, revisionRange } from './bitemporal-regions.ts';

const insertViolation = `insert into verify_violation (rule, resh_id, days, revisions, problem)
  select 'mapping'`;

/** Finds what is wrong in other systems' trees, in every revision: a node twice on a day, a parent that is not there, a circle. */
export const mappingStatements: readonly string[] = [
  `-- mapping: one row a node and day
  ${insertViolation}, m.resh_id, (${dateRangeSql('m')} * ${dateRangeSql('o')})::text, (${revisionRange('m')} * ${revisionRange('o')})::text,
    ${nodeLabelSql('m')} || ' stands twice on the same days'
  from mapping_node m
  join mapping_node o on o.system_id = m.system_id and o.node_id = m.node_id and o.id > m.id and ${regionsOverlapSql('o', 'm')}`,

  `-- mapping: a parent is there on every day its child is
  drop table if exists verify_mapped;
  create temporary table verify_mapped as
  select m.id, m.system_id, m.node_id, m.parent_node_id, m.resh_id, ${dateRangeSql('m')} as validity, ${revisionRange('m')} as known
  from mapping_node m
  -- A parent that is nowhere would have a range without ends.
  left join mapping_node p on p.system_id = m.system_id and p.node_id = m.parent_node_id and ${regionsOverlapSql('p', 'm')}
  where m.parent_node_id is not null
  group by m.id
  having coalesce(sum(${regionArea(`(${dateRangeSql('p')} * ${dateRangeSql('m')})`, `(${revisionRange('p')} * ${revisionRange('m')})`)}) filter (where p.id is not null), 0) <> ${regionArea(dateRangeSql('m'), revisionRange('m'))};
  analyze verify_mapped;
  with parents as (
    select d.id, ${dateRangeSql('p')} as validity, ${revisionRange('p')} as known
    from verify_mapped d
    join mapping_node p on p.system_id = d.system_id and p.node_id = d.parent_node_id
  )
  ${insertViolation}, lacking.resh_id, validity::text, known::text,
    ${nodeLabelSql('lacking')} || ': its parent «' || parent_node_id || '» is not there on these days'
  from (
    ${uncoveredRegionsSql('id, system_id, node_id, parent_node_id, resh_id', 'verify_mapped', 'parents')}
  ) as lacking
  order by system_id, node_id, known, validity`,

  `-- mapping: no circles
  with recursive upward as (
    select m.system_id, m.node_id, m.resh_id, m.parent_node_id as above, ${dateRangeSql('m')} as validity, ${revisionRange('m')} as known,
      array[m.node_id] as seen
    from mapping_node m
    where m.parent_node_id is not null
    union all
    select w.system_id, w.node_id, w.resh_id, p.parent_node_id, w.validity * ${dateRangeSql('p')}, w.known * ${revisionRange('p')}, w.seen || p.node_id
    from upward w
    join mapping_node p on p.system_id = w.system_id and p.node_id = w.above
    where ${dateRangeSql('p')} && w.validity
      and ${revisionRange('p')} && w.known
      and not p.node_id = any(w.seen)
  )
  ${insertViolation}, upward.resh_id, validity::text, known::text,
    ${nodeLabelSql('upward')} || ': its parents lead back to itself: ' || array_to_string(seen, ', ')
  from upward
  where above = node_id
  order by system_id, node_id, known, validity`,
];

function nodeLabelSql(node: string): string {
  return `'node «' || ${node}.node_id || '» of ' || ${node}.system_id`;
}

/** Rows of both aliases hold on the same days in the same revisions. */
function regionsOverlapSql(one: string, other: string): string {
  return `${dateRangeSql(one)} && ${dateRangeSql(other)} and ${revisionRange(one)} && ${revisionRange(other)}`;
}
