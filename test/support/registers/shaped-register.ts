import { recordChange } from '../../../src/store/change/ledger.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { changeEntry } from '../builders/change-entry.ts';

/** SQL expression of the path of unit `id` in trees of different shapes. */
const pathSql = {
  /** Four roots with all other units as children */
  flat: 'case when id <= 4 then array[id] else array[1 + id % 4, id] end',
  /** One root with all other units as children */
  wide: 'case when id = 1 then array[1] else array[1, id] end',
  /** One root with chains of 20 units, each the child of the one before */
  deep:
    'case when id = 1 then array[1] ' +
    'else array(select 1 union all select generate_series(id - (id - 2) % 20, id)) end',
  /** Every second unit is a root with one child */
  'many-root': 'case when id % 2 = 1 then array[id] else array[id - 1, id] end',
} as const;

const sitesSql = `array['974747138', '983974724']`;

export type TreeShape = keyof typeof pathSql;
export const treeShapes = Object.keys(pathSql) as TreeShape[];

/** Fills an empty register with units 1 to `units`, in a tree of a shape; each has a code, an identifier and a site. */
export function fillWithShape(database: Database, shape: TreeShape, units: number): Promise<unknown> {
  return database.bulk((session) =>
    recordChange(session, changeEntry({ operation: 'IMPORT' }), async (revision) => {
      await session.execute(`
        insert into code_set (number, oid, name, registered_rev)
        values
          (8451, '2.16.578.1.12.4.1.1.8451', 'Fagområde', ${revision}),
          (8624, '2.16.578.1.12.4.1.1.8624', 'Betegnelse', ${revision});
        insert into code (code_set, code, registered_rev)
        values (8451, '010', ${revision}), (8624, '05', ${revision});
        insert into code_version (code_set, code, name, recorded_rev)
        values (8451, '010', 'Kirurgi', ${revision}), (8624, '05', 'Avdeling', ${revision});
        insert into treatment_site (organization_number, registered_rev)
        select number, ${revision} from unnest(${sitesSql}) as number;
        insert into treatment_site_version (organization_number, name, recorded_rev)
        select number, 'Site ' || number, ${revision} from unnest(${sitesSql}) as number;
        insert into unit (resh_id, registered_rev)
        select id, ${revision} from generate_series(1, ${units}) as id;
        insert into unit_version (resh_id, valid_from, recorded_rev, parent_resh_id, type, name, designation_code, path,
          path_text, treatment_site_number)
        select id, '2002-01-01', ${revision}, path[cardinality(path) - 1],
          (case when cardinality(path) = 1 then 'ORGANIZATION' else 'DEPARTMENT' end)::unit_type,
          'Avdeling ' || id, '05', path,
          (
            select string_agg(lpad(step::text, 10, '0') || '/', '' order by depth)
            from unnest(path) with ordinality as each (step, depth)
          ),
          (${sitesSql})[1 + id % 2]
        from (select id, ${pathSql[shape]} as path from generate_series(1, ${units}) as id) as unit;
        insert into unit_code (resh_id, code_set, code, valid_from, recorded_rev)
        select id, 8451, '010', '2002-01-01', ${revision} from generate_series(1, ${units}) as id;
        insert into unit_identifier (resh_id, system, value, valid_from, recorded_rev)
        select id, 'urn:test', 'T' || id, '2002-01-01', ${revision} from generate_series(1, ${units}) as id;
        analyze`);
    }),
  );
}
