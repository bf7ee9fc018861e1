import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

// The rooms of src and who may import whom; whatever is not here is refused. Files of one room always see each other.
const domain = ['domain/time', 'domain/text', 'domain/unit', 'domain/plan'];
const storeRead = ['store/database', 'store/tables', 'store/sql', 'store/read', 'store/feed'];
// What clients see, a folder for each subject. The folders share schema/kit and do not import each other.
const schemaFolders = ['access', 'change', 'reference', 'register', 'unit'].map((folder) => `schema/${folder}`);
const mayImport = {
  entry: ['cli', 'server', 'config', 'demo'],
  cli: [
    'config',
    'demo',
    'exchange',
    'auth/tokens',
    'store/database',
    'store/change',
    'store/tables',
    'store/verify',
    ...domain,
  ],
  server: [
    'context',
    'config',
    'errors',
    'schema',
    'schema/compiled',
    'schema/kit',
    'exchange',
    'demo',
    'explorer',
    'auth',
    'auth/tokens',
    'store/database',
    'store/read',
    'store/replicas',
    'store/snapshot',
    ...domain,
  ],
  config: ['auth/tokens', 'store/database', ...domain],
  context: ['errors', 'auth', 'store/database', 'store/read', 'store/replicas', ...domain],
  errors: [],
  tools: ['schema'],
  schema: ['schema/kit', ...schemaFolders, 'schema/mutations', 'auth', ...domain],
  'schema/kit': ['errors', 'context', ...domain, 'store/read', 'store/sql', 'generated'],
  ...Object.fromEntries(
    schemaFolders.map((folder) => [folder, ['schema/kit', 'errors', 'context', ...domain, ...storeRead, 'generated']]),
  ),
  // Answers without the executor: the same fields, read from snapshots.
  'schema/compiled': ['schema/kit', 'context', ...domain, 'store/read', 'store/snapshot'],
  'schema/access': ['schema/kit', 'context', 'auth', ...domain, 'store/read'],
  'schema/mutations': ['schema/kit', 'errors', 'context', 'operations', 'operations/engine', ...domain],
  operations: ['operations/engine', 'auth', ...domain, 'store/change'],
  'operations/engine': ['auth', ...domain, 'store/change', 'store/database', 'store/feed'],
  auth: ['errors', 'context', ...domain, 'store/change', 'store/database'],
  'auth/tokens': ['auth', 'errors', ...domain],
  exchange: [
    'errors',
    'store/staging',
    'store/import',
    'store/sync',
    'store/change',
    'store/snapshot',
    ...storeRead,
    ...domain,
  ],
  demo: ['config', 'store/change', 'store/database', 'store/tables', 'store/sql', 'store/read', ...domain],
  explorer: [],
  'domain/time': [],
  'domain/text': [],
  'domain/unit': ['domain/time', 'domain/text'],
  'domain/plan': ['domain/time', 'domain/text', 'domain/unit'],
  'store/database': ['generated'],
  'store/tables': domain,
  'store/sql': ['store/tables', ...domain, 'generated'],
  'store/read': ['store/database', 'store/tables', 'store/sql', 'store/feed', ...domain, 'generated'],
  'store/replicas': ['store/database', 'generated'],
  // The register in memory.
  'store/snapshot': ['store/database', 'store/tables', 'store/sql', 'store/read', ...domain],
  'store/feed': ['store/database', 'store/tables', 'store/sql', ...domain, 'generated'],
  'store/change': ['store/database', 'store/tables', 'store/sql', ...domain, 'generated'],
  // What store/import and store/sync share; neither imports the other.
  'store/staging': ['store/database', 'store/tables', 'store/sql', ...domain],
  'store/import': ['store/staging', 'store/database', 'store/tables', 'store/sql', ...domain],
  'store/sync': ['store/staging', 'store/database', 'store/tables', 'store/sql', ...domain],
  'store/verify': ['store/change', 'store/database', 'store/tables', 'store/sql', ...domain, 'generated'],
};

const room = (type, ...pattern) => ({ type, pattern, mode: 'full' });
const rooms = Object.keys(mayImport).filter((type) => type.includes('/') && type !== 'store/tables');
const elements = [
  room('entry', 'src/main.ts', 'src/cli.ts'),
  room('config', 'src/config.ts'),
  room('context', 'src/context.ts', 'src/context/**'),
  room('store/tables', 'src/store/tables.ts'),
  ...rooms.map((type) => room(type, `src/${type}/**`)),
  ...[
    'auth',
    'cli',
    'demo',
    'errors',
    'exchange',
    'explorer',
    'generated',
    'operations',
    'schema',
    'server',
    'tools',
  ].map((type) => room(type, `src/${type}/**`)),
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

const transactions = {
  regex: 'database/transaction\\.ts$',
  message: 'Reading takes a SqlClient; what a change reads and writes in its transaction is in store/change.',
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

// Functions are declared, so that a file reads from the top down; arrows are for callbacks.
const topLevelArrow = {
  selector:
    ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind="const"] > ' +
    'VariableDeclarator:not([id.typeAnnotation]) > ArrowFunctionExpression.init',
  message: 'Declare a function at the top level of a file: function name() {}.',
};

const forAsWhile = {
  selector: 'ForStatement[update=null]',
  message: 'Write a loop without an update as a while loop.',
};

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
  // The peers of the benchmark have packages, and so types, of their own.
  { ignores: ['**/generated/**', '.data/**', '**/node_modules/**', 'test/bench/peers/**'] },
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
      'max-len': ['error', { code: 120 }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', topLevelArrow, forAsWhile],
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
          rules: Object.entries(mayImport).map(([from, allow]) => ({ from, allow: [from, ...allow] })),
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/store/**', 'src/domain/**'],
    rules: { 'no-restricted-syntax': ['error', topLevelArrow, forAsWhile, ...rawSql] },
  },
  {
    files: ['src/{store,schema}/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [importsInFull] }] },
  },
  {
    files: ['src/{store/{sql,read,feed,staging},schema}/**/*.ts'],
    // Import and synchronization write the staged reference data.
    ignores: ['src/store/staging/write-reference-data.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [importsInFull, transactions] }] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/{store,schema,domain}/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [importsInFull, generatedCode] }] },
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', topLevelArrow, forAsWhile, ...rawSql, ...clock],
      'no-restricted-imports': ['error', { patterns: [importsInFull, generatedCode, inputAndOutput] }],
    },
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-base-to-string': 'off' } },
);
