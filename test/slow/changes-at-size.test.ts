import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { recordChange } from '../../src/store/ledger.ts';
import { queryOf } from '../../src/store/prisma-query.ts';
import { countPathChanges, countUnitChanges, readUnitChanges } from '../../src/store/readers/unit-changes.ts';
import { openTestDatabase } from '../support/database.ts';
import { growRegister } from '../support/grown-register.ts';

const UNITS = 200_000;
// Each unit n has children 6n-4 to 6n+1, so that unit 8 has a thirty-sixth of the register.
const [moved, target, oldPath, newPath] = [8, 3, '0000000001/0000000002/', '0000000001/0000000003/'];

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await growRegister(database, UNITS);
}, 600_000);
afterAll(() => database.close());

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
};

describe(`what changes did, at ${UNITS} units`, () => {
  it('reads the first and a later page of an import without the rest', async () => {
    const query = queryOf(database.prisma);
    const page = async (after: number) =>
      (await readUnitChanges(query, 1, { first: 100, after })).map(({ reshId }) => reshId);

    expect(await page(0)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(await seconds(() => page(0))).toBeLessThan(1);
    expect(await seconds(() => page(UNITS / 2))).toBeLessThan(1);
    expect(await countUnitChanges(query, 1)).toBe(UNITS);
  });

  it('reads a move of 5,500 units within its transaction, whatever the figures of the tables say', async () => {
    const looked = await database.bulk(async (session) => {
      const found: { units: number[]; paths: number; changed: number; took: number }[] = [];
      await recordChange(
        session,
        {
          operation: 'MOVE_UNIT',
          actor: { subject: 'test', name: 'Test' },
          effectiveOn: null,
          reason: null,
          input: {},
        },
        async (revision) => {
          await session.execute(`
            create temporary table moving as select * from unit_version where ${moved} = any(path);
            update unit_version set superseded_rev = ${revision} where ${moved} = any(path);
            insert into unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name, short_name, designation_code, treatment_site_number, path, path_text)
            select resh_id, valid_from, '2020-01-01'::date, ${revision}, parent_resh_id, type, name, short_name, designation_code, treatment_site_number, path, path_text
            from moving
            union all
            select resh_id, '2020-01-01'::date, null::date, ${revision}, case resh_id when ${moved} then ${target} else parent_resh_id end, type, name, short_name,
              designation_code, treatment_site_number, array[1, ${target}] || path[3:], replace(path_text, '${oldPath}', '${newPath}')
            from moving`);
          const start = performance.now();
          const units = (await readUnitChanges(session, revision, { first: 100 })).map(({ reshId }) => reshId);
          const changed = await countUnitChanges(session, revision);
          const paths = await countPathChanges(session, revision);
          found.push({ units, changed, paths, took: (performance.now() - start) / 1_000 });
        },
      );
      return found[0];
    });

    expect(looked).toMatchObject({ units: [moved], changed: 1 });
    expect(looked?.paths).toBeGreaterThan(5_000);
    expect(looked?.took).toBeLessThan(3);
  });
});
