import { recordChange } from '../../../src/store/change/ledger.ts';
import { isOrganizationNumber } from '../../../src/domain/text/organization-number.ts';
import type { Database } from '../../../src/store/database/database.ts';

/** Facts of the generated register that tests rely on. */
export const generatedRegister = {
  /** RESH-id of the root; each unit n has children 6n-4 to 6n+1 */
  root: 1,
  validFrom: '2002-01-01',
  /** Returns the RESH-ids of all units above, root first */
  listAncestors: (reshId: number): number[] => {
    const ancestors: number[] = [];
    for (let unit = Math.floor((reshId + 4) / 6); unit >= 1; unit = Math.floor((unit + 4) / 6)) {
      ancestors.unshift(unit);
      if (unit === 1) break;
    }
    return ancestors;
  },
  site: '974747138',
} as const;

/**
 * Fills an empty register with a tree in which each unit has six children. The two top levels are organizations, the
 * others departments. Every unit has a treatment site, two service codes, an identifier and a short name; every sixth
 * also has an international name, an address and a telephone number. The units take turns at the treatment sites, of
 * which the first has the number `generatedRegister.site`.
 */
export function generateRegister(database: Database, units: number, sites = 1): Promise<{ revision: number }> {
  const siteNumbers = `'{${listOrganizationNumbers(generatedRegister.site, sites).join(',')}}'::text[]`;
  return database.bulk(async (session) => {
    const change = await recordChange(
      session,
      {
        operation: 'DEMO',
        actor: { subject: 'test', name: 'Test' },
        effectiveOn: null,
        reason: null,
        input: { units },
      },
      (revision) =>
        session.execute(`
          insert into code_set (number, oid, name, registered_rev)
          values
            (8451, '2.16.578.1.12.4.1.1.8451', 'Fagområde', ${revision}),
            (8624, '2.16.578.1.12.4.1.1.8624', 'Betegnelse', ${revision});
          insert into code (code_set, code, registered_rev)
          values (8451, '010', ${revision}), (8451, '020', ${revision}), (8624, '05', ${revision});
          insert into code_version (code_set, code, name, parent_code, recorded_rev)
          values
            (8451, '010', 'Kirurgi', null, ${revision}),
            (8451, '020', 'Barnekirurgi', '010', ${revision}),
            (8624, '05', 'Avdeling', null, ${revision});
          insert into treatment_site (organization_number, registered_rev)
          select number, ${revision} from unnest(${siteNumbers}) as number;
          insert into unit (resh_id, registered_rev) select id, ${revision} from generate_series(1, ${units}) as id;
          insert into treatment_site_version (organization_number, name, legal_entity_resh_id, recorded_rev)
          select number, 'Ålesund sjukehus', id, ${revision}
          from unnest(${siteNumbers}) with ordinality as site (number, id);
          insert into unit_version (resh_id, valid_from, recorded_rev, parent_resh_id, type, name, short_name,
            designation_code, path, path_text, treatment_site_number)
          with recursive tree (id, parent, path, path_text) as (
            select 1, null::integer, array[1], '0000000001/'
            union all
            select child, tree.id, tree.path || child, tree.path_text || lpad(child::text, 10, '0') || '/'
            from tree
            cross join lateral generate_series(tree.id * 6 - 4, least(tree.id * 6 + 1, ${units})) as child
          )
          select id, '${generatedRegister.validFrom}', ${revision}, parent,
            (case when cardinality(path) < 3 then 'ORGANIZATION' else 'DEPARTMENT' end)::unit_type,
            'Avdeling ' || id, 'A' || id, '05', path, path_text, (${siteNumbers})[1 + id % ${sites}]
          from tree
          order by path_text;
          insert into unit_code (resh_id, code_set, code, valid_from, recorded_rev)
          select id, 8451, code, '${generatedRegister.validFrom}', ${revision}
          from generate_series(1, ${units}) as id
          cross join unnest(array['010', '020']) as code;
          insert into unit_identifier (resh_id, system, value, valid_from, recorded_rev)
          select id, 'urn:test', 'T' || id, '${generatedRegister.validFrom}', ${revision}
          from generate_series(1, ${units}) as id;
          insert into unit_name (resh_id, language, name, valid_from, recorded_rev)
          select id, 'en', 'Department ' || id, '${generatedRegister.validFrom}', ${revision}
          from generate_series(1, ${units}, 6) as id;
          insert into unit_address (resh_id, type, lines, postal_code, city, country, valid_from, recorded_rev)
          select id, 'VISITING', '{Gata 1}', '6003', 'Ålesund', 'NO', '${generatedRegister.validFrom}', ${revision}
          from generate_series(1, ${units}, 6) as id;
          insert into unit_contact_point (resh_id, type, value, valid_from, recorded_rev)
          select id, 'TELEPHONE', '70 10 50 00', '${generatedRegister.validFrom}', ${revision}
          from generate_series(1, ${units}, 6) as id;`),
    );
    await session.execute('analyze');
    return change;
  });
}

function listOrganizationNumbers(first: string, count: number): string[] {
  const numbers: string[] = [];
  for (let number = Number(first); numbers.length < count; number++)
    if (isOrganizationNumber(String(number))) numbers.push(String(number));
  return numbers;
}
