-- Functions that PostGraphile exposes as fields; those that end in _rm read the read model.
create type code_count as (code text, n int);

create function subtree(root int) returns setof org_unit language sql stable as $$
  with recursive tree as (
    select u.* from org_unit u where u.id = root
    union all
    select child.* from tree join org_unit child on child.parent_id = tree.id
  )
  select * from tree
$$;

create function subtree_rm(root int) returns setof unit_read_model language sql stable as $$
  select u.*
  from unit_read_model u
  where u.tree_left >= (select tree_left from unit_read_model where id = root)
    and u.tree_left <= (select tree_right from unit_read_model where id = root)
$$;

create function subtree_code_counts(root int) returns setof code_count language sql stable as $$
  with recursive tree as (
    select root as id
    union all
    select child.id from tree join org_unit child on child.parent_id = tree.id
  )
  select s.code, count(*)::int
  from tree
  join unit_specialty s on s.unit_id = tree.id
  group by 1
  order by 2 desc, 1
$$;

create function subtree_code_counts_rm(root int) returns setof code_count language sql stable as $$
  select c.code, count(*)::int
  from unit_code_read_model c
  where c.tree_left >= (select tree_left from unit_read_model where id = root)
    and c.tree_left <= (select tree_right from unit_read_model where id = root)
  group by 1
  order by 2 desc, 1
$$;

create function units_by_ids(ids int[]) returns setof org_unit language sql stable as $$
  select u.* from org_unit u where u.id = any(ids)
$$;

create function units_by_ids_rm(ids int[]) returns setof unit_read_model language sql stable as $$
  select u.* from unit_read_model u where u.id = any(ids)
$$;

create function org_unit_region(u org_unit) returns org_unit language sql stable as $$
  select region.* from unit_path p join org_unit region on region.id = p.ids[1] where p.id = u.id
$$;

create function org_unit_enterprise(u org_unit) returns org_unit language sql stable as $$
  select enterprise.*
  from unit_path p, unnest(p.ids) with ordinality as above(id, place)
  join org_unit enterprise on enterprise.id = above.id
  where p.id = u.id and enterprise.kind = 'ORGANIZATION'
  order by above.place desc
  limit 1
$$;

-- Units with all words in their name, the most similar name first.
create function search_units(words text[], phrase text) returns setof org_unit language sql stable as $$
  select u.*
  from org_unit u
  where u.name ilike all (words)
  order by similarity(u.name, phrase) desc, u.name, u.id
  limit 20
$$;
