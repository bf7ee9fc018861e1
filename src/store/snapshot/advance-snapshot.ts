import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { formatCodeReference } from '../../domain/unit/code-sets.ts';
import type { Database } from '../database/database.ts';
import { readRevisionHash } from '../database/newest-revision.ts';
import { unitTables } from '../tables.ts';
import type { CodeIndex } from './code-index.ts';
import { readSites, readUnits, type PlacedUnit } from './read-snapshot.ts';
import { RegisterSnapshot } from './register-snapshot.ts';
import type { SnapshotUnit } from './snapshot-unit.ts';
import { UnitBlock, type UnitRange } from './unit-block.ts';
import type { UnitListChange } from './unit-list.ts';

/** Most units that change while it is cheaper to read them than to read all. */
const CHANGED_UNIT_LIMIT = 20_000;

const changedUnitRows = z.array(z.object({ reshId: z.number() }));

const changedUnitsSql = `-- units with new rows since a snapshot
  select distinct resh_id as "reshId"
  from (
    ${Object.values(unitTables)
      .flatMap(({ name }) => [
        `select resh_id from ${name} where recorded_rev > $1::integer and recorded_rev <= $2::integer`,
        `select resh_id from ${name} where superseded_rev > $1::integer and superseded_rev <= $2::integer`,
      ])
      .join('\n    union all\n    ')}
  ) changed
  limit ${CHANGED_UNIT_LIMIT + 1}`;

const changedCodesSql = `-- whether codes have new rows since a snapshot
  select (
    exists (select from code_version where recorded_rev > $1::integer and recorded_rev <= $2::integer)
    or exists (select from code_version where superseded_rev > $1::integer and superseded_rev <= $2::integer)
    or exists (select from code_set where registered_rev > $1::integer and registered_rev <= $2::integer)
  ) as "haveChanged"`;

const changedSitesSql = `-- whether treatment sites have new rows since a snapshot
  select (
    exists (select from treatment_site_version where recorded_rev > $1::integer and recorded_rev <= $2::integer)
    or exists (select from treatment_site_version where superseded_rev > $1::integer and superseded_rev <= $2::integer)
  ) as "haveChanged"`;

/** The ledger has another change at a revision: the register was restored while an earlier state was in memory. */
export class RestoredRegisterError extends Error {}

/**
 * Returns the snapshot of the same day at a later revision, made of the rows that are new; undefined where so much has
 * changed that all rows should be read.
 *
 * @throws RestoredRegisterError
 */
export async function advanceSnapshot(
  database: Database,
  snapshot: RegisterSnapshot,
  revision: number,
): Promise<RegisterSnapshot | undefined> {
  const revisions = [snapshot.at.revision, revision];
  const { hash, baseHash, codes, sites, changedRows } = await database.bulk(async (session) => ({
    hash: await readRevisionHash(session, revision),
    baseHash: await readRevisionHash(session, snapshot.at.revision),
    codes: (await session.query<{ haveChanged: boolean }>(changedCodesSql, revisions))[0],
    sites: (await session.query<{ haveChanged: boolean }>(changedSitesSql, revisions))[0],
    changedRows: await session.query(changedUnitsSql, revisions),
  }));
  if (baseHash !== snapshot.hash) throw new RestoredRegisterError();
  const changed = changedUnitRows.parse(changedRows).map(({ reshId }) => reshId);
  const hasChangedALot = changed.length > CHANGED_UNIT_LIMIT || snapshot.units.values.hasGrown;
  if (codes?.haveChanged !== false || hasChangedALot) return undefined;
  const at: Snapshot = { revision, day: snapshot.at.day };
  const replacements: Replacement[] = [];
  const {
    codes: knownCodes,
    units: { values },
  } = snapshot;
  for await (const chunk of readUnits(database, at, { codes: knownCodes, values, reshIds: changed })) {
    const block = UnitBlock.create(chunk, values);
    replacements.push(...chunk.map((unit, index) => ({ unit, range: { block, start: index, end: index + 1 } })));
  }
  const units = snapshot.units.change(listChanges(snapshot, changed, replacements));
  const isSameTree = hasSameTree(snapshot, changed, replacements);
  const hasNewSites = sites?.haveChanged !== false || replacements.some(({ unit }) => usesNewSite(snapshot, unit));
  const knownSites = hasNewSites ? await readSites(database, at, units) : snapshot.sites;
  return new RegisterSnapshot(
    at,
    { hash, units, codes: snapshot.codes, sites: knownSites },
    isSameTree ? { tree: snapshot.tree, codeIndex: findSameCodeIndex(snapshot, replacements) } : {},
  );
}

/** A unit as it is at the later revision, and where it is kept. */
interface Replacement {
  readonly unit: PlacedUnit;
  readonly range: UnitRange;
}

/** Returns the index of codes if units that changed have the same codes still. */
function findSameCodeIndex(snapshot: RegisterSnapshot, replacements: readonly Replacement[]): CodeIndex | undefined {
  const hasSameCodes = replacements.every(
    ({ unit }) => formatCodes(unit) === formatCodes(snapshot.unitAt(snapshot.tree.positionOf(unit.reshId))),
  );
  return hasSameCodes ? snapshot.codeIndex : undefined;
}

function formatCodes({ codes }: SnapshotUnit): string {
  return codes.map(formatCodeReference).join(' ');
}

/** Says whether the units that changed are all valid still, where they were in the tree. */
function hasSameTree(
  { tree }: RegisterSnapshot,
  changed: readonly number[],
  replacements: readonly Replacement[],
): boolean {
  const known = changed.filter((reshId) => tree.positionOf(reshId) >= 0);
  return (
    known.length === replacements.length &&
    replacements.every(({ unit }) => {
      const position = tree.positionOf(unit.reshId);
      return position >= 0 && tree.pathTextOf(position) === unit.pathText;
    })
  );
}

function usesNewSite({ sites }: RegisterSnapshot, { treatmentSiteNumber }: SnapshotUnit): boolean {
  return treatmentSiteNumber !== null && !sites.has(treatmentSiteNumber);
}

/** Returns the changes that remove the units that changed, and insert their replacements in tree order. */
function listChanges(
  { tree }: RegisterSnapshot,
  changed: readonly number[],
  replacements: readonly Replacement[],
): UnitListChange[] {
  const removals = changed
    .map((reshId) => tree.positionOf(reshId))
    .filter((position) => position >= 0)
    .map((position): UnitListChange => ({ position, inserted: [], removedCount: 1 }));
  const insertions = replacements.map(({ unit, range }): UnitListChange => ({
    position: tree.positionAfter(unit.pathText),
    inserted: [range],
    removedCount: 0,
  }));
  // Insertions come first and stay in their order, the order of the tree.
  return [...insertions, ...removals].sort((one, other) => one.position - other.position);
}
