import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemo } from '../../../src/demo/load-demo.ts';
import { openExtractFolder } from '../../../src/exchange/extract/extract-folder.ts';
import { extractFormats, openExtract, type ExtractName } from '../../../src/exchange/extract/open-extract.ts';
import { importFolder } from '../../../src/exchange/import/import-folder.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { importOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { demoDay } from '../../support/registers/demo-register.ts';
import { mutationsAs } from '../../support/world/world.ts';

let folder: string;
let register: Database;
let copy: Database;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-round-trip-'));
  [register, copy] = [await openTestDatabase(), await openTestDatabase()];
  await loadDemo(register, { units: 700, today: demoDay });
});
afterAll(async () => {
  await register.close();
  await copy.close();
  await rm(folder, { recursive: true, force: true });
});

async function readExtract(database: Database, name: ExtractName, parameters: Record<string, string> = {}) {
  return text((await openExtract(database.prisma, name, Object.entries(parameters), demoDay)).streamChunks());
}

async function readFolder(database: Database): Promise<Record<string, string>> {
  const { files } = await openExtractFolder(database.prisma, []);
  const texts: Record<string, string> = {};
  for (const { file, streamChunks } of files) texts[file] = await text(streamChunks());
  return texts;
}

function importCopy() {
  return importFolder(copy, importOptions({ folder }));
}

describe('register imported from an extract', () => {
  let texts: Record<string, string>;
  beforeAll(async () => {
    const operator = mutationsAs(register, 'operator', demoDay);
    const changes = [
      await operator.updateUnit({
        reshId: 108597,
        name: '=1+1',
        shortName: '\'+47, «x»; "y"',
        effectiveOn: '2021-03-01',
      }),
      await operator.setIdentifier({ reshId: 108597, system: 'urn:oid:2.16.578.1.12.4.1.2', value: '8077' }),
      await operator.updateUnit({ reshId: 100089, responsiblePerson: '@ Ånen Ødegård', effectiveOn: '2027-01-01' }),
      await operator.closeUnit({
        reshId: 108597,
        successorReshIds: [100089],
        withDescendants: true,
        effectiveOn: '2027-02-01',
      }),
      await operator.reopenUnit({ reshId: 108597, predecessorReshIds: [100089], effectiveOn: '2028-02-01' }),
    ];
    expect(changes.map(({ payload }) => payload?.userErrors)).toEqual([[], [], [], [], []]);
    texts = await readFolder(register);
    for (const [file, content] of Object.entries(texts)) await writeFile(join(folder, file), content);
    expect(await importCopy()).toMatchObject({ isAborted: false, problemCount: 0, warnings: [] });
  });

  it('gives the same folder', async () => {
    expect(Object.keys(texts).sort()).toEqual((await readdir(folder)).sort());
    expect(texts['units.csv']?.split('\r\n').length).toBeGreaterThan(700);
    expect(texts['successions.csv']).toContain('108597,100089,REPLACEMENT,FULL,2027-02-01\r\n');
    expect(texts['successions.csv']).toContain('100089,108597,SPLIT,PARTIAL,2028-02-01\r\n');
    expect(await readExtract(copy, 'successions.csv')).toBe(texts['successions.csv']);
    expect(await readFolder(copy)).toEqual(texts);
    expect(await readFile(join(folder, 'units.csv'), 'utf8')).toContain(`'=1+1,"''+47, «x»; ""y""",`);
  });

  it.each(['2026-11-23', '2018-01-01', '2027-06-01'])('gives the same units.csv on %s', async (validAt) => {
    const before = await readExtract(register, 'units.csv', { validAt });
    expect(before.split('\r\n').length).toBeGreaterThan(400);
    expect(await readExtract(copy, 'units.csv', { validAt })).toBe(before);
  });

  it('gives the same history of current knowledge', async () => {
    const readHistoryFacts = async (database: Database) => {
      const rows = parse<Record<string, string>>(await readExtract(database, 'unit-history.csv'), { columns: true });
      return rows
        .filter((row) => row['superseded_revision'] === '')
        .map(({ recorded_revision: _, recorded_at: __, ...facts }) => facts);
    };
    expect(await readHistoryFacts(copy)).toEqual(await readHistoryFacts(register));
  });

  it('gives the same bytes of unit-history.csv when that file is imported as the units', async () => {
    const { columns } = extractFormats['unit-history.csv'];
    const undatedColumns = columns.filter((column) => !/^(recorded|superseded)_/.test(column)).join(',');
    const before = await readExtract(copy, 'unit-history.csv', { columns: undatedColumns });

    expect(before.split('\r\n').length).toBeGreaterThan(700);

    await clearRegister(copy);
    await writeFile(join(folder, 'units.csv'), before);

    expect(await importCopy()).toMatchObject({ isAborted: false, problemCount: 0 });
    expect(await readExtract(copy, 'unit-history.csv', { columns: undatedColumns })).toBe(before);
    expect(await readFolder(copy)).toEqual(texts);
  });

  it('gives the same units.csv when only the units of one day were imported', async () => {
    const validAt = demoDay;
    const columns =
      'resh_id,type,name,short_name,parent_resh_id,designation,treatment_site_number,valid_from,valid_to,path_names';
    const before = await readExtract(register, 'units.csv', { validAt, columns });
    await clearRegister(copy);
    await writeFile(join(folder, 'units.csv'), before);
    for (const file of ['unit_codes.csv', 'identifiers.csv', 'successions.csv']) await rm(join(folder, file));

    expect(await importCopy()).toMatchObject({ isAborted: false, problemCount: 0, warnings: [] });
    expect(await readExtract(copy, 'units.csv', { validAt, columns })).toBe(before);
  });
});
