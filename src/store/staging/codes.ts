import { z } from 'zod';
import { FIRST_DAY } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { insertProblemsSql, markRejected } from './problems.ts';
import { isInRoundSql, resolveRowConflicts, type PlaceRows } from './row-conflicts.ts';
import { removeRegisteredRows } from './registered-rows.ts';
import type { ReadableFiles } from './tables.ts';
import type { UniqueKey } from './unique-key.ts';

/** Checks the staged codes against each other and the register, and removes registered codes. */
export async function checkCodes(
  session: BulkSession,
  readable: ReadableFiles,
): Promise<{ alreadyRegistered: number }> {
  const alreadyRegistered = await removeRegisteredRows(session, 'codes.csv', registeredCodesSql);
  if (readable.codes) await checkCodeRows(session);
  else await resolveRowConflicts(session, 'codes.csv', [codeKey]);
  return { alreadyRegistered };
}

/**
 * Checks the staged codes as {@link checkCodes} does, and removes the rows of registered codes.
 *
 * @returns the removed rows, by set, code and day
 */
export async function checkDesiredCodes(session: BulkSession, readable: ReadableFiles): Promise<StagedCode[]> {
  if (readable.codes) await checkCodeRows(session);
  else await resolveRowConflicts(session, 'codes.csv', [codeKey]);
  const registered = await readStagedCodes(session, `and ${isRegisteredSql}`);
  await session.execute(`-- rows of registered codes
    delete from import_code c
    where not c.rejected and ${isRegisteredSql}`);
  return registered;
}

/** Checks the staged codes against each other and the codes of the register that they refer to. */
export async function checkCodeRows(session: BulkSession): Promise<void> {
  await session.execute(codeChecksSql);
  await markRejected(session, 'codes.csv');
  await resolveRowConflicts(session, 'codes.csv', [codeKey], placeCodes);
  await session.execute(unreachableCodesSql);
  await markRejected(session, 'codes.csv');
}

const stagedCodeRows = z.array(
  z.object({
    codeSet: z.number(),
    codeSetName: z.string().nullable(),
    code: z.string(),
    name: z.string(),
    parentCode: z.string().nullable(),
    retired: z.boolean(),
    replacedBy: z.array(z.string()),
    from: z.string(),
    to: z.string().nullable(),
  }),
);

type StagedCode = z.infer<typeof stagedCodeRows>[number];

/**
 * Returns the staged codes without rejected rows, by set, code and day. One statement.
 *
 * @param conditionSql further condition on the row `c`
 */
export async function readStagedCodes(session: BulkSession, conditionSql = ''): Promise<StagedCode[]> {
  return stagedCodeRows.parse(
    await session.query(
      `-- staged codes
       select code_set as "codeSet", code_set_name as "codeSetName", code, name, parent_code as "parentCode", retired,
         replaced_by as "replacedBy", coalesce(valid_from, '${FIRST_DAY}')::text as "from", valid_to::text as "to"
       from import_code c
       where not rejected ${conditionSql}
       order by code_set, code collate "C", valid_from nulls first`,
    ),
  );
}

const isRegisteredSql = 'exists (select from code k where k.code_set = c.code_set and k.code = c.code)';

// Rows of the register take precedence, so that the same reference data can be imported again.
const registeredCodesSql = `-- codes that the register has
  ${insertProblemsSql('codes.csv', 'c', 'WARNING')} 'code', c.code_set || ':' || c.code,
    'differs from the register', 'the row is ignored; change the code with import --sync, or with the command codes'
  from import_code c
  join code k on k.code_set = c.code_set and k.code = c.code
  where not c.rejected
    and not exists (
      select from code_version v
      where v.code_set = c.code_set
        and v.code = c.code
        and v.superseded_rev is null
        and (v.name, v.parent_code, v.retired, v.valid_from, v.valid_to)
          is not distinct from (c.name, c.parent_code, c.retired, c.valid_from, c.valid_to)
    );
  delete from import_code c
  using code k
  where k.code_set = c.code_set and k.code = c.code and not c.rejected;`;

const codeChecksSql = `-- unknown parent codes
  ${insertProblemsSql('codes.csv', 'c')} 'parent_code', c.parent_code,
    'is not a code of set ' || c.code_set, 'add the code, or leave the column empty'
  from import_code c
  where c.parent_code is not null
    and c.code_set is not null
    and not exists (select from import_code p where p.code_set = c.code_set and p.code = c.parent_code)
    and not exists (select from code p where p.code_set = c.code_set and p.code = c.parent_code);
  -- unknown replacing codes
  ${insertProblemsSql('codes.csv', 'c')} 'replaced_by', replacement,
    'is an unknown code', 'add the code, written as set:code, or leave it out'
  from import_code c
  cross join lateral unnest(c.replaced_by) as replacement
  where not exists (select from import_code p where p.code_set || ':' || p.code = replacement)
    and not exists (select from code p where p.code_set || ':' || p.code = replacement);`;

const codeKey: UniqueKey = {
  key: "r.code_set || ':' || r.code",
  column: 'code',
  value: "r.code_set || ':' || r.code",
  problem: "'is also on %s, for some of the same days'",
  rowLabel: "'line ' || r.line",
  remedy: 'keep one of the rows, or give them periods that do not overlap',
};

const reachableCodesSql = `with recursive reachable as (
    select r.code_set, r.code
    from import_code r
    where r.parent_code is null and ${isInRoundSql}
    union
    select k.code_set, k.code
    from code k
    union
    select r.code_set, r.code
    from reachable parent
    join import_code r on r.code_set = parent.code_set and r.parent_code = parent.code and ${isInRoundSql}
  )`;

const isReachableSql = `exists (
      select from reachable k
      where k.code_set = r.code_set and k.code = coalesce(r.parent_code, r.code)
    )`;

const placeCodes: PlaceRows = (session) =>
  session.execute(`drop table if exists import_placeable;
    create temporary table import_placeable as
    ${reachableCodesSql}
    select r.line
    from import_code r
    where ${isInRoundSql} and ${isReachableSql};
    create index on import_placeable (line)`);

const unreachableCodesSql = `-- codes under rejected codes or in a cycle
  ${reachableCodesSql}
  ${insertProblemsSql('codes.csv', 'r')} 'parent_code', r.parent_code,
    'was rejected, or is a descendant of the code', 'correct the row of the parent code'
  from import_code r
  where not r.rejected and not ${isReachableSql};`;
