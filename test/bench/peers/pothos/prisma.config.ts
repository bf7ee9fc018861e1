import { defineConfig } from 'prisma/config';

// `prisma generate` looks for a schema engine it never starts; any executable satisfies the look.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;

export default defineConfig({ schema: 'schema.prisma' });
