// One statement for each query: PostgreSQL builds the whole answer as JSON from the read model.

const inSubtree = `
  u.tree_left >= (select tree_left from unit_read_model where id = $1::int)
  and u.tree_left <= (select tree_right from unit_read_model where id = $1::int)`;

const subtree = `
  select json_build_object('data', json_build_object('subtree', json_agg(json_build_object(
    'id', u.id, 'name', u.name, 'kind', u.kind, 'orgNumber', u.org_number, 'parentId', u.parent_id
  ))))::text
  from unit_read_model u
  where ${inSubtree}`;

const search = `
  select json_build_object('data', json_build_object('search', coalesce(
    json_agg(json_build_object('id', id, 'name', name)), '[]'::json
  )))::text
  from (
    select id, name
    from org_unit u
    where u.name ilike ($1::text[])[1]
      and u.name ilike coalesce(($1::text[])[2], '%')
      and u.name ilike coalesce(($1::text[])[3], '%')
    order by similarity(u.name, $2) desc, u.name, u.id
    limit 20
  ) found`;

export const statements = {
  Q1: `
    select json_build_object('data', json_build_object('unit', json_build_object(
      'id', u.id, 'name', u.name, 'kind', u.kind, 'orgNumber', u.org_number, 'specialties', ${specialtiesOf('u')},
      'parent', ${parentOf('u', 9)}
    )))::text
    from unit_read_model u
    where u.id = $1`,
  Q2: `
    select json_build_object('data', json_build_object('unit', json_build_object(
      'id', u.id, 'name', u.name, 'specialties', ${specialtiesOf('u')}, 'children', ${childrenOf('u', 4)}
    )))::text
    from unit_read_model u
    where u.id = $1`,
  Q3: subtree,
  Q3L: subtree,
  Q4: `
    select json_build_object('data', json_build_object('subtreeCodeCounts', json_agg(
      json_build_object('code', code, 'n', n) order by n desc, code
    )))::text
    from (
      select u.code, count(*)::int as n
      from unit_code_read_model u
      where ${inSubtree}
      group by 1
    ) counts`,
  Q5: `
    select json_build_object('data', json_build_object('units', json_agg(json_build_object(
      'id', u.id, 'name', u.name,
      'enterprise', json_build_object('id', enterprise.id, 'name', enterprise.name),
      'region', json_build_object('id', region.id, 'name', region.name),
      'site', case when s.number is not null then json_build_object('number', s.number, 'name', s.name) end
    ))))::text
    from unit_read_model u
    join unit_read_model enterprise on enterprise.id = u.enterprise_id
    join unit_read_model region on region.id = u.region_id
    left join treatment_site s on s.number = u.site_number
    where u.id = any($1::int[])`,
  Q6a: search,
  Q6b: search,
  Q6c: search,
};

function specialtiesOf(alias) {
  return `coalesce((select json_agg(json_build_object('code', code)) from unnest(${alias}.codes) code), '[]'::json)`;
}

function parentOf(alias, levels) {
  const parent = `parent_${levels}`;
  const above = levels > 1 ? `, 'parent', ${parentOf(parent, levels - 1)}` : '';
  return `(
    select json_build_object('id', ${parent}.id, 'name', ${parent}.name, 'kind', ${parent}.kind${above})
    from unit_read_model ${parent}
    where ${parent}.id = ${alias}.parent_id
  )`;
}

function childrenOf(alias, levels) {
  const child = `child_${levels}`;
  const under = levels > 1 ? `, 'children', ${childrenOf(child, levels - 1)}` : '';
  return `coalesce((
    select json_agg(
      json_build_object(
        'id', ${child}.id, 'name', ${child}.name, 'specialties', ${specialtiesOf(child)}${under}
      ) order by ${child}.id
    )
    from unit_read_model ${child}
    where ${child}.parent_id = ${alias}.id
  ), '[]'::json)`;
}
