import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nationalCodeSets } from '../../src/domain/unit/national-code-sets.ts';
import { createCorrectionCollector } from '../../src/demo/corrections.ts';
import type { DemoUnit } from '../../src/demo/demo-unit.ts';
import { FIRST_INVENTED_ID, generateUnits } from '../../src/demo/generate-units.ts';
import { isOrganizationNumber } from '../../src/domain/text/organization-number.ts';

const today = '2026-11-23';

function hashUnits(units: readonly DemoUnit[]): string {
  return createHash('sha256').update(JSON.stringify(units)).digest('hex');
}

function generateDemoUnits(units: number, seed = 1): DemoUnit[] {
  return [...generateUnits(units, today, seed)];
}

const defaultUnits = generateDemoUnits(5_000);
const unitsById = new Map(defaultUnits.map((unit) => [unit.reshId, unit]));

function listParents(unit: DemoUnit | undefined): (number | undefined)[] {
  return [...new Set(unit?.versions.map(({ path }) => path.at(-2)))];
}

function findEnd({ versions }: DemoUnit): string | null {
  return versions.at(-1)?.to ?? null;
}

const clinicalUnits = defaultUnits.filter(({ codes }) => codes.length > 0);

describe('generated demo register', () => {
  it('is equal for the same seed and different for another', () => {
    expect(hashUnits(generateDemoUnits(2_000))).toBe(hashUnits(generateDemoUnits(2_000)));
    expect(hashUnits(generateDemoUnits(2_000))).not.toBe(hashUnits(generateDemoUnits(2_000, 2)));
  });

  it.each([1, 100, 2_000, 5_000, 20_000])('has about the requested number of units, each id once: %d', (unitCount) => {
    const units = generateDemoUnits(unitCount);
    const topUnitCount = generateDemoUnits(1).length;
    expect(Math.abs(units.length - Math.max(unitCount, topUnitCount))).toBeLessThan(3);
    expect(new Set(units.map(({ reshId }) => reshId)).size).toBe(units.length);
  });

  it('places each unit under a parent with the same path on every day, without gaps', () => {
    for (const { versions } of defaultUnits) {
      versions.forEach((version, index) => {
        const next = versions[index + 1];
        if (next) expect(version.to).toBe(next.from);
        expect(version.to === null || version.to > version.from).toBe(true);
        const parentId = version.path.at(-2);
        if (parentId === undefined) return;
        let day: string | null = version.from;
        while (day !== null && (version.to === null || day < version.to)) {
          const startDay: string = day;
          const parentVersion = unitsById
            .get(parentId)
            ?.versions.find(({ from, to }) => from <= startDay && (to === null || to > startDay));
          expect(parentVersion?.path).toEqual(version.path.slice(0, -1));
          day = parentVersion?.to ?? null;
        }
      });
    }
  });

  it('lists parents, successors and sites before or with the unit', () => {
    const [seen, sites] = [new Set<number>(), new Set<string>()];
    for (const { reshId, versions, successions, newSite, siteNumber } of defaultUnits) {
      seen.add(reshId);
      if (newSite) sites.add(newSite.number);
      for (const { path } of versions) expect(path.every((id) => seen.has(id))).toBe(true);
      for (const { from, to } of successions) expect([from, to].every((id) => seen.has(id))).toBe(true);
      expect(siteNumber === null || sites.has(siteNumber)).toBe(true);
    }
    expect([...sites].every(isOrganizationNumber)).toBe(true);
  });

  it('generates ids when none are given, and site numbers that do not exist', () => {
    const realUnits = defaultUnits.filter(({ reshId }) => reshId < FIRST_INVENTED_ID);
    expect(realUnits.filter(({ type }) => type === 'DEPARTMENT').map(({ reshId }) => reshId)).toEqual([108597]);
    expect(
      defaultUnits.flatMap(({ newSite }) => newSite?.number ?? []).filter((number) => !number.startsWith('1')),
    ).toEqual(['983974694']);
  });

  it('has the well-known history of the top units', () => {
    expect(unitsById.get(4001031)).toMatchObject({
      versions: [{ from: '2009-01-01', to: null, path: [111919, 4001031] }],
      successions: [
        { from: 100062, to: 4001031, kind: 'MERGE', on: '2009-01-01' },
        { from: 100087, to: 4001031, kind: 'MERGE', on: '2009-01-01' },
      ],
    });
    expect(unitsById.get(4201115)?.successions.map(({ from }) => from)).toEqual([100318, 100319]);
    expect(unitsById.get(700272)?.successions.map(({ from }) => from)).toEqual([100090, 100099]);
    expect(unitsById.get(108597)?.versions).toEqual([
      { from: '2002-01-01', to: '2019-02-01', path: [111919, 100091, 108597], name: 'Kongsvinger' },
      { from: '2019-02-01', to: null, path: [111919, 100089, 108597], name: 'Kongsvinger' },
    ]);

    const descendants = defaultUnits.filter(({ versions }) =>
      versions.some(({ path }) => path.slice(0, -1).includes(108597)),
    );
    expect(descendants.length).toBeGreaterThan(5);
  });

  it('keeps hospitals of a merged trust under its successor', () => {
    const moved = defaultUnits.filter((unit) => listParents(unit).join() === '100062,4001031');
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.every((unit) => findEnd(unit) === null)).toBe(true);
  });

  it('moves a generated centre with its descendants from one trust to another', () => {
    const movedCentre = defaultUnits.find((unit) => listParents(unit).join() === '100082,100083');
    expect(movedCentre?.versions.map(({ from }) => from)).toEqual(['2002-01-01', '2016-01-01']);

    const descendants = defaultUnits.filter(({ versions }) =>
      versions.some(({ path }) => path.slice(0, -1).includes(movedCentre?.reshId ?? 0)),
    );
    expect(descendants.length).toBeGreaterThan(5);

    const before = descendants.filter(
      ({ versions }) => (versions[0]?.from ?? today) < '2016-01-01' && versions.length > 1,
    );
    expect(before.length).toBeGreaterThan(0);
  });

  it('has merges, splits and replacements on valid days of their units', () => {
    const successions = defaultUnits.flatMap((unit) => unit.successions);
    for (const { from, to, on } of successions) {
      const [source, target] = [unitsById.get(from), unitsById.get(to)];
      expect(source && findEnd(source)).toBe(on);
      expect(target?.versions.some((version) => version.from <= on && (version.to === null || version.to > on))).toBe(
        true,
      );
    }
    const count = (kind: string, key: 'from' | 'to') => {
      const successionDays = successions
        .filter((succession) => succession.kind === kind)
        .map((succession) => succession[key]);
      return successionDays.length - new Set(successionDays).size;
    };

    expect(count('MERGE', 'to')).toBeGreaterThan(5);
    expect(count('SPLIT', 'from')).toBeGreaterThan(5);
    expect(successions.some(({ kind }) => kind === 'REPLACEMENT')).toBe(true);
  });

  it('has openings, closings, moves and renames in the past and in the future', () => {
    const isPlanned = (day: string | null | undefined): boolean => day !== null && day !== undefined && day > today;
    expect(defaultUnits.filter(({ versions }) => isPlanned(versions[0]?.from)).length).toBeGreaterThan(10);
    expect(defaultUnits.filter((unit) => isPlanned(findEnd(unit))).length).toBeGreaterThan(10);
    expect(defaultUnits.filter((unit) => listParents(unit).length > 1).length).toBeGreaterThan(50);
    expect(
      defaultUnits.filter((unit) => listParents(unit).length > 1 && isPlanned(unit.versions.at(-1)?.from)).length,
    ).toBeGreaterThan(0);

    const names = defaultUnits.map(({ versions }) => new Set(versions.map(({ name }) => name)));
    expect(names.filter(({ size }) => size > 1).length).toBeGreaterThan(50);
    expect(defaultUnits.every(({ versions }) => versions.every(({ name }) => !/tidligere/i.test(name)))).toBe(true);
  });

  it('has codes of several sets that fit the name, within the days of the unit', () => {
    const known = new Set(
      nationalCodeSets.flatMap(({ number, codes }) => codes.map(({ code }) => `${number}:${code}`)),
    );
    for (const { codes, versions } of clinicalUnits)
      for (const { codeSet, code, attributes, from, to } of codes) {
        expect([`${codeSet}:${code}`, ...attributes].filter((reference) => !known.has(reference))).toEqual([]);
        expect(from >= (versions[0]?.from ?? '')).toBe(true);
        expect(to).toBe(versions.at(-1)?.to);
      }
    const orthopaedic = clinicalUnits.filter(({ versions }) => versions.at(-1)?.name.startsWith('Ortopedisk '));

    expect(orthopaedic.length).toBeGreaterThan(20);
    expect(orthopaedic.every(({ codes }) => codes.some(({ code }) => code === '050'))).toBe(true);
    expect([...new Set(clinicalUnits.flatMap(({ codes }) => codes.map(({ codeSet }) => codeSet)))].sort()).toEqual([
      8451, 8651, 8653, 8654, 8655,
    ]);
    expect(clinicalUnits.some(({ codes }) => codes.some(({ attributes }) => attributes.length > 0))).toBe(true);
  });

  it('keeps a retired code and assigns it to no unit afterwards', () => {
    const retired = nationalCodeSets.flatMap(({ number, codes }) =>
      codes.filter((code) => code.retired).map(({ code }) => `${number}:${code}`),
    );
    expect(retired).toEqual(expect.arrayContaining(['8451:231', '8451:232']));

    const retiredCodes = clinicalUnits.flatMap(({ codes }) =>
      codes.filter((unitCode) => retired.includes(`${unitCode.codeSet}:${unitCode.code}`)),
    );
    expect(retiredCodes.some(({ to }) => to === null)).toBe(true);
    expect(retiredCodes.every(({ from }) => from < '2017-01-01')).toBe(true);
  });

  it('has typical faults: clinical units without a site, and one with the number of its trust', () => {
    expect(clinicalUnits.some(({ siteNumber }) => siteNumber === null)).toBe(true);
    const [siteUnit, ...more] = defaultUnits.filter(
      ({ siteNumber }) => siteNumber === unitsById.get(100084)?.organizationNumber,
    );
    expect(more).toEqual([]);
    expect(siteUnit?.versions[0]?.path).toContain(100084);
  });

  it('has equal names in different places, foreign names, and addresses marked as fictitious', () => {
    const names = defaultUnits.flatMap(({ versions }) => versions.at(-1)?.name ?? []);
    expect(names.length - new Set(names).size).toBeGreaterThan(1_000);
    expect(unitsById.get(101719)?.names.map(({ language }) => language)).toEqual(['en', 'se']);
    expect(defaultUnits.every(({ address }) => address === null || /oppdiktet/i.test(address.lines.join()))).toBe(true);
    expect(defaultUnits.flatMap(({ contacts }) => contacts).every(({ value }) => value.endsWith('.example'))).toBe(
      true,
    );
  });

  it('corrects former names and the opening days of independent units', () => {
    const corrections = createCorrectionCollector(today);
    for (const unit of defaultUnits) corrections.consider(unit);
    const changed = corrections.chosen.map(({ recorded, corrected }) => {
      expect(corrected.versions.map(({ path }) => path)).toEqual(recorded.versions.map(({ path }) => path));
      expect(corrected.versions.at(-1)?.name).toBe(recorded.versions.at(-1)?.name);
      return corrected.versions[0]?.from === recorded.versions[0]?.from ? 'name' : 'day';
    });
    expect(changed.sort()).toEqual(['day', 'day', 'day', 'name', 'name', 'name']);
  });
});
