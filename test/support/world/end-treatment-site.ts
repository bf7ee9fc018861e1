import type { Day } from '../../../src/domain/time/day.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { changeEntry } from '../builders/change-entry.ts';
import type { ChangingWorld } from './changing-world.ts';

/** Ends a treatment site on a day, as a synchronization may, and returns the revision. */
export async function endTreatmentSite({ database }: ChangingWorld, site: string, day: Day): Promise<number> {
  const entry = changeEntry({ operation: 'SYNCHRONIZE' });
  const { revision } = await database.bulk((session) =>
    recordChange(session, entry, async (next, transaction) => {
      await transaction.query(
        `with ended as (
           update treatment_site_version
           set superseded_rev = $1::integer
           where organization_number = $2 and superseded_rev is null
           returning *
         )
         insert into treatment_site_version (organization_number, name, valid_from, valid_to, recorded_rev)
         select organization_number, name, valid_from, $3::text::date, $1::integer
         from ended`,
        [next, site, day],
      );
    }),
  );
  return revision;
}
