import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const slow = ['test/slow/**/*.test.ts'];
const browser = ['test/e2e/**/*.test.ts'];

// Vite would load graphql's ES modules for our code while other packages load its CommonJS: two copies that do not
// recognize each other's errors.
const resolve = { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] };

// `fast` is `npm test`. Tests that need a server, 200,000 units or a minute of load are `slow`; those with Chromium,
// `browser`.
export default defineConfig({
  test: {
    // Projects do not inherit this: it runs once, for all of them.
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    projects: [
      // Two processes run half of the files each, so that the schema is built twice and not eighty times.
      project('fast', ['test/**/*.test.ts'], [...slow, ...browser], 60, false),
      project('slow', slow, browser, 900),
      project('browser', browser, [], 120),
    ],
  },
});

function project(name: string, include: string[], exclude: string[], seconds: number, isolate = true) {
  return {
    resolve,
    test: {
      name,
      include,
      exclude: [...exclude, '**/node_modules/**'],
      isolate,
      testTimeout: seconds * 1000,
      hookTimeout: seconds * 1000,
    },
  };
}
