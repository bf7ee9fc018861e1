import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const slow = ['test/slow/**/*.test.ts'];
const browser = ['test/e2e/**/*.test.ts'];

// Vite would take graphql's ES modules for our code while the packages beside it take its CommonJS: two graphqls, whose errors
// do not know each other.
const resolve = { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] };

// `fast` is `npm test`; what needs a server, 200,000 units or a minute of load is `slow`; what needs Chromium is `browser`.
export default defineConfig({
  test: {
    // Projects do not inherit this: it runs once, for all of them.
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    projects: [
      // Its files share a process each with its half of them, so that the schema is built twice and not eighty times.
      project('fast', ['test/**/*.test.ts'], [...slow, ...browser], 60, false),
      project('slow', slow, browser, 900),
      project('browser', browser, [], 120),
    ],
  },
});

function project(name: string, include: string[], exclude: string[], seconds: number, isolate = true) {
  return {
    resolve,
    test: { name, include, exclude, isolate, testTimeout: seconds * 1000, hookTimeout: seconds * 1000 },
  };
}
