-- parameters: none
-- Numbers the rows to write, for batches.
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

drop table if exists import_new_succession;
create temporary table import_new_succession as
select row_number() over (order by line) as position, from_resh_id, to_resh_id, kind, extent, effective_on
from import_succession
where not rejected;
create index on import_new_succession (position);
