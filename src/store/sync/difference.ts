import { z } from 'zod';
import type { DesiredUnit } from '../../domain/plan/desired-state.ts';
import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { isCurrentSql } from './checks.ts';

/** What a picture covers, and what its files say. */
export interface SyncScope {
  readonly day: Day;
  /** RESH-id of the unit of which it is a picture; null where it is one of the whole register */
  readonly within: number | null;
  /** System whose units alone can be absent; null where all can */
  readonly system: string | null;
  /** Columns that the units file has */
  readonly columns: readonly string[];
  /** Whether there are files of codes and of identifiers */
  readonly hasCodes: boolean;
  readonly hasIdentifiers: boolean;
}

/** Facts by the columns of the units file, with those of a version and of a plan. */
const factColumns = {
  name: { version: 'name', fact: 'name' },
  short_name: { version: 'short_name', fact: 'shortName' },
  designation: { version: 'designation_code', fact: 'designationCode' },
  designation_text: { version: 'designation_text', fact: 'designationText' },
  organization_number: { version: 'organization_number', fact: 'organizationNumber' },
  treatment_site_number: { version: 'treatment_site_number', fact: 'treatmentSiteNumber' },
  responsible_person: { version: 'responsible_person', fact: 'responsiblePerson' },
} as const;
type FactColumn = keyof typeof factColumns;

const createSyncTablesSql = `drop table if exists picture_kept, picture_absent, picture_difference;
  create temporary table picture_kept (resh_id integer not null);
  create temporary table picture_absent (resh_id integer not null);
  create temporary table picture_difference (resh_id integer not null, line integer not null, level integer not null)`;

// A unit whose row was rejected stays where it is, and so do those that it stands beneath.
const retainedUnitsSql = `-- units that stay as they are, whatever the picture lacks
  with stays as (
    select resh_id from import_unit where rejected and resh_id is not null
    union
    select unnest($2::integer[])
  )
  insert into picture_kept (resh_id)
  select distinct above.resh_id
  from stays s
  join unit_version v on v.resh_id = s.resh_id and ${isCurrentSql('v')}
  cross join lateral unnest(v.path) as above (resh_id)
  where not exists (select from picture_unit p where p.resh_id = above.resh_id)`;

const absentUnitsSql = `-- units that the picture lacks
  insert into picture_absent (resh_id)
  select v.resh_id
  from unit_version v
  where ${isCurrentSql('v')}
    and ${isInScopeSql('v')}
    and not exists (select from picture_unit p where p.resh_id = v.resh_id)
    and not exists (select from picture_kept k where k.resh_id = v.resh_id)`;

function isInScopeSql(version: string): string {
  return `(
      $2::integer is null
      or (
        ${version}.resh_id <> $2::integer
        and ${version}.path_text >= (select r.path_text from unit_version r where r.resh_id = $2::integer and ${isCurrentSql('r')})
        and ${version}.path_text < (select r.path_text || ':' from unit_version r where r.resh_id = $2::integer and ${isCurrentSql('r')})
      )
    )
    and (
      $3::text is null
      or exists (
        select from unit_identifier i
        where i.resh_id = ${version}.resh_id and i.system = $3::text and ${isCurrentSql('i')}
      )
    )`;
}

const scopeCountSql = `-- units that a picture could lack
  select count(*)::integer as count
  from unit_version v
  where ${isCurrentSql('v')}
    and ${isInScopeSql('v')}`;

const codeTextSql = "d.code_set || ':' || d.code";
const identifierTextSql = "d.system || ' ' || d.value";

const idRows = z.array(z.object({ resh_id: z.number() }));
const nullableText = z.string().nullable();
const desiredUnitRows = z.array(
  z.object({
    line: z.number(),
    resh_id: z.number(),
    parent_resh_id: z.number().nullable(),
    type: z.enum(['ORGANIZATION', 'DEPARTMENT']),
    name: z.string(),
    short_name: nullableText,
    organization_number: nullableText,
    treatment_site_number: nullableText,
    designation: nullableText,
    designation_text: nullableText,
    responsible_person: nullableText,
    foreign_id: nullableText,
    codes: z.array(z.string()).nullable(),
    identifiers: z.array(z.object({ system: z.string(), value: z.string() })).nullable(),
    held: z.array(z.string()).nullable(),
  }),
);

/** A unit of a picture that differs from the register, with the line on which it stands. */
export interface StagedDesiredUnit extends DesiredUnit {
  readonly line: number;
}

/** How a picture differs from the register on its day. */
export interface SyncDifference {
  /** Units that are another in the picture, parents before children */
  readonly units: readonly StagedDesiredUnit[];
  /** RESH-ids of those that the picture lacks */
  readonly absent: readonly number[];
  /** Number of units that it could lack */
  readonly scopeCount: number;
}

/**
 * Finds how the picture in `picture_unit` differs from the register on its day: statements over whole tables, so that what is read is
 * the differences alone.
 *
 * @param retained RESH-ids of units that stay as they are although the picture lacks them
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
  await session.execute('analyze picture_difference');
  const [scopeRow] = await session.query<{ count: number }>(scopeCountSql, [day, within, system]);
  const absent = await session.query(`-- absent units\nselect resh_id from picture_absent order by resh_id`);
  return {
    units: desiredUnitRows.parse(await session.query(buildDifferenceRowsSql(scope))).map(toDesiredUnit(scope)),
    absent: idRows.parse(absent).map(({ resh_id: reshId }) => reshId),
    scopeCount: scopeRow?.count ?? 0,
  };
}

function buildDifferencesSql(scope: SyncScope): string {
  const providedColumns = selectFactColumns(scope);
  const conditions = [
    'v.resh_id is null',
    'v.parent_resh_id is distinct from u.parent_resh_id',
    'v.type::text <> u.type',
    ...providedColumns.map((column) => `v.${factColumns[column].version} is distinct from u.${column}`),
    // A type that is unknown is told in the designation.
    ...(providedColumns.includes('designation_text')
      ? []
      : ['(u.designation_text is not null and v.designation_text is distinct from u.designation_text)']),
    ...(scope.system === null
      ? []
      : [
          `(u.foreign_id is not null and not exists (
        select from unit_identifier i
        where i.resh_id = p.resh_id and i.system = asked.system and i.value = u.foreign_id and ${isCurrentSql('i')}
      ))`,
        ]),
    ...(scope.hasCodes
      ? [
          `(not exists (select from import_unit_code r where r.resh_id = p.resh_id and r.rejected)
        and ${currentListSql('unit_code', codeTextSql)} is distinct from ${stagedListSql('import_unit_code', codeTextSql)})`,
        ]
      : []),
    ...(scope.hasIdentifiers
      ? [
          `(not exists (select from import_identifier r where r.resh_id = p.resh_id and r.rejected)
        and ${currentListSql('unit_identifier', identifierTextSql, ' and d.system is distinct from asked.system')} is distinct from ${stagedListSql('import_identifier', identifierTextSql)})`,
        ]
      : []),
  ];
  return `-- units that are another than in the picture
  insert into picture_difference (resh_id, line, level)
  select p.resh_id, p.line, p.level
  from picture_unit p
  join import_unit u on u.line = p.line
  cross join (select $2::text as system) as asked
  left join unit_version v on v.resh_id = p.resh_id and ${isCurrentSql('v')}
  where ${conditions.join('\n    or ')}`;
}

function selectFactColumns({ columns }: SyncScope): FactColumn[] {
  return (Object.keys(factColumns) as FactColumn[]).filter((column) => columns.includes(column));
}

function currentListSql(table: string, value: string, where = ''): string {
  return `(
      select array_agg(${value} order by ${value})
      from ${table} d
      where d.resh_id = p.resh_id and ${isCurrentSql('d')}${where}
    )`;
}

function stagedListSql(table: string, value: string): string {
  return `(
      select array_agg(distinct ${value} order by ${value})
      from ${table} d
      where d.resh_id = p.resh_id and not d.rejected
    )`;
}

function buildDifferenceRowsSql(scope: SyncScope): string {
  return `-- units as the picture has them
  select u.line, u.resh_id, u.parent_resh_id, u.type, u.name, u.short_name, u.organization_number, u.treatment_site_number, u.designation,
    u.designation_text, u.responsible_person, u.foreign_id,
    ${
      scope.hasCodes
        ? `case when not exists (select from import_unit_code r where r.resh_id = p.resh_id and r.rejected) then coalesce(${stagedListSql('import_unit_code', codeTextSql)}, '{}') end`
        : 'null::text[]'
    } as codes,
    ${
      scope.hasIdentifiers
        ? `case when not exists (select from import_identifier r where r.resh_id = p.resh_id and r.rejected) then (
        select coalesce(json_agg(json_build_object('system', d.system, 'value', d.value)), '[]')
        from import_identifier d
        where d.resh_id = p.resh_id and not d.rejected
      ) end`
        : 'null::json'
    } as identifiers,
    ${scope.hasIdentifiers ? `(select array_agg(distinct d.system) from unit_identifier d where d.resh_id = p.resh_id and d.superseded_rev is null)` : 'null::text[]'} as held
  from picture_difference p
  join import_unit u on u.line = p.line
  order by p.level, p.resh_id`;
}

function toDesiredUnit(scope: SyncScope) {
  return (row: z.infer<typeof desiredUnitRows>[number]): StagedDesiredUnit => {
    const providedColumns = selectFactColumns(scope);
    const facts = Object.fromEntries(providedColumns.map((column) => [factColumns[column].fact, row[column]]));
    const hasDesignationText = row.designation_text !== null || providedColumns.includes('designation_text');
    const designationFacts = hasDesignationText ? { designationText: row.designation_text } : {};
    const identifiers = new Map<string, string | null>();
    if (row.identifiers) {
      for (const system of row.held ?? []) if (system !== scope.system) identifiers.set(system, null);
      for (const { system, value } of row.identifiers) identifiers.set(system, value);
    }
    if (scope.system !== null && row.foreign_id !== null) identifiers.set(scope.system, row.foreign_id);
    return {
      line: row.line,
      reshId: row.resh_id,
      parentReshId: row.parent_resh_id,
      facts: { ...facts, ...designationFacts, type: row.type },
      codes:
        row.codes?.map((code) => {
          const separatorIndex = code.indexOf(':');
          return { codeSet: Number(code.slice(0, separatorIndex)), code: code.slice(separatorIndex + 1) };
        }) ?? null,
      identifiers,
    };
  };
}
