import { z } from 'zod';
import type { GrantRow } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import type { UnitState } from '../../domain/unit/state.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { contactOfSubjectSql, contactRow, grantRow, grantsOfSubjectSql, type Contact } from './access.ts';
import { storedResponseRow, storedResponseSql, type IdempotencyKey, type StoredResponse } from './idempotency.ts';
import { newestEntryRow, newestEntrySql, type NewestEntry } from './ledger.ts';
import { toUnitStates, unitStateRows, unitStatesSql } from './units.ts';

/** What authorization and the plan of a change begin with. */
export interface ChangeStart {
  readonly newestEntry: NewestEntry;
  /** Grants of the subject on all days */
  readonly grants: readonly GrantRow[];
  /** Name and e-mail address of the subject; undefined if the register has none */
  readonly contact: Contact | undefined;
  /** The requested units with all of their rows, without unknown and withdrawn units */
  readonly units: ReadonlyMap<number, UnitState>;
  /** Response stored for the idempotency key */
  readonly storedResponse: StoredResponse | undefined;
}

const startRow = z.object({
  newestEntry: newestEntryRow,
  grants: z.array(grantRow),
  contact: contactRow.nullable(),
  units: unitStateRows,
  storedResponse: storedResponseRow.nullable(),
});

const startStatement = `-- start of a change
  select
    (select row_to_json(entry) from (${newestEntrySql}) as entry) as "newestEntry",
    (select coalesce(json_agg(held), '[]') from (${grantsOfSubjectSql('$1')}) as held) as grants,
    (select row_to_json(contact) from (${contactOfSubjectSql('$1', '$2::text::date')}) as contact) as contact,
    (
      select coalesce(json_agg(state), '[]')
      from (${unitStatesSql('unnest($3::integer[]) as requested (resh_id)')}) as state
    ) as units,
    (
      select row_to_json(stored)
      from (${storedResponseSql('$1', '$4::text::operation', '$5::text')}) as stored
    ) as "storedResponse"`;

/**
 * Reads what a change begins with: under the lock the state that it changes, before the lock what the authorization
 * middleware checks. One statement.
 *
 * @param key idempotency key of the request; without one, there is no stored response
 */
export async function readChangeStart(
  client: SqlClient,
  { subject, operation, key }: Pick<IdempotencyKey, 'subject' | 'operation'> & { readonly key: string | undefined },
  reshIds: readonly number[],
  today: Day,
): Promise<ChangeStart> {
  const values = [subject, today, [...new Set(reshIds)], operation, key ?? null];
  const [row] = await client.query(startStatement, values);
  const { newestEntry, grants, contact, units, storedResponse } = startRow.parse(row);
  return {
    newestEntry,
    grants,
    contact: contact ?? undefined,
    units: toUnitStates(units),
    storedResponse: storedResponse ?? undefined,
  };
}

/** Returns the RESH-ids that an input names, including those in its lists and steps. */
export function collectReshIds(input: object): number[] {
  return Object.entries(input).flatMap(([key, value]: [string, unknown]): number[] => {
    if (/reshIds?$/i.test(key)) return [value].flat().filter((each) => typeof each === 'number');
    return typeof value === 'object' && value !== null ? collectReshIds(value) : [];
  });
}
