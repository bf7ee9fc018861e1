import type { Succession } from '../../../src/domain/unit/succession.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { changeEntry } from '../builders/change-entry.ts';

/** Records successions as one change, including those that no mutation would record. */
export function recordSuccessions(
  database: Database,
  successions: readonly Succession[],
): Promise<{ revision: number }> {
  return database.bulk((session) =>
    recordChange(
      session,
      changeEntry({ operation: 'REORGANIZE', actor: { subject: 'model', name: 'Model' } }),
      async (revision) => {
        await session.query(
          `insert into succession (from_resh_id, to_resh_id, kind, extent, effective_on, recorded_rev)
           select "fromReshId", "toReshId", kind::succession_kind, extent::succession_extent, "effectiveOn", $2::integer
           from jsonb_to_recordset($1::text::jsonb) as edge ("fromReshId" integer, "toReshId" integer, kind text,
             extent text, "effectiveOn" date)`,
          [JSON.stringify(successions), revision],
        );
      },
    ),
  );
}
