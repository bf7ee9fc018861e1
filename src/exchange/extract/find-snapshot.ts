import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { Database } from '../../store/database/database.ts';
import {
  readNewestRevision,
  readRevision,
  readRevisionKnownAt,
  type RecordedRevision,
} from '../../store/read/revisions.ts';
import { readRegistered, readUnits } from '../../store/read/units.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import { ExtractError } from './extract-error.ts';
import type { ExtractParameters } from './parameters.ts';

type Prisma = Database['prisma'];

/**
 * Finds the revision that is meant.
 *
 * @throws ExtractError where the revision is not there yet or the instant lies ahead
 */
export async function findRevision(
  prisma: Prisma,
  { revision, knownAt }: ExtractParameters,
): Promise<RecordedRevision> {
  if (revision !== undefined) {
    const found = await readRevision(prisma, revision);
    if (found) return found;
    const newest = await readNewestRevision(prisma);
    const message = `«revision» is ${revision}, and the newest is ${newest.revision}: ask for that or an earlier one.`;
    throw new ExtractError([{ code: 'BAD_INPUT', parameter: 'revision', message }]);
  }
  if (knownAt === undefined) return readNewestRevision(prisma);
  if (knownAt.getTime() > Date.now()) {
    const message = `«knownAt» is ${knownAt.toISOString()}, which lies ahead: nobody knows yet what will be known; leave it out for the newest knowledge.`;
    throw new ExtractError([{ code: 'BAD_INPUT', parameter: 'knownAt', message }]);
  }
  return readRevisionKnownAt(prisma, knownAt);
}

/**
 * Finds the unit at the top of an extract.
 *
 * @throws ExtractError where the register knows no such unit, or it is not valid on the day
 */
export async function findSubtreeRoot(prisma: Prisma, reshId: number, snapshot: Snapshot): Promise<UnitRow> {
  const [unit] = await readUnits(prisma, [{ reshId, ...snapshot }]);
  if (unit) return unit;
  const [isRegistered] = await readRegistered(prisma, [{ reshId, revision: snapshot.revision }]);
  const message = isRegistered
    ? `«within» is ${reshId}: the unit is not valid on ${snapshot.day}; name with «validAt» a day on which it is.`
    : `«within» is ${reshId}: no unit has that RESH-id at revision ${snapshot.revision}; correct it.`;
  throw new ExtractError([{ code: 'NOT_FOUND', parameter: 'within', message }]);
}
