import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../.ci/sum-up.js', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-graph-ci-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function writeResults(files: Record<string, unknown>) {
  return Promise.all(
    Object.entries(files).map(([name, content]) => writeFile(join(folder, name), JSON.stringify(content))),
  );
}

function runSummary(): { lastLine: string | undefined; exitCode: number | null } {
  const { stdout, status } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  return { lastLine: stdout.trimEnd().split('\n').at(-1), exitCode: status };
}

function buildFileResult(status: string, ...outcomes: string[]) {
  return {
    status,
    assertionResults: outcomes.map((outcome) => ({ status: outcome })),
  };
}

describe('summary of a CI run', () => {
  it('adds up steps and tests and succeeds without failures', async () => {
    await writeResults({
      'install.code': 0,
      'tests-embedded.code': 0,
      'tests-embedded.json': {
        testResults: [buildFileResult('passed', 'passed', 'passed', 'pending'), buildFileResult('passed', 'passed')],
      },
    });

    expect(runSummary()).toEqual({ lastLine: '4 passed, 0 failed', exitCode: 0 });
  });

  it.each([
    ['a test that failed', 1, [buildFileResult('failed', 'passed', 'failed')], '1 passed, 1 failed'],
    [
      'a file that failed to load',
      1,
      [buildFileResult('passed', 'passed'), buildFileResult('failed')],
      '1 passed, 1 failed',
    ],
    ['a run with an error after its tests', 1, [buildFileResult('passed', 'passed')], '1 passed, 1 failed'],
    ['a run without tests', 0, [], '0 passed, 1 failed'],
    ['a run with skipped tests only', 0, [buildFileResult('passed', 'pending')], '0 passed, 1 failed'],
  ])('counts %s as a failure', async (_what, code, testResults, lastLine) => {
    await writeResults({ 'tests-embedded.code': code, 'tests-embedded.json': { testResults } });

    expect(runSummary()).toEqual({ lastLine, exitCode: 1 });
  });

  it('counts a run without a report and a failed step as failures', async () => {
    await writeResults({ 'tests-slow.code': 124, 'check.code': 1 });

    expect(runSummary()).toEqual({ lastLine: '0 passed, 2 failed', exitCode: 1 });
  });

  it('repeats the name and the message of what failed before the totals', async () => {
    const failed = { status: 'failed', fullName: 'Units are found', failureMessages: ['expected 1 to be 2'] };
    await writeResults({
      'tests-server.code': 1,
      'tests-server.json': {
        testResults: [
          { name: 'search.test.ts', status: 'failed', assertionResults: [failed, { status: 'passed' }] },
          { name: 'broken.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] },
        ],
      },
    });

    const { stdout } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });

    expect(stdout.trimEnd().split('\n')).toEqual([
      'tests-server: FAILED search.test.ts > Units are found',
      '    expected 1 to be 2',
      'tests-server: FAILED broken.test.ts > did not load',
      '    Cannot find module',
      'tests-server: 1 passed, 2 failed, 0 not run',
      '1 passed, 2 failed',
    ]);
  });

  it('fails when nothing ran', () => {
    expect(runSummary()).toEqual({ lastLine: '0 passed, 1 failed', exitCode: 1 });
  });
});
