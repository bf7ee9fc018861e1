// Mercurius with graphql-jit and loaders, over the tables, by prepared statements.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const unitColumns = `
  u.id, u.parent_id as "parentId", u.name, u.kind, u.org_number as "orgNumber", u.site_number as "siteNumber"`;
const inSubtree = `
  i.tree_left >= (select tree_left from unit_interval where id = $1::int)
  and i.tree_left <= (select tree_right from unit_interval where id = $1::int)`;

const schema = `
  type Query {
    unit(id: Int!): OrgUnit
    subtree(id: Int!): [OrgUnit!]!
    subtreeCodeCounts(id: Int!): [CodeCount!]!
    units(ids: [Int!]!): [OrgUnit!]!
    search(words: [String!]!, phrase: String!): [OrgUnit!]!
  }
  type OrgUnit {
    id: Int!
    name: String!
    kind: String!
    orgNumber: String
    parentId: Int
    parent: OrgUnit
    children: [OrgUnit!]!
    specialties: [UnitSpecialty!]!
    enterprise: OrgUnit
    region: OrgUnit
    site: Site
  }
  type Site { number: String! name: String! }
  type UnitSpecialty { code: String! }
  type CodeCount { code: String! n: Int! }
`;

const resolvers = {
  Query: {
    unit: async (_root, { id }) => {
      const [unit] = await query('unit', `select ${unitColumns} from org_unit u where id = $1`, [id]);
      return unit ?? null;
    },
    subtree: (_root, { id }) =>
      query('subtree', `select ${unitColumns} from unit_interval i join org_unit u on u.id = i.id where ${inSubtree}`, [
        id,
      ]),
    subtreeCodeCounts: (_root, { id }) =>
      query(
        'code counts',
        `select s.code, count(*)::int as n
        from unit_interval i
        join unit_specialty s on s.unit_id = i.id
        where ${inSubtree}
        group by 1
        order by 2 desc, 1`,
        [id],
      ),
    units: (_root, { ids }) => readUnits('units', ids),
    search: (_root, { words, phrase }) =>
      query(
        'search',
        `select ${unitColumns}
        from org_unit u
        where u.name ilike ($1::text[])[1]
          and u.name ilike coalesce(($1::text[])[2], '%')
          and u.name ilike coalesce(($1::text[])[3], '%')
        order by similarity(u.name, $2) desc, u.name, u.id
        limit 20`,
        [words, phrase],
      ),
  },
};

const loaders = {
  OrgUnit: {
    parent: loadOne('parentId', 'id', (ids) => readUnits('parents', ids)),
    children: loadMany('parentId', (ids) =>
      query('children', `select ${unitColumns} from org_unit u where parent_id = any($1::int[]) order by id`, [ids]),
    ),
    specialties: loadMany('unitId', (ids) =>
      query(
        'specialties',
        'select unit_id as "unitId", code from unit_specialty where unit_id = any($1::int[]) order by code',
        [ids],
      ),
    ),
    enterprise: loadOne('id', 'ofUnit', (ids) =>
      query(
        'enterprises',
        `select distinct on (p.id) p.id as "ofUnit", ${unitColumns}
        from unit_path p, unnest(p.ids) with ordinality as above(id, place)
        join org_unit u on u.id = above.id
        where p.id = any($1::int[]) and u.kind = 'ORGANIZATION'
        order by p.id, above.place desc`,
        [ids],
      ),
    ),
    region: loadOne('id', 'ofUnit', (ids) =>
      query(
        'regions',
        `select p.id as "ofUnit", ${unitColumns}
        from unit_path p
        join org_unit u on u.id = p.ids[1]
        where p.id = any($1::int[])`,
        [ids],
      ),
    ),
    site: loadOne('siteNumber', 'number', (numbers) =>
      query('sites', 'select number, name from treatment_site where number = any($1::text[])', [numbers]),
    ),
  },
};

const app = Fastify({ logger: false });
app.register(mercurius, { schema, resolvers, loaders, jit: 1, graphiql: false });
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.stdout.write('listening\n');

async function query(name, text, values) {
  return (await pool.query({ name, text, values })).rows;
}

function readUnits(name, ids) {
  return query(name, `select ${unitColumns} from org_unit u where id = any($1::int[])`, [ids]);
}

/** Creates a loader of the row whose `rowKey` is the value of `key` of the unit. */
function loadOne(key, rowKey, read) {
  const loader = async (requests) => {
    const keys = [...new Set(requests.map(({ obj }) => obj[key]))].filter((value) => value !== null);
    const rows = new Map((keys.length > 0 ? await read(keys) : []).map((row) => [row[rowKey], row]));
    return requests.map(({ obj }) => rows.get(obj[key]) ?? null);
  };
  return { loader, opts: { cache: false } };
}

/** Creates a loader of the rows whose `rowKey` is the id of the unit. */
function loadMany(rowKey, read) {
  const loader = async (requests) => {
    const rowsById = Map.groupBy(await read(requests.map(({ obj }) => obj.id)), (row) => row[rowKey]);
    return requests.map(({ obj }) => rowsById.get(obj.id) ?? []);
  };
  return { loader, opts: { cache: false } };
}
