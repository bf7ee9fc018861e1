import { HER_ID_SYSTEM } from '../domain/unit/identifier-systems.ts';
import { formatPathText } from '../store/sql/path-text.ts';
import { buildRow, formatArray, type DemoRow } from './copy-rows.ts';
import type { DemoSuccession, DemoUnit, DemoVersion } from './demo-unit.ts';

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
    shortName: unit.shortName,
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
