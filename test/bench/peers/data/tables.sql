-- Tables as an application without history has them, and two usual indexes of a tree: paths and nested intervals.
create extension pg_stat_statements;
create extension pg_trgm;

create table treatment_site (
  number text primary key,
  name text not null
);

create table org_unit (
  id int primary key,
  parent_id int references org_unit,
  name text not null,
  kind text not null,
  org_number text not null,
  site_number text references treatment_site
);

create table unit_specialty (
  unit_id int not null references org_unit,
  code text not null,
  primary key (unit_id, code)
);

-- Ids from the root to the unit itself.
create table unit_path (
  id int primary key,
  ids int[] not null,
  depth int not null
);

-- The interval of a unit contains the intervals of all units under it.
create table unit_interval (
  id int primary key,
  tree_left int not null,
  tree_right int not null
);
