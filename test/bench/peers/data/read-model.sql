-- A row for each unit in tree order, with its interval, path and codes.
create table unit_read_model as
select
  u.id, u.parent_id, u.name, u.kind, u.org_number, u.site_number,
  i.tree_left, i.tree_right,
  p.depth,
  p.ids[1] as region_id,
  p.ids[least(2, p.depth)] as enterprise_id,
  coalesce((select array_agg(s.code order by s.code) from unit_specialty s where s.unit_id = u.id), '{}') as codes
from org_unit u
join unit_interval i using (id)
join unit_path p using (id)
order by i.tree_left;

alter table unit_read_model
  add primary key (id),
  add foreign key (parent_id) references unit_read_model,
  add foreign key (enterprise_id) references unit_read_model,
  add foreign key (region_id) references unit_read_model,
  add foreign key (site_number) references treatment_site;
create unique index on unit_read_model (tree_left);
create index on unit_read_model (parent_id);
create index on unit_read_model (enterprise_id);
create index on unit_read_model (region_id);
create index on unit_read_model (site_number);

create table unit_code_read_model as
select i.tree_left, s.code
from unit_specialty s
join unit_interval i on i.id = s.unit_id
order by i.tree_left;
create index on unit_code_read_model (tree_left) include (code);
create index on unit_code_read_model (code, tree_left);
