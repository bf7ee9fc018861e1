import type { CodeRow } from '../../domain/plan/code-sets/plan-codes.ts';
import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import { checkDesiredCodes } from '../../store/staging/codes.ts';
import { assignReshIds } from '../../store/staging/foreign-ids.ts';
import { checkDesiredSites, checkLegalEntities } from '../../store/staging/sites.ts';
import { isUnitValidOn } from '../../store/sync/current-row.ts';
import { checkDesiredDetails } from '../../store/sync/desired-details.ts';
import { checkDesiredSuccessions } from '../../store/sync/desired-successions.ts';
import { buildDesiredTree } from '../../store/sync/desired-tree.ts';
import { checkDesiredUnits } from '../../store/sync/desired-units.ts';
import type { StagedFiles } from '../import/stage-files.ts';
import type { ForeignRegister } from '../import/units-format.ts';

/** The register cannot be synchronized with these options. */
export class SynchronizationError extends Error {
  override readonly name = 'SynchronizationError';
}

/** What the staged files of a synchronization describe. */
export interface DesiredStateOptions {
  readonly day: Day;
  readonly within: number | null;
  readonly foreign: ForeignRegister | null;
  readonly onTree: () => void;
}

/**
 * Checks the staged files of a synchronization: reference data, units, their tree, their codes and identifiers, and
 * what units become. The problems are in the staging tables.
 *
 * @returns the rows of codes that the register has, by set, code and day
 * @throws SynchronizationError if the unit above the desired state is not valid on the day
 */
export async function checkDesiredState(
  session: BulkSession,
  { readable, mentionedReshIds }: StagedFiles,
  { day, within, foreign, onTree }: DesiredStateOptions,
): Promise<CodeRow[]> {
  if (within !== null && !(await isUnitValidOn(session, within, day)))
    throw new SynchronizationError(
      `Unit ${within} is not valid on ${day}, so no unit is under it. Correct --within or --effective-on.`,
    );
  if (foreign) await assignReshIds(session, { system: foreign.system, day, within, mentionedReshIds });
  const registeredCodes = await checkDesiredCodes(session, readable);
  await checkDesiredSites(session, readable);
  await checkDesiredUnits(session, day, within, readable);
  if (!readable.units) return registeredCodes;
  onTree();
  await buildDesiredTree(session, day, within);
  await checkLegalEntities(session);
  await checkDesiredDetails(session, day, readable);
  await checkDesiredSuccessions(session);
  return registeredCodes;
}
