create index on org_unit (parent_id);
create index on org_unit (site_number);
create index on org_unit using gin (name gin_trgm_ops);
create index on unit_specialty (code, unit_id);
create index on unit_interval (tree_left, tree_right) include (id);
