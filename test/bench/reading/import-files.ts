import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatCsvLine, type CsvValue } from '../../../src/domain/text/csv.ts';
import { inChunks } from './in-chunks.ts';
import type { Tree, TreeUnit } from './generate-tree.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const CODE_SET = 8451;
/** First day of all units. */
export const VALID_FROM = '2005-01-01';

interface ImportFile {
  readonly columns: readonly string[];
  readonly listRows: (tree: Tree) => Iterable<readonly CsvValue[]>;
}

const files: Readonly<Record<string, ImportFile>> = {
  units: {
    columns: [
      'resh_id',
      'type',
      'name',
      'parent_resh_id',
      'organization_number',
      'treatment_site_number',
      'valid_from',
    ],
    listRows: function* ({ units }) {
      for (const unit of units) {
        const { id, name, parent, organizationNumber, siteNumber } = unit;
        yield [id, formatType(unit), name, parent?.id, organizationNumber, siteNumber, VALID_FROM];
      }
    },
  },
  treatment_sites: {
    columns: ['organization_number', 'name'],
    listRows: function* ({ sites }) {
      for (const { number, name } of sites) yield [number, name];
    },
  },
  codes: {
    columns: ['code_set', 'code', 'name', 'code_set_name'],
    listRows: function* ({ units }) {
      const codes = new Set(units.flatMap((unit) => unit.codes));
      for (const code of [...codes].sort()) yield [CODE_SET, code, `Fagområde ${code}`, 'Fagområder'];
    },
  },
  unit_codes: {
    columns: ['resh_id', 'code_set', 'code'],
    listRows: function* ({ units }) {
      for (const { id, codes } of units) for (const code of codes) yield [id, CODE_SET, code];
    },
  },
};

/** Returns the type of a unit: regions and trusts are organizations. */
export function formatType({ depth }: TreeUnit): string {
  return depth <= 2 ? 'ORGANIZATION' : 'DEPARTMENT';
}

/** Writes a tree to the files that `resh import` reads; returns the number of their rows. */
export async function writeImportFiles(tree: Tree, folder: string): Promise<number> {
  let rowCount = 0;
  for (const [name, { columns, listRows }] of Object.entries(files)) {
    const lines = function* (): Generator<string> {
      yield `${formatCsvLine(columns)}\n`;
      for (const row of listRows(tree)) {
        rowCount += 1;
        yield `${formatCsvLine(row)}\n`;
      }
    };
    await pipeline(Readable.from(inChunks(lines())), createWriteStream(join(folder, `${name}.csv`)));
  }
  return rowCount;
}

/** Runs a command of `npm run resh` with settings. */
export async function runResh(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<void> {
  await promisify(execFile)(process.execPath, ['src/tools/launch.js', 'cli', ...args], {
    cwd: root,
    env: { ...process.env, ...settings },
  });
}
