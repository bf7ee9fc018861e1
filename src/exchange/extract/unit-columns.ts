import { writeCsvValue } from '../../domain/text/csv.ts';
import { formatCodeReference } from '../../domain/unit/code-sets.ts';
import { column, createFactColumns, type Column } from './columns.ts';
import { encodeOnce } from './encode-once.ts';
import type { ExtractedUnit } from './extracted-unit.ts';
import { createPathNamesWriter, createPathWriter } from './path-writer.ts';

/**
 * Columns of units.csv, in order. The columns that the import reads come first, under the names that it expects.
 */
export const unitColumns = {
  resh_id: column('RESH-id', ({ place }) => place.row.reshId),
  ...createFactColumns(({ place }: ExtractedUnit) => place.row),
  valid_from: column('First day of the unbroken period over which the unit has this path', ({ placed }) => placed.from),
  valid_to: column('First day after that period; empty while it is open', ({ placed }) => placed.to),
  designation_name: column('Name of the designation', ({ designationName }) => designationName),
  treatment_site_name: column('Name of the treatment site', ({ siteName }) => siteName),
  depth: column('Levels under the root: 0 at a root', ({ place }) => place.depth),
  path: {
    description: 'RESH-ids from the root to the unit itself, separated by slashes',
    createWriter: () => {
      const writePath = createPathWriter(({ row }, writer) => writer.number(row.reshId), '/');
      return ({ place }, writer) => writePath(place, writer);
    },
  },
  path_names: {
    description: 'Names from the root to the unit itself, separated by " / "',
    createWriter: () => {
      const writePathNames = createPathNamesWriter();
      return ({ place }, writer) => writePathNames(place, writer);
    },
  },
  enterprise_resh_id: column(
    'RESH-id of the enterprise (foretak): the nearest organization, the unit itself included',
    ({ place }) => place.enterprise?.row.reshId ?? null,
  ),
  enterprise_organization_number: column(
    'Organization number of the enterprise',
    ({ place }) => place.enterprise?.row.organizationNumber ?? null,
  ),
  enterprise_name: column('Name of the enterprise', ({ place }) => place.enterprise?.row.name ?? null),
  region_resh_id: column('RESH-id of the region: the root of the tree', ({ place }) => place.root.row.reshId),
  region_organization_number: column(
    'Organization number of the region',
    ({ place }) => place.root.row.organizationNumber,
  ),
  region_name: column('Name of the region', ({ place }) => place.root.row.name),
  codes: {
    description: 'Specialties and other codes of the unit, each as set:code, separated by spaces',
    createWriter: () => {
      const writeCodes = encodeOnce<ExtractedUnit['codes']>((codes, writer) =>
        writeCsvValue(codes.map(formatCodeReference).join(' '), writer),
      );
      return ({ codes }, writer) => writeCodes(codes, writer);
    },
  },
} as const satisfies Record<string, Column<ExtractedUnit>>;
