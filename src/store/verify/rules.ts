import { dateRangeSql } from '../sql/date-range.ts';
import {
  isPartlyCoveredSql,
  regionColumns,
  regionsOverlapSql,
  regionText,
  revisionRange,
  sharedRegionText,
  uncoveredRegionsSql,
} from './bitemporal-regions.ts';
import { insertViolation } from './violation.ts';

/**
 * Statements that find violations of the rules of the tree, one per rule, in all revisions (rule 7 in current rows
 * only). They expect the computed paths in `verify_segment`.
 */
export const ruleStatements: readonly string[] = [
  `-- rule 1: one version per unit and day
  ${insertViolation}
  select '1', v.resh_id, ${sharedRegionText('v', 'w')},
    'has two versions on the same days'
  from unit_version v
  join unit_version w on w.resh_id = v.resh_id
    and w.id > v.id
    and ${regionsOverlapSql('w', 'v')}`,

  `-- rule 2: a parent is valid on every day its child is
  drop table if exists verify_doubtful;
  create temporary table verify_doubtful as
  select v.id, v.resh_id, v.parent_resh_id, ${regionColumns('v')}
  from unit_version v
  left join unit_version p on p.resh_id = v.parent_resh_id
    and ${regionsOverlapSql('p', 'v')}
  where v.parent_resh_id is not null
  group by v.id
  having ${isPartlyCoveredSql('v', 'p')}
    -- The versions of a parent that breaks rule 1 overlap, so their areas do not add up.
    or v.parent_resh_id in (select resh_id from verify_violation where rule = '1');
  analyze verify_doubtful;
  with parents as (
    select d.id, ${regionColumns('p')}
    from verify_doubtful d
    join unit_version p on p.resh_id = d.parent_resh_id
  )
  ${insertViolation}
  select '2', resh_id, validity::text, known::text,
    'its parent ' || parent_resh_id || ' is not valid on these days'
  from (
    ${uncoveredRegionsSql('id, resh_id, parent_resh_id', 'verify_doubtful', 'parents')}
  ) as uncovered
  order by resh_id, known, validity`,

  `-- rule 3: no cycles
  drop table if exists verify_partial;
  create temporary table verify_partial as
  select v.id, v.resh_id, v.parent_resh_id, ${regionColumns('v')}
  from unit_version v
  where not exists (select from verify_segment s where s.id = v.id and s.is_whole);
  analyze verify_partial;
  drop table if exists verify_unreached;
  create temporary table verify_unreached as
  ${uncoveredRegionsSql('id, resh_id, parent_resh_id', 'verify_partial', 'verify_segment')};
  with recursive upward as (
    select u.resh_id as start_id, u.resh_id, u.parent_resh_id, u.validity, u.known,
      array[u.resh_id] as seen,
      false as is_cycle
    from verify_unreached u
    union all
    select w.start_id, u.resh_id, u.parent_resh_id, w.validity * u.validity, w.known * u.known,
      w.seen || u.resh_id,
      u.resh_id = w.start_id
    from upward w
    join verify_unreached u on u.resh_id = w.parent_resh_id
      and u.validity && w.validity
      and u.known && w.known
    where not w.is_cycle
      and cardinality(w.seen) < 250
      and (u.resh_id = w.start_id or not u.resh_id = any(w.seen))
  )
  ${insertViolation}
  select '3', start_id, validity::text, known::text,
    'is its own ancestor: ' || array_to_string(seen, ', ')
  from upward
  where is_cycle
  order by start_id, known, validity;
  -- rule 3: units in or under a cycle of more than 250 units
  ${insertViolation}
  select '3', u.resh_id, u.validity::text, u.known::text,
    'cannot be reached from any root'
  from verify_unreached u
  where not exists (select from verify_violation where rule in ('2', '3'))`,

  `-- rule 4: types of parents
  ${insertViolation}
  select '4', v.resh_id, ${regionText('v')},
    'is a department without a parent'
  from unit_version v
  where v.type = 'DEPARTMENT'
    and v.parent_resh_id is null;
  ${insertViolation}
  select '4', v.resh_id, ${sharedRegionText('v', 'p')},
    'is an organization under department ' || p.resh_id
  from unit_version v
  join unit_version p on p.resh_id = v.parent_resh_id
    and ${regionsOverlapSql('p', 'v')}
  where v.type = 'ORGANIZATION'
    and p.type = 'DEPARTMENT'`,

  `-- rule 5: an organization number belongs to one unit per day
  ${insertViolation}
  select '5', w.resh_id, ${sharedRegionText('v', 'w')},
    'has organization number ' || v.organization_number || ', which unit ' || v.resh_id || ' also has'
  from unit_version v
  join unit_version w on w.organization_number = v.organization_number
    and w.resh_id > v.resh_id
    and ${regionsOverlapSql('w', 'v')}`,

  `-- rule 6: RESH-ids are never reused
  ${insertViolation}
  select '6', v.resh_id, ${regionText('v')},
    'was withdrawn before revision ' || v.recorded_rev || ', which reuses its RESH-id'
  from unit_version v
  join unit u on u.resh_id = v.resh_id
  join change c on c.revision = v.recorded_rev
  where v.recorded_rev > u.registered_rev
    -- Undoing a withdrawal brings the same unit back.
    and c.operation <> 'UNDO_CHANGE'
    and not exists (
      select from unit_version b
      where b.resh_id = v.resh_id
        and b.recorded_rev < v.recorded_rev
        and (b.superseded_rev is null or b.superseded_rev >= v.recorded_rev)
    );
  ${insertViolation}
  select '6', g.greatest, null, null,
    'is greater than ' || s.last_value || ', the last value of resh_id_seq, which may assign it again'
  from (select max(resh_id) as greatest from unit) as g
  cross join resh_id_seq s
  where g.greatest > s.last_value`,

  `-- rule 7: reference data is valid when it is given
  with site_days as (
    select organization_number, range_agg(${dateRangeSql('t')}) as days
    from treatment_site_version t
    where t.superseded_rev is null
    group by organization_number
    having bool_or(valid_from is not null or valid_to is not null)
  )
  ${insertViolation}
  select '7', v.resh_id, (datemultirange(${dateRangeSql('v')}) - s.days)::text, ${revisionRange('v')}::text,
    'treatment site ' || v.treatment_site_number || ' is not valid on these days'
  from unit_version v
  join site_days s on s.organization_number = v.treatment_site_number
  where v.superseded_rev is null
    and not s.days @> ${dateRangeSql('v')};
  -- rule 7: codes are valid on the day they are assigned
  with code_days as (
    select code_set, code, range_agg(${dateRangeSql('c')}) as days
    from code_version c
    where c.superseded_rev is null
    group by code_set, code
    having bool_or(valid_from is not null or valid_to is not null)
  )
  ${insertViolation}
  select '7', u.resh_id, ${regionText('u')},
    'code ' || u.code_set || ':' || u.code || ' was assigned on a day on which it is not valid'
  from unit_code u
  join code_days c on c.code_set = u.code_set
    and c.code = u.code
  where u.superseded_rev is null
    and not c.days @> u.valid_from
    and not exists (
      select from unit_code b
      where b.superseded_rev is null
        and b.resh_id = u.resh_id
        and b.code_set = u.code_set
        and b.code = u.code
        and b.valid_to = u.valid_from
    );
  -- rule 7: designations are assigned before they end
  with ended as (
    select code, max(coalesce(valid_to, 'infinity'::date)) as end_day
    from code_version
    where superseded_rev is null
      and code_set = 8624
    group by code
  )
  ${insertViolation}
  select '7', v.resh_id, ${regionText('v')},
    'designation ' || v.designation_code || ' was assigned after its end on ' || e.end_day
  from unit_version v
  join ended e on e.code = v.designation_code
    and e.end_day <= v.valid_from
  where v.superseded_rev is null
    and not exists (
      select from unit_version b
      where b.superseded_rev is null
        and b.resh_id = v.resh_id
        and b.designation_code = v.designation_code
        and b.valid_to = v.valid_from
    )`,

  `-- paths: each stored path matches the parents
  ${insertViolation}
  select 'path', v.resh_id, s.validity::text, s.known::text,
    'the stored path ' || array_to_string(v.path, '/') || ' (' || v.path_text || ') is not '
      || array_to_string(s.path, '/')
  from unit_version v
  join verify_segment s on s.id = v.id
  where v.path <> s.path
    or v.path_text <> s.path_text`,

  `-- derived text: sort keys and folded names match the names
  ${insertViolation}
  select 'text', v.resh_id, ${regionText('v')},
    'its sort key or folded name does not match its names'
  from unit_version v
  where v.name_sort_key <> norwegian_sort_key(v.name)
    or v.name_folded <> fold_text(v.name)
    or v.short_name_folded is distinct from fold_text(v.short_name)`,
];
