import type { Snapshot } from '../../domain/time/snapshot.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import type { Detail } from '../../domain/unit/inherited-details.ts';
import { selectNearestByType } from '../../domain/unit/inherited-details.ts';
import type { Database } from '../../store/database/database.ts';
import { createSqlClient } from '../../store/database/prisma-sql-client.ts';
import { readCodes } from '../../store/read/codes.ts';
import { readExtractCodes, readExtractUnits, type ExtractCodeRow } from '../../store/read/extract-units.ts';
import { readTreatmentSites } from '../../store/read/treatment-sites.ts';
import {
  readAddressesOnPath,
  readContactPointsOnPath,
  readIdentifiers,
  readInternationalNames,
  type AddressRow,
  type ContactPointRow,
} from '../../store/read/unit-details.ts';
import { readUnbrokenPeriods, type UnbrokenPeriods } from '../../store/read/unbroken-periods.ts';
import { readUnits } from '../../store/read/units.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import { PlacedUnit, type ExtractedUnit } from './extracted-unit.ts';
import { pageThrough } from './page-through.ts';
import { prefetch } from './prefetch.ts';

type Prisma = Database['prisma'];

/** Units to extract at a snapshot: a unit and all units under it, or all units. */
export interface UnitExtractQuery {
  readonly snapshot: Snapshot;
  readonly within: UnitRow | null;
  /** Indicates whether the format shows details */
  readonly includesDetails: boolean;
}

/** Number of units read at a time, which limits the memory for any size of register. */
const UNITS_PER_PAGE = 1_000;

/** A unit on the path from the root, with the addresses and contact points that units under it inherit. */
interface PathStep {
  readonly place: PlacedUnit;
  readonly addresses: readonly AddressRow[];
  readonly contactPoints: readonly ContactPointRow[];
}

type PageDetails = Awaited<ReturnType<typeof readDetails>>;

/**
 * Reads the units of an extract in tree order, a page at a time. Rows are only added, so all pages of one revision and
 * day show the same register without a transaction, and a slow client blocks nothing.
 */
export function streamUnitPages(prisma: Prisma, query: UnitExtractQuery): AsyncGenerator<readonly ExtractedUnit[]> {
  return prefetch(readPages(prisma, query));
}

async function* readPages(prisma: Prisma, query: UnitExtractQuery): AsyncGenerator<readonly ExtractedUnit[]> {
  const { snapshot, within } = query;
  const steps = within ? await readAncestorSteps(prisma, within, query) : [];
  // Path texts end in '/', which comes before every digit, and ':' comes after every digit.
  const until = within ? `${within.pathText}:` : ':';
  const start = within ? within.pathText.slice(0, -1) : '';
  const pages = pageThrough<UnitRow>(UNITS_PER_PAGE, (last) =>
    readExtractUnits(prisma, { ...snapshot, after: last?.pathText ?? start, until, first: UNITS_PER_PAGE }),
  );
  for await (const rows of pages) yield await buildExtractedUnits(prisma, rows, query, steps);
}

/** Reads the ancestors of a unit as steps. */
async function readAncestorSteps(
  prisma: Prisma,
  unit: UnitRow,
  { snapshot, includesDetails }: UnitExtractQuery,
): Promise<PathStep[]> {
  const ancestors = await readUnits(
    prisma,
    unit.path.slice(0, -1).map((reshId) => ({ reshId, ...snapshot })),
  );
  const rows = ancestors.filter((row) => row !== undefined);
  const details = includesDetails ? await readDetails(prisma, rows, snapshot) : null;
  const steps: PathStep[] = [];
  for (const [index, row] of rows.entries())
    steps.push({
      place: new PlacedUnit(row, steps.at(-1)?.place ?? null),
      addresses: details?.addresses[index] ?? [],
      contactPoints: details?.contactPoints[index] ?? [],
    });
  return steps;
}

/** Reads the own details of the units of a page; inherited details come from the steps. Four statements. */
async function readDetails(prisma: Prisma, rows: readonly UnitRow[], snapshot: Snapshot) {
  const keys = rows.map(({ reshId }) => ({ reshId, ...snapshot }));
  const own = rows.map(({ reshId }) => ({ path: [reshId], ...snapshot }));
  return {
    identifiers: await readIdentifiers(prisma, keys),
    internationalNames: await readInternationalNames(prisma, keys),
    addresses: await readAddressesOnPath(prisma, own),
    contactPoints: await readContactPointsOnPath(prisma, own),
  };
}

/**
 * Builds the units of a page, which continues in tree order after the steps. Five statements, and four more for
 * details.
 *
 * @param steps path from the root to the last unit before the page; updated to that of the last unit of the page
 */
async function buildExtractedUnits(
  prisma: Prisma,
  rows: readonly UnitRow[],
  { snapshot, includesDetails }: UnitExtractQuery,
  steps: PathStep[],
): Promise<ExtractedUnit[]> {
  const reshIds = rows.map(({ reshId }) => reshId);
  const periods = await readUnbrokenPeriods(createSqlClient(prisma), snapshot, rows);
  const codeRows = await readExtractCodes(prisma, reshIds, snapshot);
  const codes = groupByReshId(codeRows);
  const codeNames = await readCodeNames(prisma, rows, codeRows, snapshot);
  const siteNames = await readSiteNames(prisma, rows, snapshot);
  const details: PageDetails | null = includesDetails ? await readDetails(prisma, rows, snapshot) : null;
  return rows.map((row, index) => {
    // Ancestors come before a unit, so the steps are its path once those of other branches are removed.
    steps.length = Math.min(steps.length, row.path.length - 1);
    const parent = steps.at(-1)?.place ?? null;
    if (steps.length !== row.path.length - 1 || parent?.row.reshId !== row.path.at(-2))
      throw new Error(`The path of unit ${row.reshId} does not match its parents; run npm run resh -- verify.`);
    const place = new PlacedUnit(row, parent);
    steps.push({
      place,
      addresses: details?.addresses[index] ?? [],
      contactPoints: details?.contactPoints[index] ?? [],
    });
    const { validity, placed } = periods[index] as UnbrokenPeriods;
    return {
      place,
      validity,
      placed,
      designationName:
        row.designationCode === null
          ? null
          : (codeNames.get(formatCodeKey(DESIGNATION_CODE_SET, row.designationCode)) ?? null),
      siteName: row.treatmentSiteNumber === null ? null : (siteNames.get(row.treatmentSiteNumber) ?? null),
      codes: (codes.get(row.reshId) ?? []).map((code) => ({
        ...code,
        name: codeNames.get(formatCodeKey(code.codeSet, code.code)) ?? null,
      })),
      details: {
        identifiers: details?.identifiers[index] ?? [],
        internationalNames: details?.internationalNames[index] ?? [],
        addresses: findNearestDetails(steps, (step) => step.addresses, row.reshId),
        contactPoints: findNearestDetails(steps, (step) => step.contactPoints, row.reshId),
      },
    };
  });
}

function groupByReshId<Row extends { reshId: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.reshId);
    if (group) group.push(row);
    else groups.set(row.reshId, [row]);
  }
  return groups;
}

async function readCodeNames(
  prisma: Prisma,
  rows: readonly UnitRow[],
  codes: readonly ExtractCodeRow[],
  snapshot: Snapshot,
): Promise<Map<string, string>> {
  const keys = new Map<string, { codeSet: number; code: string }>();
  const addKey = (codeSet: number, code: string) => keys.set(formatCodeKey(codeSet, code), { codeSet, code });
  for (const { designationCode } of rows) if (designationCode !== null) addKey(DESIGNATION_CODE_SET, designationCode);
  for (const { codeSet, code } of codes) addKey(codeSet, code);
  const found = await readCodes(
    prisma,
    [...keys.values()].map((code) => ({ ...code, ...snapshot })),
  );
  return new Map(found.flatMap((code) => (code ? [[formatCodeKey(code.codeSet, code.code), code.name]] : [])));
}

function formatCodeKey(codeSet: number, code: string): string {
  return `${codeSet}:${code}`;
}

async function readSiteNames(
  prisma: Prisma,
  rows: readonly UnitRow[],
  snapshot: Snapshot,
): Promise<Map<string, string>> {
  const numbers = new Set(rows.flatMap(({ treatmentSiteNumber: number }) => (number === null ? [] : [number])));
  const sites = await readTreatmentSites(
    prisma,
    [...numbers].map((organizationNumber) => ({ organizationNumber, ...snapshot })),
  );
  return new Map(sites.flatMap((site) => (site ? [[site.organizationNumber, site.name]] : [])));
}

function findNearestDetails<Item extends Detail>(
  steps: readonly PathStep[],
  selectDetails: (step: PathStep) => readonly Item[],
  reshId: number,
) {
  return selectNearestByType(steps.toReversed().flatMap(selectDetails), reshId);
}
