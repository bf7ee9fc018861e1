import { createFactColumns, type Column } from './columns.ts';
import type { ExtractedUnit } from './extracted-unit.ts';

/**
 * Columns of units.csv, in order. The columns that the import reads come first, under the names that it expects.
 */
export const unitColumns = {
  resh_id: { description: 'RESH-id', value: ({ place }) => place.row.reshId },
  ...createFactColumns(({ place }: ExtractedUnit) => place.row),
  valid_from: {
    description: 'First day of the unbroken period over which the unit has this path',
    value: ({ placed }) => placed.from,
  },
  valid_to: {
    description: 'First day after that period; empty while it is open',
    value: ({ placed }) => placed.to,
  },
  designation_name: { description: 'Name of the designation', value: ({ designationName }) => designationName },
  treatment_site_name: { description: 'Name of the treatment site', value: ({ siteName }) => siteName },
  depth: { description: 'Levels under the root: 0 at a root', value: ({ place }) => place.depth },
  path: {
    description: 'RESH-ids from the root to the unit itself, separated by slashes',
    value: ({ place }) => place.pathIds,
  },
  path_names: {
    description: 'Names from the root to the unit itself, separated by " / "',
    value: ({ place }) => place.pathNames,
  },
  enterprise_resh_id: {
    description: 'RESH-id of the enterprise (foretak): the nearest organization, the unit itself included',
    value: ({ place }) => place.enterprise?.row.reshId ?? null,
  },
  enterprise_organization_number: {
    description: 'Organization number of the enterprise',
    value: ({ place }) => place.enterprise?.row.organizationNumber ?? null,
  },
  enterprise_name: { description: 'Name of the enterprise', value: ({ place }) => place.enterprise?.row.name ?? null },
  region_resh_id: {
    description: 'RESH-id of the region: the root of the tree',
    value: ({ place }) => place.root.row.reshId,
  },
  region_organization_number: {
    description: 'Organization number of the region',
    value: ({ place }) => place.root.row.organizationNumber,
  },
  region_name: { description: 'Name of the region', value: ({ place }) => place.root.row.name },
  codes: {
    description: 'Specialties and other codes of the unit, each as set:code, separated by spaces',
    value: ({ codes }) => codes.map(({ codeSet, code }) => `${codeSet}:${code}`).join(' '),
  },
} as const satisfies Record<string, Column<ExtractedUnit>>;
