import type { z } from 'zod';
import { Prisma } from '../../generated/prisma/client.js';
import { knownBetween, unitVersion } from '../tables.ts';
import { rowSchema, selectList } from './columns.ts';

const columns = {
  ...unitVersion.key,
  ...unitVersion.period,
  ...knownBetween,
  ...unitVersion.facts,
  ...unitVersion.derived,
  nameSortKey: unitVersion.generated.nameSortKey,
} as const;

/** Parser of rows with {@link unitColumns}. */
export const unitRow = rowSchema(columns);

/** Version of a unit: its facts and path over a period in which none of them changed. */
export type UnitRow = z.infer<typeof unitRow>;

/** A page of units in RESH-id order; `after` is the last RESH-id of the previous page. */
export interface ReshIdPage {
  readonly first: number;
  readonly after?: number | undefined;
}

/** A unit on all days, as known at a revision. */
export interface UnitRevisionKey {
  readonly reshId: number;
  readonly revision: number;
}

/** Returns the columns of {@link UnitRow}, from a table or alias. */
export function unitColumns(table: string): Prisma.Sql {
  return Prisma.raw(selectList(columns, table));
}
