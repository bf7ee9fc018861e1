import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Adds up what .ci/run left in a folder: every step by its exit code, every test run by vitest's account of it.
const folder = process.argv[2];
let passed = 0;
let failed = 0;
const lines = [];

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.code'))
  .sort()) {
  const name = file.replace(/\.code$/, '');
  const succeeded = readFileSync(join(folder, file), 'utf8').trim() === '0';
  if (!name.startsWith('tests-')) {
    if (succeeded) passed += 1;
    else failed += 1;
    lines.push(`${name}: ${succeeded ? 'passed' : 'failed'}`);
    continue;
  }
  const account = join(folder, `${name}.json`);
  const { testResults = [] } = existsSync(account) ? JSON.parse(readFileSync(account, 'utf8')) : {};
  const outcomes = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const good = outcomes.filter((status) => status === 'passed').length;
  // A file that did not load has failed without a test of it failing.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const broken = outcomes.filter((status) => status === 'failed').length;
  let bad = broken + unloaded;
  // A run that ended badly, or that ran nothing, is a failure whatever its tests say.
  if (bad === 0 && (!succeeded || good === 0)) bad = 1;
  passed += good;
  failed += bad;
  lines.push(`${name}: ${good} passed, ${bad} failed, ${outcomes.length - good - broken} not run`);
}

if (lines.length === 0) failed = 1;
console.log(lines.join('\n'));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
