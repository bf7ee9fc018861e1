import type { Day } from '../time/day.ts';
import { valueKey, type Row } from '../time/timeline.ts';
import type { DetailList, VersionRow } from '../unit/state.ts';

/** Access of a subject over a period; only an administrator has a unit. */
export interface GrantRow extends Row {
  readonly subject: string;
  readonly role: 'OPERATOR' | 'SPECIALIST_REGISTRAR' | 'ADMINISTRATOR';
  readonly reshId: number | null;
}

/** Name and e-mail address of a person with grants, over a period. */
export interface AdministratorRow extends Row {
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
}

/** A node in the tree of another system, over a period, with the unit that it points at. */
export interface MappingNodeRow extends Row {
  readonly systemId: string;
  readonly nodeId: string;
  readonly name: string;
  readonly parentNodeId: string | null;
  readonly reshId: number | null;
}

/** A succession: a unit that becomes another unit, wholly or in part. */
export interface NewSuccession {
  readonly from: number;
  readonly to: number;
  readonly kind: 'MERGE' | 'SPLIT' | 'REPLACEMENT';
  readonly extent: 'FULL' | 'PARTIAL';
  readonly effectiveOn: Day;
}

/** A succession in the register. */
export interface RecordedSuccession extends NewSuccession {
  readonly id: string;
}

/** Facts of a treatment site. */
export interface SiteFacts {
  readonly name: string;
  readonly municipality: string | null;
  readonly addressLines: readonly string[];
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly legalEntityReshId: number | null;
}

/** Facts of a treatment site that change together, by the names that clients know. */
export const siteFields: ReadonlyMap<string, readonly (keyof SiteFacts)[]> = new Map([
  ['name', ['name']],
  ['municipality', ['municipality']],
  ['address', ['addressLines', 'postalCode', 'city', 'country']],
  ['legalEntity', ['legalEntityReshId']],
]);

/** A treatment site over a period, which begins on the first day of all if the site has no known first day. */
export interface SiteRow extends Row, SiteFacts {
  readonly organizationNumber: string;
}

/** Rows that a change supersedes, and rows that it adds. */
export interface RowChanges<R extends Row> {
  readonly superseded: readonly R[];
  readonly added: readonly R[];
}

/** The rows that a change writes for one unit. */
export interface UnitWrite {
  readonly reshId: number;
  readonly isNew: boolean;
  readonly versions: RowChanges<VersionRow>;
  readonly details: Readonly<Record<DetailList, RowChanges<Row>>>;
}

/** Everything that a change writes. */
export interface WriteSet {
  readonly units: readonly UnitWrite[];
  /** Numbers of the treatment sites that it registers */
  readonly newSites: readonly string[];
  readonly sites: RowChanges<SiteRow>;
  readonly successions: readonly NewSuccession[];
  readonly endedSuccessions: readonly RecordedSuccession[];
  readonly grants: RowChanges<GrantRow>;
  readonly administrators: RowChanges<AdministratorRow>;
  readonly mappingNodes: RowChanges<MappingNodeRow>;
}

/** Returns the row changes between two lists; rows with the same values over the same days stay as they are. */
export function diffRows<R extends Row>(before: readonly R[], after: readonly R[]): RowChanges<R> {
  const rowKey = (row: R) => `${row.from} ${row.to} ${valueKey(row)}`;
  const [oldKeys, newKeys] = [new Set(before.map(rowKey)), new Set(after.map(rowKey))];
  return {
    superseded: before.filter((row) => !newKeys.has(rowKey(row))),
    added: after.filter((row) => !oldKeys.has(rowKey(row))),
  };
}

/** Returns whether a change writes nothing. */
export function isEmptyWriteSet({
  units,
  sites,
  successions,
  endedSuccessions,
  grants,
  administrators,
  mappingNodes,
}: WriteSet): boolean {
  const unitRows = units.flatMap(({ versions, details }) => [versions, ...Object.values(details)]);
  return (
    successions.length + endedSuccessions.length === 0 &&
    [sites, grants, administrators, mappingNodes, ...unitRows].every(
      ({ superseded, added }) => superseded.length + added.length === 0,
    )
  );
}
