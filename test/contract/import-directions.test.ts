import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rules = ['boundaries/element-types', 'no-restricted-imports', 'no-restricted-syntax'];
// None of these rules asks for types, and without them a file is read in a moment.
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => rules.includes(ruleId),
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

const refusals = async (file: string, text: string): Promise<string[]> => {
  const [result] = await eslint.lintText(text, { filePath: `${root}/${file}` });
  return result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? [];
};

describe('import directions', () => {
  it.each([
    ['src/domain/day.ts', '../store/database.ts', ['boundaries/element-types']],
    ['src/domain/day.ts', '../config.ts', ['boundaries/element-types']],
    ['src/domain/day.ts', 'node:fs', ['no-restricted-imports']],
    ['src/domain/day.ts', '../store/database.js', ['no-restricted-imports']],
    ['src/store/database.ts', '../schema/builder.ts', ['boundaries/element-types']],
    ['src/store/database.ts', '../context.ts', ['boundaries/element-types']],
    ['src/schema/builder.ts', '../server.ts', ['boundaries/element-types']],
    ['src/context.ts', './schema/builder.ts', ['boundaries/element-types']],
    ['src/context.ts', './generated/prisma/client.js', ['no-restricted-imports']],
    ['src/server.ts', './main.ts', ['boundaries/element-types']],
    ['src/domain/day.ts', './period.ts', []],
    ['src/domain/day.ts', 'node:crypto', []],
    ['src/store/database.ts', '../domain/day.ts', []],
    ['src/store/database.ts', '../generated/prisma/client.js', []],
    ['src/schema/builder.ts', '../store/database.ts', []],
    ['src/schema/builder.ts', '../context.ts', []],
    ['src/server.ts', './schema/index.ts', []],
  ])('in %s, an import of %s is refused by %j', async (file, source, expected) => {
    expect(
      await refusals(file, `export * as it from '${source}';\nimport * as same from '${source}';\nsame;\n`),
    ).toEqual([...expected, ...expected]);
  });

  it('keeps SQL in the store', async () => {
    const text = 'export const rows = (db: any) => db.$queryRaw`select 1`;\n';

    expect(await refusals('src/schema/builder.ts', text)).toEqual(['no-restricted-syntax']);
    expect(await refusals('src/domain/day.ts', text)).toEqual(['no-restricted-syntax']);
    expect(await refusals('src/store/database.ts', text)).toEqual([]);
  });

  it('keeps the clock out of the rules', async () => {
    expect(await refusals('src/domain/day.ts', 'export const now = () => [new Date(), Date.now()];\n')).toEqual([
      'no-restricted-syntax',
      'no-restricted-syntax',
    ]);
    expect(await refusals('src/domain/day.ts', 'export const then = (at: string) => new Date(at);\n')).toEqual([]);
  });
});
