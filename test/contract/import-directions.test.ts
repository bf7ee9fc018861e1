import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rules = ['boundaries/element-types', 'no-restricted-imports', 'no-restricted-syntax'];
// These rules need no types, and linting without them is much faster.
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => rules.includes(ruleId),
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

async function lintViolations(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: `${root}/${file}` });
  return result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? [];
}

describe('import rules in eslint.config.js', () => {
  it.each([
    ['src/domain/time/day.ts', '../../store/database/database.ts', ['boundaries/element-types']],
    ['src/domain/time/day.ts', '../../config.ts', ['boundaries/element-types']],
    ['src/domain/time/day.ts', '../unit/lookup.ts', ['boundaries/element-types']],
    ['src/domain/unit/lookup.ts', '../plan/draft.ts', ['boundaries/element-types']],
    ['src/domain/text/formula-guard.ts', '../time/day.ts', ['boundaries/element-types']],
    ['src/domain/time/day.ts', 'node:fs', ['no-restricted-imports']],
    ['src/domain/time/day.ts', '../../store/database/database.js', ['no-restricted-imports']],
    ['src/store/database/database.ts', '../../schema/kit/builder.ts', ['boundaries/element-types']],
    ['src/store/database/database.ts', '../../context.ts', ['boundaries/element-types']],
    ['src/store/database/database.ts', '../change/ledger.ts', ['boundaries/element-types']],
    ['src/store/database/database.ts', '../read/revisions.ts', ['boundaries/element-types']],
    ['src/store/read/units.ts', '../change/ledger.ts', ['boundaries/element-types']],
    ['src/store/feed/changes.ts', '../change/ledger.ts', ['boundaries/element-types']],
    ['src/store/feed/changes.ts', '../read/units.ts', ['boundaries/element-types']],
    ['src/store/read/units.ts', '../database/transaction.ts', ['no-restricted-imports']],
    ['src/store/feed/changes.ts', '../database/transaction.ts', ['no-restricted-imports']],
    ['src/schema/unit/unit.ts', '../../store/database/transaction.ts', ['no-restricted-imports']],
    ['src/store/staging/tree.ts', '../sync/difference.ts', ['boundaries/element-types']],
    ['src/store/import/write-import.ts', '../sync/difference.ts', ['boundaries/element-types']],
    ['src/store/sync/difference.ts', '../import/write-import.ts', ['boundaries/element-types']],
    ['src/store/verify/verify-register.ts', '../import/write-import.ts', ['boundaries/element-types']],
    ['src/store/read/units.ts', '../verify/rules.ts', ['boundaries/element-types']],
    ['src/store/read/units.ts', '../staging/tables.ts', ['boundaries/element-types']],
    ['src/schema/kit/builder.ts', '../../server/server.ts', ['boundaries/element-types']],
    ['src/schema/kit/builder.ts', '../unit/unit.ts', ['boundaries/element-types']],
    ['src/schema/unit/unit.ts', '../mutations/payload.ts', ['boundaries/element-types']],
    ['src/schema/unit/unit.ts', '../reference/code.ts', ['boundaries/element-types']],
    ['src/schema/change/change.ts', '../access/grant.ts', ['boundaries/element-types']],
    ['src/schema/reference/code.ts', '../unit/unit.ts', ['boundaries/element-types']],
    ['src/schema/access/grant.ts', '../change/change.ts', ['boundaries/element-types']],
    ['src/schema/register/register.ts', '../unit/unit.ts', ['boundaries/element-types']],
    ['src/schema/mutations/payload.ts', '../unit/unit.ts', ['boundaries/element-types']],
    ['src/schema/mutations/payload.ts', '../../store/read/units.ts', ['boundaries/element-types']],
    ['src/schema/kit/builder.ts', '../../auth/denials.ts', ['boundaries/element-types']],
    ['src/schema/unit/unit.ts', '../../store/change/ledger.ts', ['boundaries/element-types']],
    ['src/operations/engine/run-change.ts', '../move-unit.ts', ['boundaries/element-types']],
    ['src/operations/move-unit.ts', '../store/database/database.ts', ['boundaries/element-types']],
    ['src/auth/scope.ts', '../operations/move-unit.ts', ['boundaries/element-types']],
    ['src/auth/middleware.ts', '../operations/engine/run-change.ts', ['boundaries/element-types']],
    ['src/auth/middleware.ts', '../schema/kit/builder.ts', ['boundaries/element-types']],
    ['src/errors/client-error.ts', '../context.ts', ['boundaries/element-types']],
    ['src/context/budget.ts', '../schema/kit/limits.ts', ['boundaries/element-types']],
    ['src/auth/tokens/oidc.ts', '../../store/database/database.ts', ['boundaries/element-types']],
    ['src/context.ts', './schema/kit/builder.ts', ['boundaries/element-types']],
    ['src/context.ts', './generated/prisma/client.js', ['no-restricted-imports']],
    ['src/server/server.ts', '../main.ts', ['boundaries/element-types']],
    ['src/cli/verify-command.ts', '../server/server.ts', ['boundaries/element-types']],
    ['src/exchange/import/import-folder.ts', '../../server/server.ts', ['boundaries/element-types']],
    ['src/domain/time/day.ts', './period.ts', []],
    ['src/domain/time/day.ts', 'node:crypto', []],
    ['src/domain/plan/draft.ts', '../unit/state.ts', []],
    ['src/store/database/database.ts', '../../generated/prisma/client.js', []],
    ['src/store/change/units.ts', '../../domain/time/day.ts', []],
    ['src/store/change/units.ts', '../database/transaction.ts', []],
    ['src/store/read/units.ts', '../database/sql-client.ts', []],
    ['src/store/sync/desired-tree.ts', '../staging/tree.ts', []],
    ['src/schema/unit/unit.ts', '../../store/read/units.ts', []],
    ['src/schema/unit/unit.ts', '../kit/refs.ts', []],
    ['src/schema/mutations/payload.ts', '../kit/refs.ts', []],
    ['src/auth/middleware.ts', '../errors/client-error.ts', []],
    ['src/schema/kit/builder.ts', '../../context.ts', []],
    ['src/operations/move-unit.ts', './engine/run-change.ts', []],
    ['src/server/server.ts', '../schema/index.ts', []],
    ['src/main.ts', './server/start.ts', []],
  ])('in %s, an import of %s reports %j', async (file, source, expected) => {
    expect(
      await lintViolations(file, `export * as it from '${source}';\nimport * as same from '${source}';\nsame;\n`),
    ).toEqual([...expected, ...expected]);
  });

  it('keeps SQL in the store', async () => {
    const text = 'export function rows(db: any) { return db.$queryRaw`select 1`; }\n';

    expect(await lintViolations('src/schema/kit/builder.ts', text)).toEqual(['no-restricted-syntax']);
    expect(await lintViolations('src/domain/time/day.ts', text)).toEqual(['no-restricted-syntax']);
    expect(await lintViolations('src/store/database/database.ts', text)).toEqual([]);
  });

  it('requires declarations for top-level functions', async () => {
    const violations = (text: string) => lintViolations('src/store/database/database.ts', text);

    expect(await violations('export const double = (n: number) => n * 2;\n')).toEqual(['no-restricted-syntax']);
    expect(await violations('const double = (n: number) => n * 2;\ndouble;\n')).toEqual(['no-restricted-syntax']);
    expect(await violations('export function double(n: number) { return n * 2; }\n')).toEqual([]);
    expect(await violations('export const double: (n: number) => number = (n) => n * 2;\n')).toEqual([]);
  });

  it('keeps the clock out of the domain rules', async () => {
    expect(
      await lintViolations('src/domain/time/day.ts', 'export function now() { return [new Date(), Date.now()]; }\n'),
    ).toEqual(['no-restricted-syntax', 'no-restricted-syntax']);
    expect(
      await lintViolations('src/domain/time/day.ts', 'export function then(at: string) { return new Date(at); }\n'),
    ).toEqual([]);
  });
});
