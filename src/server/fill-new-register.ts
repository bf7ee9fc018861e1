import type { Config } from '../config.ts';
import { loadDemo } from '../demo/load-demo.ts';
import { toOsloDay } from '../domain/time/day.ts';
import { loadCodes } from '../exchange/codes/load-codes.ts';
import type { Database } from '../store/database/database.ts';
import { hasCodeSets } from '../store/read/codes.ts';
import { readNewestRevision } from '../store/read/revisions.ts';

const DEMO_UNITS = 5_000;

/**
 * Loads the demo register into an empty embedded database, unless `DEMO=off`, and the national code sets into a
 * register that has no code set. A register that an import has filled keeps the code sets of its files.
 *
 * @throws RegisterChangedError if other processes changed the register during every attempt
 */
export async function fillNewRegister(
  database: Database,
  { demo }: Pick<Config, 'demo'>,
  printLine: (line: string) => void,
): Promise<void> {
  const isEmpty = (await readNewestRevision(database.prisma)).revision === 0;
  if (isEmpty && demo !== 'off' && database.kind === 'embedded') await loadDemoUnits(database, printLine);
  if (!(await hasCodeSets(database.prisma))) await loadNationalCodes(database, printLine);
}

async function loadDemoUnits(database: Database, printLine: (line: string) => void): Promise<void> {
  printLine(`The register is empty: creating a demo register of about ${DEMO_UNITS} units (DEMO=off creates none).`);
  let lastReportedQuarter = 0;
  const { units } = await loadDemo(database, {
    units: DEMO_UNITS,
    today: toOsloDay(new Date()),
    onProgress: (done, total) => {
      const quarter = Math.floor((4 * done) / total);
      if (quarter > lastReportedQuarter && done < total) printLine(`  ${done} of ${total} units`);
      lastReportedQuarter = Math.max(lastReportedQuarter, quarter);
    },
  });
  printLine(`  ${units} units created: the regions and trusts are real, everything under them is invented.`);
}

async function loadNationalCodes(database: Database, printLine: (line: string) => void): Promise<void> {
  const { revision, changes } = await loadCodes(database, {
    path: null,
    day: toOsloDay(new Date()),
    dryRun: false,
    actor: { subject: 'server', name: 'First start' },
    onProblems: () => {},
  });
  if (revision !== null) printLine(`The register had no codes: ${changes.length} national codes were loaded.`);
}
