-- parameters: revision
insert into treatment_site (organization_number, registered_rev)
select distinct organization_number, :revision
from import_site
where not rejected
union
select organization_number, :revision
from import_missing_site
order by organization_number
-- a site whose registration was undone keeps its number
on conflict do nothing;

insert into treatment_site_version (
  organization_number, name, municipality, address_lines, postal_code, city, legal_entity_resh_id, valid_from, valid_to,
  recorded_rev
)
select
  organization_number, name, municipality, '{}', postal_code, city, trust_resh_id, valid_from, valid_to, :revision
from import_site
where not rejected
order by organization_number, valid_from nulls first;

insert into treatment_site_version (organization_number, name, address_lines, recorded_rev)
select organization_number, organization_number, '{}', :revision
from import_missing_site
order by organization_number;

insert into code_set (number, oid, name, registered_rev)
select
  c.code_set,
  '2.16.578.1.12.4.1.1.' || c.code_set,
  coalesce(
    (array_agg(c.code_set_name order by c.line) filter (where c.code_set_name is not null))[1],
    'Code set ' || c.code_set
  ),
  :revision
from import_code c
where not c.rejected
  and not exists (select from code_set s where s.number = c.code_set)
group by c.code_set
order by c.code_set;

insert into code (code_set, code, registered_rev)
select distinct code_set, code, :revision
from import_code
where not rejected
order by code_set, code;

insert into code_version (
  code_set, code, name, parent_code, retired, replaced_by, valid_from, valid_to, recorded_rev
)
select code_set, code, name, parent_code, retired, replaced_by, valid_from, valid_to, :revision
from import_code
where not rejected
order by code_set, code, valid_from nulls first;
