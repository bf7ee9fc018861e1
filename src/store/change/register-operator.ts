import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import type { LockedTransaction, Transaction } from '../database/transaction.ts';
import { insertStatement, rowSchema, selectList } from '../sql/columns.ts';
import { validOn } from '../sql/temporal-conditions.ts';
import { administrator, rowId } from '../tables.ts';
import { recordChange, type ChangeEntry } from './ledger.ts';

/** A person who becomes an operator. */
export interface NewOperator {
  readonly subject: string;
  readonly name: string;
  /** Undefined keeps the address in the register */
  readonly email: string | undefined;
}

/** The subject is already an operator; nothing was changed. */
export class AlreadyOperatorError extends Error {
  override readonly name = 'AlreadyOperatorError';
}

const administratorColumns = { ...rowId, ...administrator.key, ...administrator.facts, ...administrator.period };
const administratorRows = z.array(rowSchema(administratorColumns));
type AdministratorRow = z.infer<typeof administratorRows>[number];

/**
 * Makes a person an operator from today on, as one change: records the name, and a grant that ends where a planned
 * grant of the same role starts.
 *
 * @param today day in Oslo
 * @returns revision of the change
 * @throws AlreadyOperatorError if the subject is an operator today
 */
export function registerOperator(
  session: BulkSession,
  actor: ChangeEntry['actor'],
  operator: NewOperator,
  today: Day,
): Promise<{ revision: number }> {
  const { subject, name, email = null } = operator;
  return recordChange(
    session,
    { operation: 'REGISTER_OPERATOR', actor, effectiveOn: today, reason: null, input: { subject, name, email } },
    async (revision, transaction) => {
      await assertNotOperator(transaction, subject, today);
      await setAdministrator(transaction, revision, operator, today);
      await transaction.query(
        `-- operator grant
         insert into access_grant (subject, role, valid_from, valid_to, recorded_rev)
         select $1, 'OPERATOR', $2::text::date, min(valid_from), $3::integer
         from access_grant
         where subject = $1
           and role = 'OPERATOR'
           and superseded_rev is null
           and valid_from > $2::text::date`,
        [subject, today, revision],
      );
    },
  );
}

async function assertNotOperator(transaction: Transaction, subject: string, today: Day): Promise<void> {
  const grants = await transaction.query(
    `-- operator grant of today
     select 1 as found
     from access_grant
     where subject = $1
       and role = 'OPERATOR'
       and superseded_rev is null
       and ${validOn('$2::text::date')}`,
    [subject, today],
  );
  if (grants.length > 0) throw new AlreadyOperatorError(`${subject} is already an operator.`);
}

/** Sets the name and e-mail address from today until their next planned change. */
async function setAdministrator(
  transaction: LockedTransaction,
  revision: number,
  { subject, name, email }: NewOperator,
  today: Day,
): Promise<void> {
  const rows = administratorRows.parse(
    await transaction.query(
      `-- administrator from today on
       select ${selectList(administratorColumns)}
       from administrator
       where subject = $1
         and superseded_rev is null
         and (valid_to is null or valid_to > $2::text::date)
       order by valid_from`,
      [subject, today],
    ),
  );
  const current = rows.find(({ from }) => from <= today);
  const newValues = { subject, name, email: email ?? current?.email ?? null };
  if (!current) {
    await insertAdministrator(transaction, revision, { ...newValues, from: today, to: rows[0]?.from ?? null });
    return;
  }
  if (current.name === newValues.name && current.email === newValues.email) return;
  await transaction.query(
    `-- supersede an administrator
     update administrator
     set superseded_rev = $1::integer
     where id = $2::text::bigint`,
    [revision, current.id],
  );
  if (current.from < today) await insertAdministrator(transaction, revision, { ...current, to: today });
  await insertAdministrator(transaction, revision, { ...newValues, from: today, to: current.to });
}

function insertAdministrator(transaction: LockedTransaction, revision: number, row: Omit<AdministratorRow, 'id'>) {
  return transaction.query(
    `-- administrator
     ${insertStatement(administrator)}`,
    [JSON.stringify([row]), revision],
  );
}
