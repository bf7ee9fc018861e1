import { z } from 'zod';
import type { DesiredUnit } from '../../domain/plan/desired-state.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { unitFileRow } from '../sql/unit-file.ts';
import { queryCount } from '../staging/row-counts.ts';
import { unitFileColumns } from '../tables.ts';
import { isCurrentSql } from './current-row.ts';
import { buildDifferencesSql, selectDifferencesSql } from './difference-statements.ts';
import { selectFactColumns, type SyncScope } from './sync-scope.ts';

/** A unit of a desired state that differs from the register, with its line in the file. */
export interface StagedDesiredUnit extends DesiredUnit {
  readonly line: number;
}

/** Differences between a desired state and the register on its day. */
export interface SyncDifference {
  /** Units that differ, parents before children */
  readonly units: readonly StagedDesiredUnit[];
  /** RESH-ids of units of the register that are not in the desired state */
  readonly absent: readonly number[];
  /** Number of units of the register in the scope of the desired state */
  readonly scopeCount: number;
}

/**
 * Finds the differences between the desired state in `import_placement` and the register on its day. The statements
 * compare whole tables, so that only differences are read.
 *
 * @param retained RESH-ids of units to keep although they are not in the desired state
 */
export async function findSyncDifference(
  session: BulkSession,
  scope: SyncScope,
  retained: readonly number[],
): Promise<SyncDifference> {
  const { day, within, system } = scope;
  await session.execute(createSyncTablesSql);
  await session.query(retainedUnitsSql, [day, retained]);
  await session.query(absentUnitsSql, [day, within, system]);
  await session.query(buildDifferencesSql(scope), [day, system]);
  await session.execute('analyze desired_difference');
  const scopeCount = await queryCount(session, scopeCountSql, [day, within, system]);
  const absent = await session.query(
    `-- absent units
     select resh_id
     from desired_absent
     order by resh_id`,
  );
  const units = desiredUnitRows.parse(await session.query(selectDifferencesSql(scope)));
  return {
    units: units.map((row) => toDesiredUnit(row, scope)),
    absent: idRows.parse(absent).map(({ resh_id: reshId }) => reshId),
    scopeCount,
  };
}

const createSyncTablesSql = `drop table if exists desired_retained, desired_absent, desired_difference;
  create temporary table desired_retained (resh_id integer not null);
  create temporary table desired_absent (resh_id integer not null);
  create temporary table desired_difference (resh_id integer not null, line integer not null, level integer not null)`;

// A unit with a rejected row keeps its parent, so all its ancestors stay too.
const retainedUnitsSql = `-- units that stay although they are not in the desired state
  with retained as (
    select resh_id
    from import_unit
    where rejected
      and resh_id is not null
    union
    select unnest($2::integer[])
  )
  insert into desired_retained (resh_id)
  select distinct ancestor.resh_id
  from retained r
  join unit_version v on v.resh_id = r.resh_id and ${isCurrentSql('v')}
  cross join lateral unnest(v.path) as ancestor (resh_id)
  where not exists (select from import_placement p where p.resh_id = ancestor.resh_id)`;

const isInScopeSql = `(
      $2::integer is null
      or (
        v.resh_id <> $2::integer
        and v.path_text >= (
          select r.path_text
          from unit_version r
          where r.resh_id = $2::integer and ${isCurrentSql('r')}
        )
        and v.path_text < (
          select r.path_text || ':'
          from unit_version r
          where r.resh_id = $2::integer and ${isCurrentSql('r')}
        )
      )
    )
    and (
      $3::text is null
      or exists (
        select from unit_identifier i
        where i.resh_id = v.resh_id and i.system = $3::text and ${isCurrentSql('i')}
      )
    )`;

const absentUnitsSql = `-- units that the desired state lacks
  insert into desired_absent (resh_id)
  select v.resh_id
  from unit_version v
  where ${isCurrentSql('v')}
    and ${isInScopeSql}
    and not exists (select from import_placement p where p.resh_id = v.resh_id)
    and not exists (select from desired_retained r where r.resh_id = v.resh_id)`;

const scopeCountSql = `-- units that the desired state could lack
  select count(*)::integer as count
  from unit_version v
  where ${isCurrentSql('v')}
    and ${isInScopeSql}`;

const idRows = z.array(z.object({ resh_id: z.number() }));
const desiredUnitRows = z.array(
  z.object({
    line: z.number(),
    resh_id: z.number(),
    ...unitFileRow.shape,
    foreign_id: z.string().nullable(),
    codes: z.array(z.string()).nullable(),
    identifiers: z.array(z.object({ system: z.string(), value: z.string() })).nullable(),
    systems: z.array(z.string()).nullable(),
  }),
);

function toDesiredUnit(row: z.infer<typeof desiredUnitRows>[number], scope: SyncScope): StagedDesiredUnit {
  return {
    line: row.line,
    reshId: row.resh_id,
    parentReshId: row.parent_resh_id,
    facts: { ...readFacts(row, scope), type: row.type },
    codes: row.codes?.map(parseCode) ?? null,
    identifiers: readIdentifiers(row, scope),
  };
}

function readFacts(row: z.infer<typeof desiredUnitRows>[number], scope: SyncScope): Partial<DesiredUnit['facts']> {
  const columns = selectFactColumns(scope);
  const facts = Object.fromEntries(columns.map((column) => [unitFileColumns[column].fact, row[column]]));
  if (row.designation_text === null || columns.includes('designation_text')) return facts;
  return { ...facts, designationText: row.designation_text };
}

function parseCode(text: string): { codeSet: number; code: string } {
  const separatorIndex = text.indexOf(':');
  return { codeSet: Number(text.slice(0, separatorIndex)), code: text.slice(separatorIndex + 1) };
}

/** Returns identifiers by system; null if the unit loses its identifier of the system. */
function readIdentifiers(
  row: z.infer<typeof desiredUnitRows>[number],
  { system: foreignSystem }: SyncScope,
): Map<string, string | null> {
  const identifiers = new Map<string, string | null>();
  if (row.identifiers) {
    for (const system of row.systems ?? []) if (system !== foreignSystem) identifiers.set(system, null);
    for (const { system, value } of row.identifiers) identifiers.set(system, value);
  }
  if (foreignSystem !== null && row.foreign_id !== null) identifiers.set(foreignSystem, row.foreign_id);
  return identifiers;
}
