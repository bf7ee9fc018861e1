import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Summarizes the results of .ci/run: steps by exit code, test runs by vitest's JSON report.
const folder = process.argv[2];
let passed = 0;
let failed = 0;
const lines = [];
const failures = [];

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
  failures.push(...testResults.flatMap((result) => describeFailures(name, result)));
  // A file that did not load has no failed test, but counts as failed.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const broken = outcomes.filter((status) => status === 'failed').length;
  let bad = broken + unloaded;
  // A run with a bad exit code or without tests counts as failed.
  if (bad === 0 && (!succeeded || good === 0)) bad = 1;
  passed += good;
  failed += bad;
  lines.push(`${name}: ${good} passed, ${bad} failed, ${outcomes.length - good - broken} not run`);
}

if (lines.length === 0) failed = 1;
// The end of a long log is what people read: what failed is repeated there.
if (failures.length > 0) console.log(failures.join('\n'));
console.log(lines.join('\n'));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Returns the name and the beginning of the message of each failed test of a file, and of a file that did not load. */
function describeFailures(run, { name, message, assertionResults }) {
  const tests = assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages = [] }) => ({ title: fullName, text: failureMessages.join('\n') }));
  const failed = tests.length > 0 || !message ? tests : [{ title: 'did not load', text: message }];
  return failed.map(({ title, text }) => `${run}: FAILED ${name} > ${title}\n${indentFirstLines(text)}`);
}

function indentFirstLines(text) {
  return text
    .split('\n')
    .slice(0, 12)
    .map((line) => `    ${line}`)
    .join('\n');
}
