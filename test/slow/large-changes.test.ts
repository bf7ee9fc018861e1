import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordChange } from '../../src/store/change/ledger.ts';
import type { Database } from '../../src/store/database/database.ts';
import { createSqlClient } from '../../src/store/database/prisma-sql-client.ts';
import { countUnitChanges, readUnitChanges } from '../support/database/unit-changes.ts';
import { changeEntry } from '../support/builders/change-entry.ts';
import { countRowsRead } from '../support/database/count-rows-read.ts';
import { openTestDatabase } from '../support/database/database.ts';
import { generateRegister } from '../support/registers/generated-register.ts';

const UNITS = 200_000;
// Unit n has children 6n-4 to 6n+1, so unit 8 and its descendants are 1/36 of the register.
const [movedReshId, targetReshId, oldPath, newPath] = [8, 3, '0000000001/0000000002/', '0000000001/0000000003/'];

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await generateRegister(database, UNITS);
}, 600_000);
afterAll(() => database.close());

describe(`unit changes at ${UNITS} units`, () => {
  it('return the first and a later page of an import without reading the rest', async () => {
    const query = createSqlClient(database.prisma);
    const page = (after: number) =>
      countRowsRead(query, async (counted) =>
        (await readUnitChanges(counted, 1, { first: 100, after })).map(({ reshId }) => reshId),
      );
    const [first, laterPage] = [await page(0), await page(UNITS / 2)];

    expect(first.answer).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(first.rowsRead).toBeLessThan(UNITS / 20);
    expect(laterPage.rowsRead).toBeLessThan(UNITS / 20);
    expect(await countUnitChanges(query, 1)).toBe(UNITS);
  });

  it('read a move of thousands of units within its transaction, with any table statistics', async () => {
    expect.assertions(2);
    await database.bulk(async (session) => {
      await recordChange(session, changeEntry({ operation: 'MOVE_UNIT' }), async (revision) => {
        await session.execute(`
            create temporary table moving as select * from unit_version where ${movedReshId} = any(path);
            update unit_version set superseded_rev = ${revision} where ${movedReshId} = any(path);
            insert into unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name,
              short_name, designation_code, treatment_site_number, path, path_text)
            select resh_id, valid_from, '2020-01-01'::date, ${revision}, parent_resh_id, type, name, short_name,
              designation_code, treatment_site_number, path, path_text
            from moving
            union all
            select resh_id, '2020-01-01'::date, null::date, ${revision},
              case resh_id when ${movedReshId} then ${targetReshId} else parent_resh_id end, type, name, short_name,
              designation_code, treatment_site_number, array[1, ${targetReshId}] || path[3:],
              replace(path_text, '${oldPath}', '${newPath}')
            from moving`);
        const { answer, rowsRead } = await countRowsRead(session, async (counted) => ({
          units: (await readUnitChanges(counted, revision, { first: 100 })).map(({ reshId }) => reshId),
          changed: await countUnitChanges(counted, revision),
        }));

        expect(answer).toMatchObject({ units: [movedReshId], changed: 1 });
        expect(rowsRead).toBeLessThan(UNITS);
      });
    });
  });
});
