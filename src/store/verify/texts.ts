import { LINE_LIMIT } from '../../domain/text/text-rule.ts';
import { accessGrant, administrator, datedTables, type Column, type Table } from '../tables.ts';
import { regionText, revisionRange } from './bitemporal-regions.ts';
import { insertViolation } from './violation.ts';

// Subjects of tokens are compared exactly, so they stay as their issuer writes them.
const exactKeys = [accessGrant.key, administrator.key] as const;

// The same rule as in domain/text/text-rule.ts.
const faultSql = `case
      when c.value ~ '[\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029\\ufffd]' then 'has a control character'
      when c.value ~ '[\\u202a-\\u202e\\u2066-\\u2069]' then 'has a character that changes the writing direction'
      when c.value ~ '^[\\s\\u00ad\\u200b-\\u200f\\u2060-\\u2064\\ufeff]*$' then 'has no visible character'
      when char_length(c.value) > ${LINE_LIMIT} then 'is longer than ${LINE_LIMIT} characters'
      when c.value ~ '[\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]|  |^ | $'
        then 'has other blanks than single spaces between words'
      when c.value is not nfc normalized then 'has letters that are not composed (NFC)'
    end`;

/** Statements that find texts of current rows that no door lets in, one per table. */
export const textStatements: readonly string[] = datedTables.flatMap((table) => {
  const columns = selectTextColumns(table);
  return columns.length === 0 ? [] : [buildTextSql(table, columns)];
});

function selectTextColumns({ key, facts }: Table): Column[] {
  const keyColumns = exactKeys.some((exact) => exact === key) ? [] : Object.values(key);
  return [...keyColumns, ...Object.values(facts)].filter(({ type }) => type === 'text' || type === 'text[]');
}

function buildTextSql(table: Table, columns: readonly Column[]): string {
  const isOfUnit = Object.values(table.key).some(({ column }) => column === 'resh_id');
  const hasDays = table.period['from'] !== undefined;
  return `-- text: texts of ${table.name} are as mutations and files may give them
  ${insertViolation}
  select 'text', ${isOfUnit ? 't.resh_id' : 'null'}, ${hasDays ? regionText('t') : `null, ${revisionRange('t')}::text`},
    '${table.name}.' || c.column_name || ' of ' || ${formatKeySql(table)} || ' ' || ${faultSql}
  from ${table.name} t
  cross join lateral (
    ${columns.map(selectTextSql).join('\n    union all\n    ')}
  ) as c (column_name, value)
  where t.superseded_rev is null
    and ${faultSql} is not null`;
}

function selectTextSql({ column, type }: Column): string {
  return `select '${column}', ${type === 'text[]' ? `unnest(t.${column})` : `t.${column}`}`;
}

function formatKeySql({ key }: Table): string {
  return Object.values(key)
    .map(({ column }) => `t.${column}::text`)
    .join(" || ' ' || ");
}
