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

/** Row of `unit_version` as SQL gives it. */
export const unitRow = rowSchema(columns);

/** Facts of a unit over a period in which none of them changed, with its path. */
export type UnitRow = z.infer<typeof unitRow>;

/** A unit over all days, as known at a revision. */
export interface UnitRevisionKey {
  readonly reshId: number;
  readonly revision: number;
}

/** Returns the columns of {@link UnitRow} from a table with an alias. */
export function unitColumns(table: string): Prisma.Sql {
  return Prisma.raw(selectList(columns, table));
}
