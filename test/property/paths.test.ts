import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rebuildPaths } from '../../src/store/verify/rebuild-paths.ts';
import { clearRegister } from '../support/database/database.ts';
import { histories } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { emptyState, type Revisions } from '../support/model/register-state.ts';
import { findViolations } from '../support/database/violations.ts';
import { useRegister } from '../support/registers/use-register.ts';

const register = useRegister();

async function recordRevisions(revisions: Revisions): Promise<void> {
  for (const [revision, state] of revisions.entries())
    if (revision > 0) await recordState(register.database, revisions[revision - 1] ?? emptyState, state);
}

interface StoredPath extends Record<string, unknown> {
  id: string;
  resh_id: number;
  days: string;
  revisions: string;
  path: number[];
  path_text: string;
}

function readStoredPaths() {
  return register.database.bulk((session) =>
    session.query<StoredPath>(
      `select id::text, resh_id, daterange(valid_from, valid_to)::text as days,
         int4range(recorded_rev, superseded_rev)::text as revisions, path, path_text
       from unit_version
       order by id`,
    ),
  );
}

describe('stored paths', () => {
  it('equal paths rebuilt from parents in every revision of a valid history', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), async ({ revisions }) => {
        await clearRegister(register.database);
        await recordRevisions(revisions);
        expect(await findViolations(register.database)).toEqual([]);
        const stored = await readStoredPaths();
        expect(await register.database.bulk((session) => rebuildPaths(session, () => {}))).toEqual({
          changed: 0,
          notRepaired: 0,
        });
        expect(await readStoredPaths()).toEqual(stored);
      }),
      propertyOptions(15),
    );
  });

  it('are found when corrupted, in past revisions too, and restored', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), fc.nat(), async ({ revisions }, n) => {
        await clearRegister(register.database);
        await recordRevisions(revisions);
        const stored = await readStoredPaths();
        const below = stored.filter(({ path }) => path.length > 1);
        const corruptedRow = below[n % Math.max(1, below.length)];
        if (!corruptedRow) return;
        // Only the array is changed, and only at positions that the check constraint does not cover: neither the unit
        // nor its parent.
        await register.database.bulk((session) =>
          session.query(
            `update unit_version
             set path = case when cardinality(path) > 2 then 999 || path[2:] else path end,
               path_text = '0000000999/' || path_text
             where id = $1::bigint`,
            [corruptedRow.id],
          ),
        );
        expect(await findViolations(register.database)).toMatchObject([
          { rule: 'path', reshId: corruptedRow.resh_id, days: corruptedRow.days, revisions: corruptedRow.revisions },
        ]);
        expect(await register.database.bulk((session) => rebuildPaths(session, () => {}))).toEqual({
          changed: 1,
          notRepaired: 0,
        });
        expect(await readStoredPaths()).toEqual(stored);
        expect(await findViolations(register.database)).toEqual([]);
      }),
      propertyOptions(8),
    );
  });
});
