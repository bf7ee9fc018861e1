import { HER_ID_SYSTEM } from '../domain/unit/identifier-systems.ts';
import { columnNames, insertColumns } from '../store/sql/columns.ts';
import { formatPathText } from '../store/sql/path-text.ts';
import { succession, treatmentSiteVersion, unitTables, type Table } from '../store/tables.ts';
import type { DemoSuccession, DemoUnit, DemoVersion } from './demo-unit.ts';

export type Cell = string | number | null;

const tables = {
  treatment_site_version: treatmentSiteVersion,
  unit_version: unitTables.versions,
  unit_code: unitTables.codes,
  unit_identifier: unitTables.identifiers,
  unit_name: unitTables.names,
  unit_address: unitTables.addresses,
  unit_contact_point: unitTables.contactPoints,
  succession,
} as const;
type DatedTableName = keyof typeof tables;
export type TableName = 'unit' | 'treatment_site' | DatedTableName;

/** Tables and columns that COPY fills; referenced tables come first. */
export const copyTargets: Readonly<Record<TableName, string>> = {
  unit: 'unit (resh_id, registered_rev)',
  treatment_site: 'treatment_site (organization_number, registered_rev)',
  treatment_site_version: copyTarget(treatmentSiteVersion),
  unit_version: copyTarget(unitTables.versions),
  unit_code: copyTarget(unitTables.codes),
  unit_identifier: copyTarget(unitTables.identifiers),
  unit_name: copyTarget(unitTables.names),
  unit_address: copyTarget(unitTables.addresses),
  unit_contact_point: copyTarget(unitTables.contactPoints),
  succession: copyTarget(succession),
};
export const copyOrder = Object.keys(copyTargets) as readonly TableName[];

const cellNames = new Map<TableName, readonly string[]>(
  Object.values(tables).map((table) => [table.name, Object.keys(insertColumns(table))]),
);

function copyTarget(table: Table): string {
  return `${table.name} (${columnNames(insertColumns(table)).join(', ')}, recorded_rev)`;
}

type DemoRow = readonly [table: TableName, cells: readonly Cell[]];

/** Returns all rows of a unit, each without its revision. */
export function buildUnitRows(unit: DemoUnit): DemoRow[] {
  return [
    ['unit', [unit.reshId]],
    ...buildSiteRows(unit),
    ...buildDatedRows(unit),
    ...unit.successions.map(toSuccessionRow),
  ];
}

function buildSiteRows({ newSite, versions }: DemoUnit): DemoRow[] {
  if (!newSite) return [];
  return [
    ['treatment_site', [newSite.number]],
    buildRow('treatment_site_version', {
      organizationNumber: newSite.number,
      name: newSite.name,
      addressLines: formatArray(newSite.city === null ? [] : ['Oppdiktet adresse']),
      city: newSite.city,
      country: 'NO',
      legalEntityReshId: versions.at(-1)?.path[1] ?? null,
    }),
  ];
}

function toSuccessionRow({ from, to, kind, on }: DemoSuccession): DemoRow {
  return buildRow('succession', {
    fromReshId: from,
    toReshId: to,
    kind,
    extent: kind === 'SPLIT' ? 'PARTIAL' : 'FULL',
    effectiveOn: on,
  });
}

/** Returns a row of a table; columns without a value are null. */
function buildRow(name: DatedTableName, values: Readonly<Record<string, Cell>>): DemoRow {
  return [name, (cellNames.get(name) ?? []).map((cell) => values[cell] ?? null)];
}

/** Returns a PostgreSQL array literal; the items must not contain quotation marks or backslashes. */
export function formatArray(items: readonly (string | number)[]): string {
  return `{${items.map((item) => (typeof item === 'number' ? item : `"${item}"`)).join(',')}}`;
}

/**
 * Returns the rows of a unit's dated facts without their revision: the first cells are the unit, its first day and its
 * end.
 */
export function buildDatedRows(unit: DemoUnit): DemoRow[] {
  const { reshId, versions } = unit;
  const [first] = versions;
  if (!first) return [];
  const entirePeriod = { reshId, from: first.from, to: versions.at(-1)?.to ?? null };
  return [
    ...versions.map((version) => buildVersionRow(unit, version)),
    ...unit.codes.map(({ from, to, codeSet, code, attributes }) =>
      buildRow('unit_code', { reshId, from, to, codeSet, code, attributes: formatArray(attributes) }),
    ),
    ...(unit.herId === null
      ? []
      : [buildRow('unit_identifier', { ...entirePeriod, system: HER_ID_SYSTEM, value: unit.herId })]),
    ...unit.names.map((name) => buildRow('unit_name', { ...entirePeriod, ...name })),
    ...(unit.address ? [buildRow('unit_address', { ...entirePeriod, ...toAddressCells(unit.address) })] : []),
    ...unit.contacts.map((contact) => buildRow('unit_contact_point', { ...entirePeriod, ...contact })),
  ];
}

function buildVersionRow(unit: DemoUnit, version: DemoVersion): DemoRow {
  return buildRow('unit_version', {
    reshId: unit.reshId,
    from: version.from,
    to: version.to,
    parentReshId: version.path.at(-2) ?? null,
    type: unit.type,
    name: version.name,
    designationCode: unit.designation,
    organizationNumber: unit.organizationNumber,
    treatmentSiteNumber: unit.siteNumber,
    responsiblePerson: unit.responsiblePerson,
    path: formatArray(version.path),
    pathText: formatPathText(version.path),
  });
}

function toAddressCells({ lines, city }: NonNullable<DemoUnit['address']>) {
  return { type: 'VISITING', lines: formatArray(lines), city, country: 'NO' };
}
