import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { AskedUnit } from '../reading/variables.ts';

const rowsSchema = z.array(
  z.object({
    resh_id: z.coerce.number(),
    name: z.string(),
    path: z.string().transform((path) => path.split('/').map(Number)),
  }),
);

/** Reads the units of a register from its extract, with their places in the tree. */
export async function readRegisterUnits(serverUrl: string): Promise<AskedUnit[]> {
  const response = await fetch(`${serverUrl}/extracts/units.csv?columns=resh_id,name,path`);
  const rows = rowsSchema.parse(parse(await response.text(), { columns: true }));
  const sizes = new Map<number, number>();
  for (const { path } of rows) for (const reshId of path) sizes.set(reshId, (sizes.get(reshId) ?? 0) + 1);
  return rows.map(({ resh_id: id, name, path }) => ({ id, name, depth: path.length, size: sizes.get(id) ?? 1 }));
}
