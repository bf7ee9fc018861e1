import { z } from 'zod';
import type { CodeRow } from '../../domain/plan/code-sets/plan-codes.ts';
import type { RowChanges } from '../../domain/plan/write-set.ts';
import { FIRST_DAY } from '../../domain/time/day.ts';
import type { SqlClient } from '../database/sql-client.ts';
import type { LockedTransaction } from '../database/transaction.ts';
import { insertStatement, rowSchema, selectList } from '../sql/columns.ts';
import { codeVersion, rowId } from '../tables.ts';

const codeColumns = { ...rowId, ...codeVersion.key, ...codeVersion.period, ...codeVersion.facts };
const codeRow: z.ZodType<CodeRow> = rowSchema(codeColumns).transform(({ from, ...code }) => ({
  ...code,
  from: from ?? FIRST_DAY,
}));

/** Returns the periods of all codes of the register in order of days. One statement. */
export async function readCodeRows(client: SqlClient): Promise<CodeRow[]> {
  return z.array(codeRow).parse(
    await client.query(
      `-- periods of all codes
       select ${selectList(codeColumns)}
       from code_version
       where superseded_rev is null
       order by code_set, code collate "C", valid_from nulls first`,
    ),
  );
}

/** A code set, with its name if a list has one. */
export interface NamedCodeSet {
  readonly number: number;
  readonly name: string | null;
}

/** Writes the rows of codes, with the code sets and codes that the register does not have yet. */
export async function writeCodes(
  tx: LockedTransaction,
  revision: number,
  { superseded, added }: RowChanges<CodeRow>,
  sets: readonly NamedCodeSet[],
): Promise<void> {
  await tx.query(
    `-- add code sets
     insert into code_set (number, oid, name, registered_rev)
     select number, '2.16.578.1.12.4.1.1.' || number, coalesce(name, 'Code set ' || number), $2::integer
     from jsonb_to_recordset($1::text::jsonb) as listed (number integer, name text)
     order by number
     on conflict do nothing`,
    [JSON.stringify(sets), revision],
  );
  await tx.query(
    `-- add codes
     insert into code (code_set, code, registered_rev)
     select distinct "codeSet", code, $2::integer
     from jsonb_to_recordset($1::text::jsonb) as listed ("codeSet" integer, code text)
     on conflict do nothing`,
    [JSON.stringify(added.map(({ codeSet, code }) => ({ codeSet, code }))), revision],
  );
  await tx.query(
    `-- supersede codes
     update code_version
     set superseded_rev = $2::integer
     where id = any($1::text[]::bigint[])`,
    [superseded.map(({ id }) => id), revision],
  );
  await tx.query(
    `-- add periods of codes
     ${insertStatement(codeVersion)}`,
    [JSON.stringify(added.map(({ from, ...row }) => ({ ...row, from: from === FIRST_DAY ? null : from }))), revision],
  );
}
