import type { CsvValue } from './csv.ts';
import type { ExtractedUnit } from './extracted-unit.ts';

interface UnitColumn {
  readonly description: string;
  readonly value: (unit: ExtractedUnit) => CsvValue;
}

/** Columns of units.csv in their order. Those that the import knows come first, under the names that it knows them by. */
export const unitColumns = {
  resh_id: { description: 'RESH-id', value: ({ row }) => row.reshId },
  type: { description: 'ORGANIZATION or DEPARTMENT', value: ({ row }) => row.type },
  name: { description: 'Name', value: ({ row }) => row.name },
  short_name: { description: 'Short name', value: ({ row }) => row.shortName },
  parent_resh_id: { description: 'RESH-id of the unit above; empty at a root', value: ({ row }) => row.parentReshId },
  organization_number: {
    description: 'Organization number (organisasjonsnummer)',
    value: ({ row }) => row.organizationNumber,
  },
  treatment_site_number: {
    description: 'Number of the treatment site (behandlingssted) the unit is tied to',
    value: ({ row }) => row.treatmentSiteNumber,
  },
  designation: {
    description: 'What the unit is called locally (organisatorisk betegnelse), a code of 8624',
    value: ({ row }) => row.designationCode,
  },
  designation_text: {
    description: 'Local wording of the designation',
    value: ({ row }) => row.designationText,
  },
  responsible_person: { description: 'Person responsible for the unit', value: ({ row }) => row.responsiblePerson },
  valid_from: {
    description: 'First day of the unbroken period in which the unit stands at this place (path) in the tree',
    value: ({ placed }) => placed.from,
  },
  valid_to: {
    description: 'First day on which it no longer does; empty while that has no end',
    value: ({ placed }) => placed.to,
  },
  designation_name: { description: 'Name of the designation', value: ({ designationName }) => designationName },
  treatment_site_name: { description: 'Name of the treatment site', value: ({ siteName }) => siteName },
  depth: { description: 'Levels beneath the root: 0 at a root', value: ({ path }) => path.length - 1 },
  path: {
    description: 'RESH-ids from the root to the unit itself, a slash between them',
    value: ({ row }) => row.path.join('/'),
  },
  path_names: {
    description: 'Names from the root to the unit itself, « / » between them',
    value: ({ path }) => path.map(({ name }) => name).join(' / '),
  },
  enterprise_resh_id: {
    description: 'RESH-id of the enterprise (foretak): the nearest organization, the unit itself included',
    value: ({ enterprise }) => enterprise?.reshId ?? null,
  },
  enterprise_organization_number: {
    description: 'Organization number of the enterprise',
    value: ({ enterprise }) => enterprise?.organizationNumber ?? null,
  },
  enterprise_name: { description: 'Name of the enterprise', value: ({ enterprise }) => enterprise?.name ?? null },
  region_resh_id: {
    description: 'RESH-id of the region: the root of the tree',
    value: ({ path }) => path[0]?.reshId ?? null,
  },
  region_organization_number: {
    description: 'Organization number of the region',
    value: ({ path }) => path[0]?.organizationNumber ?? null,
  },
  region_name: { description: 'Name of the region', value: ({ path }) => path[0]?.name ?? null },
  codes: {
    description: 'Specialties and other codes of the unit, each as set:code, a space between them',
    value: ({ codes }) => codes.map(({ codeSet, code }) => `${codeSet}:${code}`).join(' '),
  },
} as const satisfies Record<string, UnitColumn>;
