/** A table whose rows say something of a unit, and the columns by which they do: days, revisions and derived columns left out. */
interface SayingTable {
  readonly name: string;
  readonly content: readonly string[];
}

/** Tables of what is said of a unit. */
export const sayingTables = {
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
} as const satisfies Record<string, SayingTable>;

/** What units become, as if it were said of them on the day alone. */
const successionTable: SayingTable = {
  name: `(
          select from_resh_id as resh_id, to_resh_id, kind, extent, effective_on as valid_from, effective_on + 1 as valid_to, recorded_rev, superseded_rev
          from succession
        ) as became`,
  content: ['to_resh_id', 'kind', 'extent'],
};

/** Tables by which a revision changes a unit: what is said of it, and what it becomes. */
export const changingTables: readonly SayingTable[] = [...Object.values(sayingTables), successionTable];

/** The path of a unit's versions, as if it were what they say. */
export const pathTable: SayingTable = { name: 'unit_version', content: ['path_text'] };

/**
 * What revisions recorded of units beside what they superseded, grouped by what it says: what is left over, as `rev` and
 * `resh_id`, are groups whose days are not the same before and after. Rows that were cut, joined or moved to another path fall out.
 *
 * @param where holds rows to revisions and units; `rev` in it stands for the column of the revision
 */
export const changedIn = ({ name, content }: SayingTable, where: (rev: string) => string): string => {
  const said = content.map((_column, place) => `said_${place}`);
  const rowsOf = (rev: string, isKnown: boolean): string => `
        select ${rev} as rev, resh_id, ${content.map((column, place) => `${column} as said_${place}`).join(', ')}, daterange(valid_from, valid_to) as days, ${isKnown} as is_known
        from ${name}
        where ${where(rev)}`;
  return `select rev, resh_id
      from (${rowsOf('recorded_rev', true)}
        union all${rowsOf('superseded_rev', false)}
      ) as touched
      group by rev, resh_id, ${said.join(', ')}
      having range_agg(days) filter (where is_known) is distinct from range_agg(days) filter (where not is_known)`;
};

// Compared as pairs: figures of a register that is one big import say that a revision is everything, and no index would be used.
export const ofRevision =
  (revision: string) =>
  (rev: string): string =>
    `(${rev}, resh_id) > (${revision}, 0) and (${rev}, resh_id) < (${revision} + 1, 0)`;

/**
 * The first units in RESH-id order of which a revision changed what a table says: a query with the column `resh_id`. It goes from
 * unit to unit along the indexes, so that it reads no more than it skips and finds, whatever the figures of the table.
 *
 * @param revision expressions, as are the others
 */
export const firstChangedIn = (table: SayingTable, revision: string, after: string, first: string): string => {
  const next = (rev: string): string => `(
            select resh_id
            from (
              select ${rev} as rev, resh_id
              from ${table.name}
              where (${rev}, resh_id) > (${revision}, step.resh_id)
              order by ${rev}, resh_id
              limit 1
            ) as following
            where rev = ${revision}
          )`;
  return `with recursive step as (
        select ${after} as resh_id
        union all
        select least(${next('recorded_rev')}, ${next('superseded_rev')})
        from step
        where step.resh_id is not null
      )
      select step.resh_id
      from step
      where step.resh_id > ${after}
        and exists (
        ${changedIn(table, (rev) => `${rev} = ${revision} and resh_id = step.resh_id`)}
        )
      limit ${first}`;
};
