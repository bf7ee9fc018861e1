import { HER_ID_SYSTEM } from '../domain/unit/identifier-systems.ts';
import type { DemoUnit } from './demo-unit.ts';

export type Cell = string | number | null;

/** Where rows of the demo register go, in the order in which their references need them. */
export const copyTargets = {
  unit: 'unit (resh_id, registered_rev)',
  treatment_site: 'treatment_site (organization_number, registered_rev)',
  treatment_site_version:
    'treatment_site_version (organization_number, name, address_lines, city, country, legal_entity_resh_id, recorded_rev)',
  unit_version:
    'unit_version (resh_id, valid_from, valid_to, parent_resh_id, type, name, designation_code, organization_number, treatment_site_number, responsible_person, path, path_text, recorded_rev)',
  unit_code: 'unit_code (resh_id, valid_from, valid_to, code_set, code, attributes, recorded_rev)',
  unit_identifier: 'unit_identifier (resh_id, valid_from, valid_to, system, value, recorded_rev)',
  unit_name: 'unit_name (resh_id, valid_from, valid_to, language, name, recorded_rev)',
  unit_address: 'unit_address (resh_id, valid_from, valid_to, type, lines, city, country, recorded_rev)',
  unit_contact_point: 'unit_contact_point (resh_id, valid_from, valid_to, type, value, recorded_rev)',
  succession: 'succession (from_resh_id, to_resh_id, kind, extent, effective_on, recorded_rev)',
} as const;
export type TableName = keyof typeof copyTargets;
export const copyOrder: readonly TableName[] = [
  'unit',
  'treatment_site',
  'treatment_site_version',
  'unit_version',
  'unit_code',
  'unit_identifier',
  'unit_name',
  'unit_address',
  'unit_contact_point',
  'succession',
];

/** A line of CSV, as COPY reads it: nothing between commas is null. */
export function formatCsvLine(cells: readonly Cell[]): string {
  return `${cells
    .map((cell) => (cell === null ? '' : typeof cell === 'number' ? cell : `"${cell.replaceAll('"', '""')}"`))
    .join(',')}\n`;
}

/** All rows of a unit, each without its revision. */
export function buildUnitRows(unit: DemoUnit): [TableName, readonly Cell[]][] {
  const { newSite } = unit;
  return [
    ['unit', [unit.reshId]],
    ...(newSite
      ? ([
          ['treatment_site', [newSite.number]],
          [
            'treatment_site_version',
            [
              ...[newSite.number, newSite.name, formatArray(newSite.city === null ? [] : ['Oppdiktet adresse'])],
              ...[newSite.city, 'NO', unit.versions.at(-1)?.path[1] ?? null],
            ],
          ],
        ] satisfies [TableName, Cell[]][])
      : []),
    ...buildDatedRows(unit),
    ...unit.successions.map(({ from, to, kind, on }): [TableName, readonly Cell[]] => [
      'succession',
      [from, to, kind, kind === 'SPLIT' ? 'PARTIAL' : 'FULL', on],
    ]),
  ];
}

/** An array as PostgreSQL reads it; the items have no quotation mark or backslash. */
export function formatArray(items: readonly (string | number)[]): string {
  return `{${items.map((item) => (typeof item === 'number' ? item : `"${item}"`)).join(',')}}`;
}

/** Rows of a unit's dated facts, each without its revision, and beginning with the unit, its first day and its end. */
export function buildDatedRows(unit: DemoUnit): [TableName, readonly Cell[]][] {
  const { reshId, versions } = unit;
  const [first] = versions;
  if (!first) return [];
  const entirePeriod = [reshId, first.from, versions.at(-1)?.to ?? null] as const;
  return [
    ...versions.map((version): [TableName, readonly Cell[]] => [
      'unit_version',
      [
        ...[reshId, version.from, version.to, version.path.at(-2) ?? null, unit.type, version.name, unit.designation],
        ...[unit.organizationNumber, unit.siteNumber, unit.responsiblePerson],
        ...[formatArray(version.path), formatPathText(version.path)],
      ],
    ]),
    ...unit.codes.map(({ from, to, codeSet, code, attributes }): [TableName, readonly Cell[]] => [
      'unit_code',
      [reshId, from, to, codeSet, code, formatArray(attributes)],
    ]),
    ...(unit.herId === null
      ? []
      : [['unit_identifier', [...entirePeriod, HER_ID_SYSTEM, unit.herId]] satisfies [TableName, Cell[]]]),
    ...unit.names.map(({ language, name }): [TableName, readonly Cell[]] => [
      'unit_name',
      [...entirePeriod, language, name],
    ]),
    ...(unit.address
      ? [
          [
            'unit_address',
            [...entirePeriod, 'VISITING', formatArray(unit.address.lines), unit.address.city, 'NO'],
          ] satisfies [TableName, Cell[]],
        ]
      : []),
    ...unit.contacts.map(({ type, value }): [TableName, readonly Cell[]] => [
      'unit_contact_point',
      [...entirePeriod, type, value],
    ]),
  ];
}

function formatPathText(path: readonly number[]): string {
  return path.map((id) => `${String(id).padStart(10, '0')}/`).join('');
}
