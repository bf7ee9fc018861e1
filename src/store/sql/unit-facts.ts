import type { z } from 'zod';
import type { DatedUnit } from '../../domain/unit/state.ts';
import { period, unitTables, type Columns } from '../tables.ts';
import { rowSchema } from './columns.ts';

/** Columns of a unit's facts and lists, each with its period. */
export const factColumns = {
  versions: { ...period, ...unitTables.versions.facts },
  codes: { ...period, ...unitTables.codes.facts },
  identifiers: { ...period, ...unitTables.identifiers.facts },
  names: { ...period, ...unitTables.names.facts },
  addresses: { ...period, ...unitTables.addresses.facts },
  contactPoints: { ...period, ...unitTables.contactPoints.facts },
} as const satisfies Record<keyof DatedUnit, Columns>;

/** Parsers of rows with {@link factColumns}. */
export const factRowSchemas: { readonly [List in keyof DatedUnit]: z.ZodType<DatedUnit[List][number]> } = {
  versions: rowSchema(factColumns.versions),
  codes: rowSchema(factColumns.codes),
  identifiers: rowSchema(factColumns.identifiers),
  names: rowSchema(factColumns.names),
  addresses: rowSchema(factColumns.addresses),
  contactPoints: rowSchema(factColumns.contactPoints),
};
