import type { CodegenConfig } from '@graphql-codegen/cli';

// Typed documents: of the tests, which are our clients, and of the examples that the explorer shows.
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: [
    'test/**/*.ts',
    'src/explorer/**/*.graphql',
    '!test/support/generated/**',
    '!test/contract/**',
    '!test/bench/peers/**',
  ],
  ignoreNoDocuments: true,
  silent: true,
  generates: {
    'test/support/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        skipTypename: true,
        avoidOptionals: { field: true, inputValue: false, object: false, defaultValue: false },
        importExtension: '.ts',
        scalars: {
          Date: 'string',
          DateTime: 'string',
          ReshId: 'number',
          OrganizationNumber: 'string',
          Revision: 'number',
        },
      },
    },
  },
};

export default config;
