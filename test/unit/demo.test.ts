import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isOrganizationNumber } from '../../src/domain/text/organization-number.ts';
import { codeSets } from '../../src/demo/code-register.ts';
import { chooseCorrections } from '../../src/demo/corrections.ts';
import type { DemoUnit } from '../../src/demo/demo-unit.ts';
import { FIRST_INVENTED_ID, generateUnits } from '../../src/demo/generate-units.ts';

const today = '2026-11-23';
const hashOf = (units: readonly DemoUnit[]): string => createHash('sha256').update(JSON.stringify(units)).digest('hex');
const generated = (units: number, seed = 1): DemoUnit[] => [...generateUnits(units, today, seed)];

const usual = generated(5_000);
const byId = new Map(usual.map((unit) => [unit.reshId, unit]));
const parentsOf = (unit: DemoUnit | undefined): (number | undefined)[] => [
  ...new Set(unit?.versions.map(({ path }) => path.at(-2))),
];
const endOf = ({ versions }: DemoUnit): string | null => versions.at(-1)?.to ?? null;
const clinical = usual.filter(({ codes }) => codes.length > 0);

describe('the demo register', () => {
  it('is the same for the same seed and another for another', () => {
    expect(hashOf(generated(2_000))).toBe(hashOf(generated(2_000)));
    expect(hashOf(generated(2_000))).not.toBe(hashOf(generated(2_000, 2)));
  });

  it.each([1, 100, 2_000, 5_000, 20_000])('has about as many units as asked for, each id once: %d', (asked) => {
    const units = generated(asked);
    const onTop = generated(1).length;
    expect(Math.abs(units.length - Math.max(asked, onTop))).toBeLessThan(3);
    expect(new Set(units.map(({ reshId }) => reshId)).size).toBe(units.length);
  });

  it('places each unit under a parent with the same path on every day, in periods without a gap', () => {
    for (const { versions } of usual) {
      versions.forEach((version, index) => {
        const next = versions[index + 1];
        if (next) expect(version.to).toBe(next.from);
        expect(version.to === null || version.to > version.from).toBe(true);
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

  it('names the parents, successors and sites of a unit before the unit or with it', () => {
    const [seen, sites] = [new Set<number>(), new Set<string>()];
    for (const { reshId, versions, successions, newSite, siteNumber } of usual) {
      seen.add(reshId);
      if (newSite) sites.add(newSite.number);
      for (const { path } of versions) expect(path.every((id) => seen.has(id))).toBe(true);
      for (const { from, to } of successions) expect([from, to].every((id) => seen.has(id))).toBe(true);
      expect(siteNumber === null || sites.has(siteNumber)).toBe(true);
    }
    expect([...sites].every(isOrganizationNumber)).toBe(true);
  });

  it('invents ids where none are given, and site numbers that no real one is', () => {
    const real = usual.filter(({ reshId }) => reshId < FIRST_INVENTED_ID);
    expect(real.filter(({ type }) => type === 'DEPARTMENT').map(({ reshId }) => reshId)).toEqual([108597]);
    expect(usual.flatMap(({ newSite }) => newSite?.number ?? []).filter((number) => !number.startsWith('1'))).toEqual([
      '983974694',
    ]);
  });

  it('has the history of the top that everyone knows', () => {
    expect(byId.get(4001031)).toMatchObject({
      versions: [{ from: '2009-01-01', to: null, path: [111919, 4001031] }],
      successions: [
        { from: 100062, to: 4001031, kind: 'MERGE', on: '2009-01-01' },
        { from: 100087, to: 4001031, kind: 'MERGE', on: '2009-01-01' },
      ],
    });
    expect(byId.get(4201115)?.successions.map(({ from }) => from)).toEqual([100318, 100319]);
    expect(byId.get(700272)?.successions.map(({ from }) => from)).toEqual([100090, 100099]);
    expect(byId.get(108597)?.versions).toEqual([
      { from: '2002-01-01', to: '2019-02-01', path: [111919, 100091, 108597], name: 'Kongsvinger' },
      { from: '2019-02-01', to: null, path: [111919, 100089, 108597], name: 'Kongsvinger' },
    ]);
    const below = usual.filter(({ versions }) => versions.some(({ path }) => path.slice(0, -1).includes(108597)));
    expect(below.length).toBeGreaterThan(5);
  });

  it('keeps the hospitals of a trust that was taken over, beneath its successor', () => {
    const moved = usual.filter((unit) => parentsOf(unit).join() === '100062,4001031');
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.every((unit) => endOf(unit) === null)).toBe(true);
  });

  it('moves an invented centre from one trust to another, with all beneath it', () => {
    const centre = usual.find((unit) => parentsOf(unit).join() === '100082,100083');
    expect(centre?.versions.map(({ from }) => from)).toEqual(['2002-01-01', '2016-01-01']);
    const below = usual.filter(({ versions }) =>
      versions.some(({ path }) => path.slice(0, -1).includes(centre?.reshId ?? 0)),
    );
    expect(below.length).toBeGreaterThan(5);
    const before = below.filter(({ versions }) => (versions[0]?.from ?? today) < '2016-01-01' && versions.length > 1);
    expect(before.length).toBeGreaterThan(0);
  });

  it('has merges of several units, splits and replacements, each on days that its units have', () => {
    const successions = usual.flatMap((unit) => unit.successions);
    for (const { from, to, on } of successions) {
      const [source, target] = [byId.get(from), byId.get(to)];
      expect(source && endOf(source)).toBe(on);
      expect(target?.versions.some((version) => version.from <= on && (version.to === null || version.to > on))).toBe(
        true,
      );
    }
    const count = (kind: string, key: 'from' | 'to') => {
      const ofKind = successions.filter((succession) => succession.kind === kind).map((succession) => succession[key]);
      return ofKind.length - new Set(ofKind).size;
    };
    expect(count('MERGE', 'to')).toBeGreaterThan(5);
    expect(count('SPLIT', 'from')).toBeGreaterThan(5);
    expect(successions.some(({ kind }) => kind === 'REPLACEMENT')).toBe(true);
  });

  it('has openings, closings, moves and renames in the past and planned ones', () => {
    const isPlanned = (day: string | null | undefined): boolean => day !== null && day !== undefined && day > today;
    expect(usual.filter(({ versions }) => isPlanned(versions[0]?.from)).length).toBeGreaterThan(10);
    expect(usual.filter((unit) => isPlanned(endOf(unit))).length).toBeGreaterThan(10);
    expect(usual.filter((unit) => parentsOf(unit).length > 1).length).toBeGreaterThan(50);
    expect(
      usual.filter((unit) => parentsOf(unit).length > 1 && isPlanned(unit.versions.at(-1)?.from)).length,
    ).toBeGreaterThan(0);
    const names = usual.map(({ versions }) => new Set(versions.map(({ name }) => name)));
    expect(names.filter(({ size }) => size > 1).length).toBeGreaterThan(50);
    expect(usual.every(({ versions }) => versions.every(({ name }) => !/tidligere/i.test(name)))).toBe(true);
  });

  it('gives codes of several sets that fit the name, only such as there are, within the days of the unit', () => {
    const known = new Set(codeSets.flatMap(({ number, codes }) => codes.map(({ code }) => `${number}:${code}`)));
    for (const { codes, versions } of clinical)
      for (const { codeSet, code, attributes, from, to } of codes) {
        expect([`${codeSet}:${code}`, ...attributes].filter((reference) => !known.has(reference))).toEqual([]);
        expect(from >= (versions[0]?.from ?? '')).toBe(true);
        expect(to).toBe(versions.at(-1)?.to);
      }
    const orthopaedic = clinical.filter(({ versions }) => versions.at(-1)?.name.startsWith('Ortopedisk '));
    expect(orthopaedic.length).toBeGreaterThan(20);
    expect(orthopaedic.every(({ codes }) => codes.some(({ code }) => code === '050'))).toBe(true);
    expect([...new Set(clinical.flatMap(({ codes }) => codes.map(({ codeSet }) => codeSet)))].sort()).toEqual([
      8451, 8651, 8653, 8654, 8655,
    ]);
    expect(clinical.some(({ codes }) => codes.some(({ attributes }) => attributes.length > 0))).toBe(true);
  });

  it('leaves a retired code where it was, and gives it to nobody later', () => {
    const retired = codeSets.flatMap(({ number, codes }) =>
      codes.filter((code) => code.retired).map(({ code }) => `${number}:${code}`),
    );
    expect(retired).toEqual(expect.arrayContaining(['8451:231', '8451:232']));
    const having = clinical.flatMap(({ codes }) => codes.filter((of) => retired.includes(`${of.codeSet}:${of.code}`)));
    expect(having.some(({ to }) => to === null)).toBe(true);
    expect(having.every(({ from }) => from < '2017-01-01')).toBe(true);
  });

  it('has the faults of real registers: clinical units without a site, and one with the number of its trust', () => {
    expect(clinical.some(({ siteNumber }) => siteNumber === null)).toBe(true);
    const [odd, ...more] = usual.filter(({ siteNumber }) => siteNumber === byId.get(100084)?.organizationNumber);
    expect(more).toEqual([]);
    expect(odd?.versions[0]?.path).toContain(100084);
  });

  it('has equal names in different places, names abroad, and addresses that say they are invented', () => {
    const names = usual.flatMap(({ versions }) => versions.at(-1)?.name ?? []);
    expect(names.length - new Set(names).size).toBeGreaterThan(1_000);
    expect(byId.get(101719)?.names.map(({ language }) => language)).toEqual(['en', 'se']);
    expect(usual.every(({ address }) => address === null || /oppdiktet/i.test(address.lines.join()))).toBe(true);
    expect(usual.flatMap(({ contacts }) => contacts).every(({ value }) => value.endsWith('.example'))).toBe(true);
  });

  it('corrects former names, and opening days of units on which nothing else depends', () => {
    const corrections = chooseCorrections(today);
    for (const unit of usual) corrections.offer(unit);
    const changed = corrections.chosen.map(({ recorded, corrected }) => {
      expect(corrected.versions.map(({ path }) => path)).toEqual(recorded.versions.map(({ path }) => path));
      expect(corrected.versions.at(-1)?.name).toBe(recorded.versions.at(-1)?.name);
      return corrected.versions[0]?.from === recorded.versions[0]?.from ? 'name' : 'day';
    });
    expect(changed.sort()).toEqual(['day', 'day', 'day', 'name', 'name', 'name']);
  });
});
