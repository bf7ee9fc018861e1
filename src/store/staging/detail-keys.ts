import type { BulkSession } from '../database/bulk-session.ts';
import { insertProblemsSql } from './problems.ts';
import { resolveRowConflicts } from './row-conflicts.ts';
import type { UniqueKey } from './unique-key.ts';

/** Rejects rows with a code or identifier that another row gives to the same unit. */
export async function resolveDetailConflicts(session: BulkSession): Promise<void> {
  await resolveRowConflicts(session, 'unit_codes.csv', [unitCodeKey]);
  await resolveRowConflicts(session, 'identifiers.csv', [identifierKey]);
}

const unitCodeKey: UniqueKey = {
  key: "r.resh_id || ' ' || r.code_set || ':' || r.code",
  column: 'code',
  value: "r.code_set || ':' || r.code",
  problem: "'is also on %s for unit ' || r.resh_id || ', for some of the same days'",
  rowLabel: "'line ' || r.line",
  remedy: 'keep one of the rows, or give them periods that do not overlap',
};

const identifierKey: UniqueKey = {
  key: "r.resh_id || ' ' || r.system",
  column: 'value',
  value: 'r.value',
  problem: "'unit ' || r.resh_id || ' has %s, on some of the same days'",
  rowLabel: "r.value || ' in the same system on line ' || r.line",
  remedy: 'keep one of the rows, or give them periods that do not overlap',
};

/** Statement that finds unknown codes of units. */
export const unknownCodesSql = `-- unknown codes of units
  ${insertProblemsSql('unit_codes.csv', 'd')} 'code', d.code_set || ':' || d.code,
    'is a code that neither codes.csv nor the register has', 'correct the code, or add it to codes.csv'
  from import_unit_code d
  where d.code_set is not null
    and d.code is not null
    and not exists (select from import_code c where c.code_set = d.code_set and c.code = d.code and not c.rejected)
    and not exists (select from code c where c.code_set = d.code_set and c.code = d.code)`;
