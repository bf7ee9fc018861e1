/** A table whose rows say something of a unit, and the columns by which they do: days, revisions and derived columns left out. */
interface FactTable {
  readonly name: string;
  readonly content: readonly string[];
}

/** Tables of what is said of a unit. */
export const factTables = {
  versions: {
    name: 'unit_version',
    content: [
      'parent_resh_id',
      'type',
      'name',
      'short_name',
      'designation_code',
      'designation_text',
      'organization_number',
      'treatment_site_number',
      'responsible_person',
    ],
  },
  codes: { name: 'unit_code', content: ['code_set', 'code', "coalesce(attributes, '{}')"] },
  identifiers: { name: 'unit_identifier', content: ['system', 'value'] },
  names: { name: 'unit_name', content: ['language', 'name'] },
  addresses: {
    name: 'unit_address',
    content: ['type', "coalesce(lines, '{}')", 'postal_code', 'city', 'country'],
  },
  contactPoints: { name: 'unit_contact_point', content: ['type', 'value'] },
} as const satisfies Record<string, FactTable>;

/** What units become, as if it were said of them on the day alone. */
const successionTable: FactTable = {
  name: `(
          select from_resh_id as resh_id, to_resh_id, kind, extent, effective_on as valid_from, effective_on + 1 as valid_to, recorded_rev, superseded_rev
          from succession
        ) as became`,
  content: ['to_resh_id', 'kind', 'extent'],
};

/** Tables by which a revision changes a unit: what is said of it, and what it becomes. */
export const unitChangeTables: readonly FactTable[] = [...Object.values(factTables), successionTable];

/** The path of a unit's versions, as if it were what they say. */
export const pathTable: FactTable = { name: 'unit_version', content: ['path_text'] };

// Compared as pairs: figures of a register that is one big import say that a revision is everything, and no index would be used.
export function matchesRevision(revision: string) {
  return (revisionColumn: string): string =>
    `(${revisionColumn}, resh_id) > (${revision}, 0) and (${revisionColumn}, resh_id) < (${revision} + 1, 0)`;
}

/**
 * The first units in RESH-id order of which a revision changed what a table says: a query with the column `resh_id`. It goes from
 * unit to unit along the indexes, so that it reads no more than it skips and finds, whatever the figures of the table.
 *
 * @param revision expressions, as are the others
 */
export function firstChangedUnitsSql(table: FactTable, revision: string, after: string, limit: string): string {
  const nextTouchedUnitSql = (revisionColumn: string): string => `(
            select resh_id
            from (
              select ${revisionColumn} as rev, resh_id
              from ${table.name}
              where (${revisionColumn}, resh_id) > (${revision}, step.resh_id)
              order by ${revisionColumn}, resh_id
              limit 1
            ) as following
            where rev = ${revision}
          )`;
  return `with recursive step as (
        select ${after} as resh_id
        union all
        select least(${nextTouchedUnitSql('recorded_rev')}, ${nextTouchedUnitSql('superseded_rev')})
        from step
        where step.resh_id is not null
      )
      select step.resh_id
      from step
      where step.resh_id > ${after}
        and exists (
        ${changedUnitsSql(table, (revisionColumn) => `${revisionColumn} = ${revision} and resh_id = step.resh_id`)}
        )
      limit ${limit}`;
}

/**
 * What revisions recorded of units beside what they superseded, grouped by what it says: what is left over, as `rev` and
 * `resh_id`, are groups whose days are not the same before and after. Rows that were cut, joined or moved to another path fall out.
 *
 * @param where holds rows to revisions and units; `rev` in it stands for the column of the revision
 */
export function changedUnitsSql({ name, content }: FactTable, where: (revisionColumn: string) => string): string {
  const valueColumns = content.map((_column, index) => `said_${index}`);
  const touchedRowsSql = (revisionColumn: string, isKnown: boolean): string => `
        select ${revisionColumn} as rev, resh_id, ${content.map((column, index) => `${column} as said_${index}`).join(', ')}, daterange(valid_from, valid_to) as days, ${isKnown} as is_known
        from ${name}
        where ${where(revisionColumn)}`;
  return `select rev, resh_id
      from (${touchedRowsSql('recorded_rev', true)}
        union all${touchedRowsSql('superseded_rev', false)}
      ) as touched
      group by rev, resh_id, ${valueColumns.join(', ')}
      having range_agg(days) filter (where is_known) is distinct from range_agg(days) filter (where not is_known)`;
}
