import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DemoUnit } from '../../src/exchange/demo/demo-unit.ts';
import { generateUnits } from '../../src/exchange/demo/generate-units.ts';

const hashOf = (units: readonly DemoUnit[]): string => createHash('sha256').update(JSON.stringify(units)).digest('hex');
const generated = (seed: number): DemoUnit[] => [...generateUnits(2_000, '2026-11-23', seed)];

describe('the demo register', () => {
  it('is the same for the same seed and another for another', () => {
    expect(hashOf(generated(1))).toBe(hashOf(generated(1)));
    expect(hashOf(generated(1))).not.toBe(hashOf(generated(2)));
  });

  it('has about as many units as asked for, each id once', () => {
    const units = generated(1);
    expect(Math.abs(units.length - 2_000)).toBeLessThan(50);
    expect(new Set(units.map(({ reshId }) => reshId)).size).toBe(units.length);
  });

  it('places each unit under a parent with the same path on every day, in periods that do not overlap', () => {
    const byId = new Map(generated(1).map((unit) => [unit.reshId, unit]));
    for (const { versions } of byId.values()) {
      versions.forEach((version, index) => {
        const next = versions[index + 1];
        if (next) expect(version.to !== null && version.to <= next.from).toBe(true);
        const parentId = version.path.at(-2);
        if (parentId === undefined) return;
        let day: string | null = version.from;
        while (day !== null && (version.to === null || day < version.to)) {
          const at: string = day;
          const above = byId.get(parentId)?.versions.find(({ from, to }) => from <= at && (to === null || to > at));
          expect(above?.path).toEqual(version.path.slice(0, -1));
          day = above?.to ?? null;
        }
      });
    }
  });
});
