import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

// Who may import whom: main, cli → server, exchange → schema → operations → store → domain. Whatever is not here is refused.
const mayImport = {
  entry: ['entry', 'server', 'config', 'exchange', 'auth', 'store', 'domain', 'explorer'],
  server: ['server', 'context', 'config', 'schema', 'exchange', 'auth', 'store', 'domain', 'explorer'],
  schema: ['schema', 'context', 'operations', 'auth', 'store', 'domain', 'generated'],
  operations: ['operations', 'context', 'auth', 'store', 'domain'],
  context: ['auth', 'store', 'domain'],
  exchange: ['exchange', 'store', 'domain'],
  auth: ['auth', 'store', 'domain'],
  store: ['store', 'domain', 'generated'],
  config: ['store', 'domain'],
  explorer: ['explorer'],
  domain: ['domain'],
};

const elements = [
  { type: 'entry', pattern: ['src/main.ts', 'src/cli.ts', 'src/generate.ts'], mode: 'full' },
  { type: 'entry', pattern: ['src/cli/**'], mode: 'full' },
  { type: 'config', pattern: ['src/config.ts'], mode: 'full' },
  { type: 'context', pattern: ['src/context.ts'], mode: 'full' },
  ...['schema', 'operations', 'exchange', 'auth', 'store', 'explorer', 'domain', 'generated'].map((type) => ({
    type,
    pattern: `src/${type}/**`,
    mode: 'full',
  })),
  { type: 'server', pattern: ['src/*.ts', 'src/server/**'], mode: 'full' },
];

const importsInFull = {
  regex: '^\\.{1,2}/(?!(.*/)?generated/prisma/\\w+\\.js$)(?!.*\\.(ts|json)$)',
  message: 'Imports between our files end in .ts, so that the directions can be checked.',
};

const generatedCode = {
  regex: '/generated/',
  message: 'The generated client is for src/store and src/schema only.',
};

const inputAndOutput = {
  group: ['node:*', '!node:crypto', 'pg', 'pg-*', '@prisma/*', '@electric-sql/*', 'graphql*', '@pothos/*'],
  message: 'The rules do no input or output.',
};

const rawSql = [
  {
    selector: 'MemberExpression[property.name=/^\\$(query|execute)Raw(Unsafe)?$/]',
    message: 'SQL stands in src/store only.',
  },
  {
    selector: "MemberExpression[object.name='Prisma'][property.name=/^(sql|raw|join)$/]",
    message: 'SQL stands in src/store only.',
  },
];

const clock = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'A rule has no clock; hand in the day or the instant.',
  },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'A rule has no clock; hand in the day or the instant.',
  },
];

export default tseslint.config(
  { ignores: ['**/generated/**', '.data/**', 'node_modules/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      // Does not end on the recursive types of graphql.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': elements,
      'boundaries/include': ['src/**/*.ts'],
      'boundaries/dependency-nodes': ['import', 'export', 'dynamic-import'],
      'import/resolver': { node: { extensions: ['.ts'] } },
    },
    rules: {
      'boundaries/no-unknown-files': 'error',
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          message: '${file.type} may not import ${dependency.type}; see the directions in eslint.config.js.',
          rules: Object.entries(mayImport).map(([from, allow]) => ({ from, allow })),
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/store/**', 'src/domain/**'],
    rules: { 'no-restricted-syntax': ['error', ...rawSql] },
  },
  {
    files: ['src/{store,schema}/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [importsInFull] }] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/{store,schema,domain}/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [importsInFull, generatedCode] }] },
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...rawSql, ...clock],
      'no-restricted-imports': ['error', { patterns: [importsInFull, generatedCode, inputAndOutput] }],
    },
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-base-to-string': 'off' } },
);
