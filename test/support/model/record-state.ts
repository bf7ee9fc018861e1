import type { Succession } from '../../../src/domain/unit/succession.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import type { BulkSession } from '../../../src/store/database/bulk-session.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { formatPathText } from '../../../src/store/sql/path-text.ts';
import { changeEntry } from '../builders/change-entry.ts';
import { modelSites } from './history.ts';
import { findBoundaries, factsOn, pathOn, findPeriods, type Facts, type RegisterState } from './register-state.ts';

/** A row of `unit_version` as a change of the tree writes it: split wherever its facts or its path change. */
interface VersionRow extends Facts {
  readonly reshId: number;
  readonly from: string;
  readonly to: string | null;
  readonly path: readonly number[];
}

/** Records the difference between two states of the model as one change; unchanged rows are not touched. */
export function recordState(
  database: Database,
  before: RegisterState,
  after: RegisterState,
): Promise<{ revision: number }> {
  return database.bulk((session) =>
    recordChange(
      session,
      changeEntry({ operation: 'REORGANIZE', actor: { subject: 'model', name: 'Model' } }),
      async (revision) => {
        const [old, current] = [buildRows(before), buildRows(after)];
        if (revision === 1)
          for (const site of modelSites) {
            await session.query('insert into treatment_site (organization_number, registered_rev) values ($1, 1)', [
              site,
            ]);
            await session.query(
              'insert into treatment_site_version (organization_number, name, recorded_rev) values ($1, $1, 1)',
              [site],
            );
          }
        await session.query(
          `insert into unit (resh_id, registered_rev)
           select id::integer, $2::integer
           from jsonb_array_elements_text($1::text::jsonb) as id`,
          [JSON.stringify([...after.timelines.keys()].filter((id) => !before.timelines.has(id))), revision],
        );
        await session.query(
          `select setval('resh_id_seq', greatest(max(resh_id), (select last_value from resh_id_seq)))::text
           from unit`,
        );
        await session.query(
          `update unit_version v
           set superseded_rev = $2::integer
           from jsonb_to_recordset($1::text::jsonb) as gone ("reshId" integer, "from" date)
           where v.resh_id = gone."reshId" and v.valid_from = gone."from" and v.superseded_rev is null`,
          [JSON.stringify([...old].flatMap(([key, row]) => (current.has(key) ? [] : row))), revision],
        );
        await session.query(
          `insert into unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name,
             short_name, organization_number, treatment_site_number, path, path_text)
           select "reshId", "from", "to", $2::integer, "parentReshId", type::unit_type, name, "shortName",
             "organizationNumber", "treatmentSiteNumber", path, "pathText"
           from jsonb_to_recordset($1::text::jsonb) as row ("reshId" integer, "from" date, "to" date,
             "parentReshId" integer, type text, name text, "shortName" text, "organizationNumber" text,
             "treatmentSiteNumber" text, path integer[], "pathText" text)`,
          [
            JSON.stringify(
              [...current].flatMap(([key, row]) =>
                old.has(key) ? [] : { ...row, pathText: formatPathText(row.path) },
              ),
            ),
            revision,
          ],
        );
        await recordSuccessions(session, revision, before, after);
      },
    ),
  );
}

function buildRows(state: RegisterState): Map<string, VersionRow> {
  const boundaries = findBoundaries(state);
  const rows = [...state.timelines.keys()].flatMap((reshId) =>
    findPeriods(boundaries, (day) => {
      const facts = factsOn(state, reshId, day);
      const path = pathOn(state, reshId, day);
      if (!facts || !path) return undefined;
      return {
        ...facts,
        path,
        part: boundaries.filter((boundary) => boundary <= day && state.redundantBoundaries.has(`${reshId}@${boundary}`))
          .length,
      };
    }).map(({ from, to, value: { part: _part, ...value } }): VersionRow => ({ reshId, from, to, ...value })),
  );
  return new Map(rows.map((row) => [JSON.stringify(row), row]));
}

async function recordSuccessions(
  session: BulkSession,
  revision: number,
  before: RegisterState,
  after: RegisterState,
): Promise<void> {
  const [old, current] = [indexSuccessions(before), indexSuccessions(after)];
  const edges = `jsonb_to_recordset($1::text::jsonb)
    as edge ("fromReshId" integer, "toReshId" integer, kind text, extent text, "effectiveOn" date)`;
  await session.query(
    `update succession s
     set superseded_rev = $2::integer
     from ${edges}
     where s.superseded_rev is null
       and (s.from_resh_id, s.to_resh_id, s.kind::text, s.extent::text, s.effective_on)
         = ("fromReshId", "toReshId", edge.kind, edge.extent, "effectiveOn")`,
    [JSON.stringify([...old].flatMap(([key, edge]) => (current.has(key) ? [] : edge))), revision],
  );
  await session.query(
    `insert into succession (from_resh_id, to_resh_id, kind, extent, effective_on, recorded_rev)
     select "fromReshId", "toReshId", kind::succession_kind, extent::succession_extent, "effectiveOn", $2::integer
     from ${edges}`,
    [JSON.stringify([...current].flatMap(([key, edge]) => (old.has(key) ? [] : edge))), revision],
  );
}

function indexSuccessions({ successions }: RegisterState): Map<string, Succession> {
  return new Map(successions.map((succession) => [JSON.stringify(succession), succession]));
}
