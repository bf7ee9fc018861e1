import { z } from 'zod';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { createSqlClient } from '../database/prisma-sql-client.ts';
import { selectExpression } from '../sql/columns.ts';
import { knownAt } from '../sql/temporal-conditions.ts';
import { factColumn, unitFactColumns } from '../sql/unit-file.ts';
import type { ImportFileName, SuccessionFileColumn } from '../tables.ts';

interface ExtractTable {
  readonly from: string;
  /** Columns of the file, with the SQL of their values */
  readonly columns: Readonly<Record<string, string>>;
  /** Unique key by which rows are sorted, with types; an index starts with its first column */
  readonly key: readonly (readonly [expression: string, type: string])[];
}

const periodColumns = { valid_from: 't.valid_from::text', valid_to: 't.valid_to::text' };

const firstDayKey = [`coalesce(t.valid_from, '-infinity'::date)`, 'date'] as const;
const reshIdKey = ['t.resh_id', 'integer'] as const;
const codeSetKey = ['t.code_set', 'integer'] as const;

const successionColumns: Readonly<Record<SuccessionFileColumn, string>> = {
  from_resh_id: 't.from_resh_id',
  to_resh_id: 't.to_resh_id',
  kind: 't.kind::text',
  extent: 't.extent::text',
  effective_on: 't.effective_on::text',
};

/** Tables that contain the files of an import. */
export const extractTables: Readonly<Record<ImportFileName, ExtractTable>> = {
  'codes.csv': {
    from: 'code_version t join code_set on code_set.number = t.code_set',
    columns: {
      code_set: 't.code_set',
      code_set_name: 'code_set.name',
      code: 't.code',
      name: 't.name',
      parent_code: 't.parent_code',
      status: `case when t.retired then 'retired' else 'active' end`,
      replaced_by: `array_to_string(t.replaced_by, ' ')`,
      ...periodColumns,
    },
    key: [codeSetKey, textKey('code'), firstDayKey],
  },
  'treatment_sites.csv': {
    from: 'treatment_site_version t',
    columns: {
      organization_number: 't.organization_number',
      name: 't.name',
      municipality: 't.municipality',
      postal_code: 't.postal_code',
      city: 't.city',
      trust_resh_id: 't.legal_entity_resh_id',
      ...periodColumns,
    },
    key: [textKey('organization_number'), firstDayKey],
  },
  'units.csv': {
    from: 'unit_version t',
    columns: {
      resh_id: 't.resh_id',
      ...Object.fromEntries(unitFactColumns.map((name) => [name, selectExpression(factColumn(name), 't')])),
      ...periodColumns,
    },
    key: [reshIdKey, ['t.valid_from', 'date']],
  },
  'unit_codes.csv': {
    from: 'unit_code t',
    columns: { resh_id: 't.resh_id', code_set: 't.code_set', code: 't.code', ...periodColumns },
    key: [reshIdKey, codeSetKey, textKey('code'), ['t.valid_from', 'date']],
  },
  'identifiers.csv': {
    from: 'unit_identifier t',
    columns: { resh_id: 't.resh_id', system: 't.system', value: 't.value', ...periodColumns },
    key: [reshIdKey, textKey('system'), ['t.valid_from', 'date'], textKey('value')],
  },
  'successions.csv': {
    from: 'succession t',
    columns: successionColumns,
    key: [
      ['t.from_resh_id', 'integer'],
      ['t.effective_on', 'date'],
      ['t.to_resh_id', 'integer'],
      textKey('kind::text'),
      textKey('extent::text'),
    ],
  },
};

// The collation gives the same order on every server.
function textKey(column: string) {
  return [`t.${column} collate "C"`, 'text'] as const;
}

const rowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

/** Values of a row in the order of the columns of the file, and the key after which the next page starts. */
export interface ExtractTableRow {
  readonly values: readonly (string | number | null)[];
  readonly cursor: readonly string[];
}

/** Returns a page of the rows of one file as known at a revision, on all days. One statement. */
export async function readExtractTable(
  prisma: PrismaClient,
  file: ImportFileName,
  revision: number,
  after: readonly string[] | undefined,
  first: number,
): Promise<ExtractTableRow[]> {
  const { from, columns, key } = extractTables[file];
  const names = Object.keys(columns);
  const expressions = key.map(([expression]) => expression);
  const cursorColumns = key.map((_, n) => `key_${n}`);
  const cursorValues = key.map(([, type], n) => `$${n + 3}::text::${type}`);
  const afterCondition = `and (${expressions.join(', ')}) > (${cursorValues.join(', ')})`;
  const selected = [
    ...Object.entries(columns).map(([name, expression]) => `${expression} as ${name}`),
    ...expressions.map((expression, n) => `(${expression})::text as ${cursorColumns[n]}`),
  ];
  const rows = await createSqlClient(prisma).query(
    `-- rows of ${file}
    select
      ${selected.join(',\n      ')}
    from ${from}
    where ${knownAt('$1::integer', 't')}
      ${after ? afterCondition : ''}
    order by ${expressions.join(', ')}
    limit $2::integer`,
    [revision, first, ...(after ?? [])],
  );
  return z
    .array(rowSchema)
    .parse(rows)
    .map((row) => ({
      values: names.map((name) => row[name] ?? null),
      cursor: cursorColumns.map((name) => String(row[name])),
    }));
}
