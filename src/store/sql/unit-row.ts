import { z } from 'zod';
import { Prisma } from '../../generated/prisma/client.js';

/** Row of `unit_version` as SQL gives it: days are ISO text, `to` exclusive and null while open. */
export const unitRow = z.object({
  reshId: z.number(),
  from: z.string(),
  to: z.string().nullable(),
  recordedRev: z.number(),
  supersededRev: z.number().nullable(),
  parentReshId: z.number().nullable(),
  type: z.enum(['ORGANIZATION', 'DEPARTMENT']),
  name: z.string(),
  shortName: z.string().nullable(),
  designationCode: z.string().nullable(),
  designationText: z.string().nullable(),
  organizationNumber: z.string().nullable(),
  treatmentSiteNumber: z.string().nullable(),
  responsiblePerson: z.string().nullable(),
  path: z.array(z.number()),
  pathText: z.string(),
  nameSortKey: z.string(),
});

/** All about a unit over a period in which none of it changed. */
export type UnitRow = z.infer<typeof unitRow>;

/** The columns of {@link UnitRow}, from a table with this alias. */
export function unitColumns(table: string): Prisma.Sql {
  return Prisma.raw(
    [
      'resh_id as "reshId"',
      'valid_from::text as "from"',
      'valid_to::text as "to"',
      'recorded_rev as "recordedRev"',
      'superseded_rev as "supersededRev"',
      'parent_resh_id as "parentReshId"',
      'type::text as "type"',
      'name',
      'short_name as "shortName"',
      'designation_code as "designationCode"',
      'designation_text as "designationText"',
      'organization_number as "organizationNumber"',
      'treatment_site_number as "treatmentSiteNumber"',
      'responsible_person as "responsiblePerson"',
      'path',
      'path_text as "pathText"',
      'name_sort_key as "nameSortKey"',
    ]
      .map((column) => `${table}.${column}`)
      .join(', '),
  );
}
