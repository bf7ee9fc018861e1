-- parameters: none
-- Puts what is written in the order of the tree, so that a subtree lies together on disk, and numbers it for writing in batches.
drop table if exists import_version;
create temporary table import_version as
select
  row_number() over (order by p.path_text, p.validity) as position,
  u.resh_id, lower(p.validity) as valid_from, upper(p.validity) as valid_to, u.parent_resh_id, u.type::unit_type as type,
  u.name, u.short_name, u.designation, u.designation_text, u.organization_number, u.treatment_site_number,
  u.responsible_person, p.path, p.path_text
from import_placement p
join import_unit u on u.line = p.line
order by p.path_text, p.validity;
create index on import_version (position);
analyze import_version;

delete from import_code_period p
using import_unit_code d
where d.line = p.line and d.rejected;
alter table import_code_period add column position bigint generated always as identity;
create index on import_code_period (position);

delete from import_identifier_period p
using import_identifier d
where d.line = p.line and d.rejected;
alter table import_identifier_period add column position bigint generated always as identity;
create index on import_identifier_period (position);
