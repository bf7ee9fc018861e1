import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/store/database/database.ts';
import { createRegisterLocation, type RegisterLocation } from '../support/processes/register-location.ts';
import { spawnResh, waitForExit } from '../support/processes/resh-process.ts';

const source = inject('testDatabaseSource');
const units = source.kind === 'server' ? 1_000_000 : 200_000;
const roots = 10;
const childrenOfEach = 8;

// Some rows are invalid: departments at the end of the tree, so that no unit is under them.
function isInvalid(index: number) {
  return index % 1_000 === 999 && index > units / 2;
}

let folder: string;
let register: RegisterLocation;
function parentIndex(index: number): number {
  return Math.floor((index - roots) / childrenOfEach);
}

// Last to first, so that every child comes before its parent.
const unitLines = function* () {
  yield 'resh_id,type,name,parent_resh_id,valid_from,valid_to\n';
  for (let index = units - 1; index >= 0; index -= 1) {
    const parent = index < roots ? '' : parentIndex(index) + 1;
    const name = isInvalid(index) ? '' : `Avdeling ${index} for ånd og ørsta`;
    yield `${index + 1},${index < roots ? 'ORGANIZATION' : 'DEPARTMENT'},${name},${parent},,\n`;
  }
};

const codeLines = function* () {
  yield 'resh_id,code_set,code,valid_from,valid_to\n';
  for (let index = 0; index < units; index += 4) if (!isInvalid(index)) yield `${index + 1},8651,${index % 50},,\n`;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-import-at-size-'));
  register = await createRegisterLocation(folder);
  await writeFile(join(folder, 'treatment_sites.csv'), 'organization_number,name\n');
  const codes = Array.from({ length: 50 }, (_, code) => `8651,${code},Code ${code}\n`);
  await writeFile(join(folder, 'codes.csv'), `code_set,code,name\n${codes.join('')}`);
  await pipeline(unitLines, createWriteStream(join(folder, 'units.csv')));
  await pipeline(codeLines, createWriteStream(join(folder, 'unit_codes.csv')));
});
afterAll(async () => {
  await register.remove();
  await rm(folder, { recursive: true, force: true });
});

function runImport(...arguments_: string[]) {
  // The heap is too small to hold all rows, but large enough to stream them.
  const heap = `--max-old-space-size=${source.kind === 'server' ? 128 : 192}`;
  return waitForExit(spawnResh(arguments_, register.environment, [heap]));
}

describe(`import of ${units} units`, () => {
  it('stays within bounded memory, writes parents first and rejects invalid rows', async () => {
    const invalidCount = Array.from({ length: units }, (_, index) => isInvalid(index)).filter(Boolean).length;

    const { code, stdout, stderr, peakMemory } = await runImport(
      'import',
      folder,
      '--valid-from',
      '2002-01-01',
      '--skip-invalid',
    );

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('name: is empty') as string });
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      `${units - invalidCount} units imported, ${invalidCount} rows rejected`,
    );
    // In megabytes. On a server, only this process counts; otherwise the embedded database is included.
    expect(peakMemory).toBeLessThan(source.kind === 'server' ? 700 : 1_500);
  });

  it('keeps every rule and clusters subtrees on disk', async () => {
    expect(await runImport('verify')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(' 0 violations') as string,
    });

    const database = await openDatabase(register.location);
    const rows = await database.bulk((session) =>
      session.query(
        `select bool_and(path_text > before) as in_order
         from (select path_text, lag(path_text) over (order by id) as before from unit_version) as placed`,
      ),
    );
    await database.close();

    expect(rows).toEqual([{ in_order: true }]);
  });
});
