import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = readdirSync(root + 'src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
  .map((name) => join('src', name));
const importSource = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']*\.ts)'/g;

/** Returns the project files that a file imports, type imports included. */
function readImports(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(importSource)].map(([, source = '']) => normalize(join(dirname(file), source)));
}

/** Returns circular imports, each from its first file back to it; one for each import that closes a circle. */
function findCircles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const finished = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) circles.push([...trail.slice(start), file]);
    if (start >= 0 || finished.has(file)) return;
    for (const imported of imports.get(file) ?? []) visit(imported, [...trail, file]);
    finished.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}

describe('the files of src', () => {
  it('import each other in no circle, types included', () => {
    const imports = new Map(files.map((file) => [file, readImports(file)]));

    expect(findCircles(imports).map((circle) => circle.join(' > '))).toEqual([]);
    expect([...imports.values()].flat()).toContain('src/store/database/database.ts');
  });

  it('are found in a circle where there is one', () => {
    const imports = Object.entries({ a: ['b'], b: ['c', 'd'], c: ['d'], d: ['b'], e: ['e', 'a'] });

    expect(findCircles(new Map(imports))).toEqual([
      ['b', 'c', 'd', 'b'],
      ['e', 'e'],
    ]);
  });

  it('are four at its top', () => {
    const entries = readdirSync(join(root, 'src'), { withFileTypes: true });

    expect(entries.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([
      'cli.ts',
      'config.ts',
      'context.ts',
      'main.ts',
    ]);
  });

  it('are at most 25 in a folder', () => {
    const folders = [...new Set(files.map((file) => dirname(file)))];
    const countFiles = (folder: string) => files.filter((file) => dirname(file) === folder).length;

    expect(folders.filter((folder) => countFiles(folder) > 25)).toEqual([]);
  });

  it('have at most 300 lines', () => {
    const lines = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length - 1;

    expect(files.filter((file) => lines(file) > 300)).toEqual([]);
  });
});
