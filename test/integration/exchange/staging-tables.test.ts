import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importFolder } from '../../../src/exchange/import/import-folder.ts';
import { standardFileOptions } from '../../../src/exchange/import/stage-files.ts';
import { synchronize } from '../../../src/exchange/sync/synchronize.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { importOptions, synchronizeOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';

const foreign = { system: 'urn:x', idColumn: 'resh_id', parentColumn: 'parent_resh_id' };
let database: Database;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'resh-staging-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => clearRegister(database));

/** Runs `work`, and returns the temporary tables and views that it leaves in its session. */
async function findTemporaryTables(work: (on: Pick<Database, 'bulk'>) => Promise<unknown>): Promise<unknown[]> {
  let names: unknown[] = ['no session'];
  await work({
    bulk: (run) =>
      database.bulk(async (session) => {
        try {
          return await run(session);
        } finally {
          const rows = await session.query(
            `select relname as name from pg_class where relnamespace = pg_my_temp_schema() and relkind in ('r', 'v')`,
          );
          names = rows.map(({ name }) => name);
        }
      }),
  });
  return names;
}

async function writeFolder(units: readonly string[]): Promise<void> {
  const files = {
    'units.csv': ['resh_id,type,name,parent_resh_id', ...units],
    'codes.csv': ['code_set,code,name', '8451,1,Surgery'],
    'treatment_sites.csv': ['organization_number,name'],
    'unit_codes.csv': ['resh_id,code_set,code', '1,8451,1', '1,8451,1'],
    'identifiers.csv': ['resh_id,system,value', '1,urn:y,1'],
    'successions.csv': ['from_resh_id,to_resh_id,kind,extent,effective_on', '2,1,MERGE,PARTIAL,2026-03-01'],
  };
  for (const [name, lines] of Object.entries(files)) await writeFile(join(folder, name), `${lines.join('\n')}\n`);
}

const validUnits = ['1,ORGANIZATION,Trust,', '2,DEPARTMENT,Clinic,1', '2,DEPARTMENT,Clinic again,1'];
const cyclicUnits = ['1,ORGANIZATION,Trust,', '2,DEPARTMENT,Clinic,3', '3,DEPARTMENT,Ward,2', '4,DEPARTMENT,Bed,3'];

describe.each([
  ['our own format', null],
  ['another register', foreign],
])('the session has no temporary table left for files of %s', (_what, register) => {
  const fileOptions = { ...standardFileOptions, foreign: register };

  it.each([
    ['imported', validUnits, true],
    ['refused', validUnits, false],
    ['refused for a cycle', cyclicUnits, false],
  ])('after they are %s', async (_outcome, units, skipInvalid) => {
    await writeFolder(units);

    const left = await findTemporaryTables((on) =>
      importFolder(on, importOptions({ folder, fileOptions, validFrom: '2002-01-01', skipInvalid })),
    );

    expect(left).toEqual([]);
  });

  it.each([
    ['synchronized', validUnits, true],
    ['refused', validUnits, false],
    ['refused for a cycle', cyclicUnits, false],
  ])('after they are compared and %s', async (_outcome, units, skipInvalid) => {
    await writeFolder(units);
    const options = { path: folder, fileOptions, day: '2026-03-01', skipInvalid, allowMassClose: true };

    const left = await findTemporaryTables((on) => synchronize(on, synchronizeOptions(options)));

    expect(left).toEqual([]);
  });

  it('after an error', async () => {
    await writeFolder(validUnits);

    const left = await findTemporaryTables(async (on) => {
      const onProgress = ({ stage }: { readonly stage: string }) => {
        if (stage === 'building the tree') throw new Error('stopped');
      };
      const running = importFolder(on, importOptions({ folder, fileOptions, validFrom: '2002-01-01', onProgress }));
      await expect(running).rejects.toThrow('stopped');
    });

    expect(left).toEqual([]);
  });
});
