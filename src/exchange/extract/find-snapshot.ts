import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { Database } from '../../store/database/database.ts';
import { RevisionSelectorError, findRevision as selectRevision } from '../../store/read/find-revision.ts';
import { readNewestRevision, type RecordedRevision } from '../../store/read/revisions.ts';
import { readRegistered, readUnits } from '../../store/read/units.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import { ExtractError } from './extract-error.ts';
import type { ExtractParameters } from './parameters.ts';

type Prisma = Database['prisma'];

/**
 * Finds the revision of an extract.
 *
 * @throws ExtractError if the revision does not exist or the instant is in the future
 */
export async function findRevision(prisma: Prisma, parameters: ExtractParameters): Promise<RecordedRevision> {
  try {
    return await selectRevision(prisma, parameters, () => readNewestRevision(prisma));
  } catch (error) {
    if (!(error instanceof RevisionSelectorError)) throw error;
    const { parameter, message } = error;
    throw new ExtractError([{ code: 'BAD_INPUT', parameter, message }]);
  }
}

/**
 * Finds the unit at the top of an extract.
 *
 * @throws ExtractError if the register has no such unit, or the unit is not valid on the day
 */
export async function findSubtreeRoot(prisma: Prisma, reshId: number, snapshot: Snapshot): Promise<UnitRow> {
  const [unit] = await readUnits(prisma, [{ reshId, ...snapshot }]);
  if (unit) return unit;
  const [isRegistered] = await readRegistered(prisma, [{ reshId, revision: snapshot.revision }]);
  const message = isRegistered
    ? `\`within\` is ${reshId}: the unit is not valid on ${snapshot.day}; give a \`validAt\` on which it is valid.`
    : `\`within\` is ${reshId}: no unit has that RESH-id at revision ${snapshot.revision}; correct it.`;
  throw new ExtractError([{ code: 'NOT_FOUND', parameter: 'within', message }]);
}
