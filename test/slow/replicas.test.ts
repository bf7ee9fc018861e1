import { afterAll, describe, expect, it } from 'vitest';
import { runTrial } from '../support/replicas/trial.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

describe('two processes on a primary and two replicas', () => {
  it('shows every reader whole revisions from its minimum on, without errors, while replicas come and go', async () => {
    const report = await runTrial({
      reads: 8_000,
      units: 500,
      writerPauseMs: 200,
      defer: (cleanUp) => cleanUps.push(cleanUp),
      onProgress: () => {},
    });

    expect(report.problems).toEqual([]);
    expect(report.reads).toBeGreaterThanOrEqual(8_000);
    expect(report.revisions).toBeGreaterThan(0);
    expect(report.ledgerChecks).toBeGreaterThan(0);
    expect(Math.min(...report.statements)).toBeGreaterThan(0);
    expect(report.interruptions).toHaveLength(3);
  });
});
