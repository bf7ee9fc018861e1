import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import { readNewestRevisionNumber } from '../../store/database/newest-revision.ts';
import { addForeignIdentifiers, checkDetails } from '../../store/import/details.ts';
import { areAllFirstDaysMissing, checkUnits, importTreeRules } from '../../store/import/units.ts';
import { checkImportedSuccessions } from '../../store/import/successions.ts';
import { checkCodes } from '../../store/staging/codes.ts';
import { assignReshIds, setForeignIdsInProblems } from '../../store/staging/foreign-ids.ts';
import { checkLegalEntities, checkSites } from '../../store/staging/sites.ts';
import { stageProblems, type StagedProblem } from '../../store/staging/stage-rows.ts';
import type { ImportFileName } from '../../store/tables.ts';
import { buildTree } from '../../store/staging/tree.ts';
import type { ImportProgress, StagedFiles } from './stage-files.ts';
import type { ForeignRegister } from './units-format.ts';

/** Result of checking the staged files of an import; the problems are in the staging tables. */
export interface CheckedImport {
  /** Newest revision of the register when the checks began */
  readonly revision: number;
  /** Indicates whether all files could be read and the units have days */
  readonly isReadable: boolean;
  /** Numbers of rows of reference data that the register already has */
  readonly registeredRows: Readonly<Partial<Record<ImportFileName, number>>>;
}

// For files of another register, units are found by the last identifiers that they had in it.
const maxDay: Day = '9999-12-31';

const missingFirstDaysProblem: StagedProblem = {
  file: 'units.csv',
  line: null,
  column: 'valid_from',
  value: null,
  problem: 'no row has a first day',
  remedy: 'run the import again with --valid-from DATE (YYYY-MM-DD), the first day of all units without one',
};

/** Checks the staged files of an import: reference data, units, their tree, their codes and identifiers. */
export async function checkImport(
  session: BulkSession,
  { fatalProblems, readable, mentionedReshIds }: StagedFiles,
  foreign: ForeignRegister | null,
  onProgress: (progress: ImportProgress) => void,
): Promise<CheckedImport> {
  const allFirstDaysMissing = readable.units && (await areAllFirstDaysMissing(session));
  await stageProblems(session, allFirstDaysMissing ? [...fatalProblems, missingFirstDaysProblem] : fatalProblems);
  const revision = await readNewestRevisionNumber(session);
  if (foreign) await assignReshIds(session, { system: foreign.system, day: maxDay, within: null, mentionedReshIds });
  const codes = await checkCodes(session, readable);
  const sites = await checkSites(session, readable);
  await checkUnits(session, allFirstDaysMissing, readable);
  if (readable.units) {
    const reportPlaced = (done: number) => onProgress({ stage: 'building the tree', done, total: null, unit: 'rows' });
    reportPlaced(0);
    await buildTree(session, importTreeRules, reportPlaced);
    await checkLegalEntities(session);
  }
  await checkDetails(session, readable);
  if (readable.units) await checkImportedSuccessions(session);
  if (foreign) {
    if (readable.units) await addForeignIdentifiers(session, foreign.system);
    await setForeignIdsInProblems(session);
  }
  return {
    revision,
    isReadable: fatalProblems.length === 0 && !allFirstDaysMissing,
    registeredRows: { 'codes.csv': codes.alreadyRegistered, 'treatment_sites.csv': sites.alreadyRegistered },
  };
}
