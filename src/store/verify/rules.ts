import { dateRangeSql } from '../sql/date-range.ts';
import { regionArea, uncoveredRegionsSql, revisionRange } from './bitemporal-regions.ts';

const insertViolation = 'insert into verify_violation (rule, resh_id, days, revisions, problem)\n  select';

/**
 * Finds each violation of the rules of the tree, the paths computed before; a statement for each rule. All but rule 7 are
 * checked in every revision.
 */
export const ruleStatements: readonly string[] = [
  `-- rule 1: one version a unit and day
  ${insertViolation} '1', v.resh_id, ${intersectionColumns('v', 'w')}, 'has two versions on the same days'
  from unit_version v
  join unit_version w on w.resh_id = v.resh_id and w.id > v.id and ${regionsOverlapSql('w', 'v')}`,

  `-- rule 2: a parent is valid on every day its child is
  -- Areas add up where no two versions of the parent meet, which is rule 1. A parent that is nowhere would have one without ends.
  drop table if exists verify_doubtful;
  create temporary table verify_doubtful as
  select v.id, v.resh_id, v.parent_resh_id, ${dateRangeSql('v')} as validity, ${revisionRange('v')} as known
  from unit_version v
  left join unit_version p on p.resh_id = v.parent_resh_id and ${regionsOverlapSql('p', 'v')}
  where v.parent_resh_id is not null
  group by v.id
  having coalesce(sum(${regionArea(`(${dateRangeSql('p')} * ${dateRangeSql('v')})`, `(${revisionRange('p')} * ${revisionRange('v')})`)}) filter (where p.id is not null), 0) <> ${regionArea(dateRangeSql('v'), revisionRange('v'))}
    or v.parent_resh_id in (select resh_id from verify_violation where rule = '1');
  analyze verify_doubtful;
  with parents as (
    select d.id, ${dateRangeSql('p')} as validity, ${revisionRange('p')} as known
    from verify_doubtful d
    join unit_version p on p.resh_id = d.parent_resh_id
  )
  ${insertViolation} '2', resh_id, validity::text, known::text, 'its parent ' || parent_resh_id || ' is not valid on these days'
  from (
    ${uncoveredRegionsSql('id, resh_id, parent_resh_id', 'verify_doubtful', 'parents')}
  ) as lacking
  order by resh_id, known, validity`,

  `-- rule 3: no circles; what no root reaches, though its parents are there
  drop table if exists verify_partly;
  create temporary table verify_partly as
  select v.id, v.resh_id, v.parent_resh_id, ${dateRangeSql('v')} as validity, ${revisionRange('v')} as known
  from unit_version v
  where not exists (select from verify_segment s where s.id = v.id and s.is_whole);
  analyze verify_partly;
  drop table if exists verify_unreached;
  create temporary table verify_unreached as
  ${uncoveredRegionsSql('id, resh_id, parent_resh_id', 'verify_partly', 'verify_segment')};
  with recursive upward as (
    select u.resh_id as start_id, u.resh_id, u.parent_resh_id, u.validity, u.known, array[u.resh_id] as seen, false as is_circle
    from verify_unreached u
    union all
    select w.start_id, u.resh_id, u.parent_resh_id, w.validity * u.validity, w.known * u.known, w.seen || u.resh_id, u.resh_id = w.start_id
    from upward w
    join verify_unreached u on u.resh_id = w.parent_resh_id and u.validity && w.validity and u.known && w.known
    where not w.is_circle and cardinality(w.seen) < 250 and (u.resh_id = w.start_id or not u.resh_id = any(w.seen))
  )
  ${insertViolation} '3', start_id, validity::text, known::text, 'its parents lead back to itself: ' || array_to_string(seen, ', ')
  from upward
  where is_circle
  order by start_id, known, validity;
  -- rule 3: a circle too long to follow, and what is beneath it
  ${insertViolation} '3', u.resh_id, u.validity::text, u.known::text, 'is reached from no root'
  from verify_unreached u
  where not exists (select from verify_violation where rule in ('2', '3'))`,

  `-- rule 4: what stands where
  ${insertViolation} '4', v.resh_id, ${dateRangeSql('v')}::text, ${revisionRange('v')}::text, 'is a department without a parent'
  from unit_version v
  where v.type = 'DEPARTMENT' and v.parent_resh_id is null;
  ${insertViolation} '4', v.resh_id, ${intersectionColumns('v', 'p')}, 'is an organization beneath the department ' || p.resh_id
  from unit_version v
  join unit_version p on p.resh_id = v.parent_resh_id and ${regionsOverlapSql('p', 'v')}
  where v.type = 'ORGANIZATION' and p.type = 'DEPARTMENT'`,

  `-- rule 5: an organization number belongs to one unit a day
  ${insertViolation} '5', w.resh_id, ${intersectionColumns('v', 'w')}, 'has organization number ' || v.organization_number || ', which is that of unit ' || v.resh_id || ' too'
  from unit_version v
  join unit_version w on w.organization_number = v.organization_number and w.resh_id > v.resh_id and ${regionsOverlapSql('w', 'v')}`,

  `-- rule 6: RESH-ids are never given again
  ${insertViolation} '6', v.resh_id, ${dateRangeSql('v')}::text, ${revisionRange('v')}::text, 'was withdrawn before revision ' || v.recorded_rev || ', which has it again'
  from unit_version v
  join unit u on u.resh_id = v.resh_id
  where v.recorded_rev > u.registered_rev
    and not exists (
      select from unit_version b
      where b.resh_id = v.resh_id and b.recorded_rev < v.recorded_rev and (b.superseded_rev is null or b.superseded_rev >= v.recorded_rev)
    );
  ${insertViolation} '6', g.greatest, null, null, 'is greater than ' || s.last_value || ', the last RESH-id that was given: the next ones may be taken already'
  from (select max(resh_id) as greatest from unit) as g
  cross join resh_id_seq s
  where g.greatest > s.last_value`,

  `-- rule 7: treatment sites are valid on the days they are used
  with site_days as (
    select organization_number, range_agg(${dateRangeSql('t')}) as days
    from treatment_site_version t
    where t.superseded_rev is null
    group by organization_number
    having bool_or(valid_from is not null or valid_to is not null)
  )
  ${insertViolation} '7', v.resh_id, (datemultirange(${dateRangeSql('v')}) - s.days)::text, ${revisionRange('v')}::text, 'treatment site ' || v.treatment_site_number || ' is not valid on these days'
  from unit_version v
  join site_days s on s.organization_number = v.treatment_site_number
  where v.superseded_rev is null and not s.days @> ${dateRangeSql('v')};
  -- rule 7: codes are given on days on which they are valid
  with code_days as (
    select code_set, code, range_agg(${dateRangeSql('c')}) as days
    from code_version c
    where c.superseded_rev is null
    group by code_set, code
    having bool_or(valid_from is not null or valid_to is not null)
  )
  ${insertViolation} '7', u.resh_id, ${dateRangeSql('u')}::text, ${revisionRange('u')}::text, 'code ' || u.code_set || ':' || u.code || ' was given on a day on which it is not valid'
  from unit_code u
  join code_days c on c.code_set = u.code_set and c.code = u.code
  where u.superseded_rev is null
    and not c.days @> u.valid_from
    and not exists (
      select from unit_code b
      where b.superseded_rev is null and b.resh_id = u.resh_id and b.code_set = u.code_set and b.code = u.code and b.valid_to = u.valid_from
    );
  -- rule 7: designations are given before their end
  with ended as (
    select code, max(coalesce(valid_to, 'infinity'::date)) as end_day
    from code_version
    where superseded_rev is null and code_set = 8624
    group by code
  )
  ${insertViolation} '7', v.resh_id, ${dateRangeSql('v')}::text, ${revisionRange('v')}::text, 'designation ' || v.designation_code || ' was given after its end on ' || e.end_day
  from unit_version v
  join ended e on e.code = v.designation_code and e.end_day <= v.valid_from
  where v.superseded_rev is null
    and not exists (
      select from unit_version b
      where b.superseded_rev is null and b.resh_id = v.resh_id and b.designation_code = v.designation_code and b.valid_to = v.valid_from
    )`,

  `-- paths: as the parents say, and one for each row
  ${insertViolation} 'path', v.resh_id, s.validity::text, s.known::text, 'the stored path ' || array_to_string(v.path, '/') || ' (' || v.path_text || ') is not ' || array_to_string(s.path, '/')
  from unit_version v
  join verify_segment s on s.id = v.id
  where v.path <> s.path or v.path_text <> s.path_text`,

  `-- derived text: as the names say
  ${insertViolation} 'text', v.resh_id, ${dateRangeSql('v')}::text, ${revisionRange('v')}::text, 'the text that searches and orders go by is not that of its names'
  from unit_version v
  where v.name_sort_key <> norwegian_sort_key(v.name)
    or v.name_folded <> fold_text(v.name)
    or v.short_name_folded is distinct from fold_text(v.short_name)`,
];

/** Where both rows hold, as the columns days and revisions. */
function intersectionColumns(one: string, other: string): string {
  return `(${dateRangeSql(one)} * ${dateRangeSql(other)})::text, (${revisionRange(one)} * ${revisionRange(other)})::text`;
}

/** Rows of both aliases hold on the same days in the same revisions. */
function regionsOverlapSql(one: string, other: string): string {
  return `${dateRangeSql(one)} && ${dateRangeSql(other)} and ${revisionRange(one)} && ${revisionRange(other)}`;
}
