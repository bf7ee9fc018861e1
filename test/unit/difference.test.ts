import { describe, expect, it } from 'vitest';
import type { DatedVersion } from '../../src/domain/unit/state.ts';
import {
  computeUnitDifference,
  type UnitWithPaths,
  type UnitAtPoints,
  type UnitDifference,
} from '../../src/domain/unit/difference.ts';
import { datedUnit, versionRow } from '../support/builders/version-row.ts';

type Version = UnitWithPaths['versions'][number];

function buildVersion(from: string, to: string | null, facts: Partial<DatedVersion> = {}, path = [1, 7]): Version {
  return versionRow({ from, to, path, parentReshId: 1, name: 'Surgery', ...facts });
}

function buildUnit(versions: readonly Version[], lists: Partial<UnitWithPaths> = {}): UnitWithPaths {
  return datedUnit(versions, lists);
}

const emptyUnit = buildUnit([]);
const openUnit = buildUnit([buildVersion('2010-01-01', null)]);

function differenceBetween(
  known: UnitWithPaths | readonly [UnitWithPaths, UnitWithPaths],
  [from, to]: readonly [string, string],
  successions: UnitAtPoints['successions'] = [],
  within?: number,
): UnitDifference | undefined {
  const [before, after] = 'versions' in known ? [known, known] : known;
  return computeUnitDifference(
    { reshId: 7, from: { day: from, history: before }, to: { day: to, history: after }, successions },
    within,
  );
}

function kindsBetween(...points: Parameters<typeof differenceBetween>) {
  return differenceBetween(...points)?.kinds;
}

const beforeAndAfterOpening = ['2005-01-01', '2015-01-01'] as const;
const sameDay = ['2015-01-01', '2015-01-01'] as const;

describe('difference of a unit between two points', () => {
  it('is empty for equal facts and for a unit valid at neither point', () => {
    expect(differenceBetween(openUnit, ['2011-01-01', '2015-01-01'])).toBeUndefined();
    expect(differenceBetween(openUnit, ['2005-01-01', '2009-12-31'])).toBeUndefined();
    expect(differenceBetween([emptyUnit, emptyUnit], sameDay)).toBeUndefined();
    expect(
      differenceBetween(buildUnit([buildVersion('2010-01-01', '2012-01-01'), buildVersion('2012-01-01', null)]), [
        '2011-01-01',
        '2015-01-01',
      ]),
    ).toBeUndefined();
  });

  it('is an opening with all facts of the second point', () => {
    expect(differenceBetween(openUnit, beforeAndAfterOpening)).toEqual({
      reshId: 7,
      kinds: ['OPENED'],
      fields: [
        { field: 'name', before: null, after: { field: 'name', value: 'Surgery' } },
        { field: 'parent', before: null, after: { field: 'parent', value: 1 } },
        { field: 'type', before: null, after: { field: 'type', value: 'DEPARTMENT' } },
      ],
      isValidBefore: false,
      isValidAfter: true,
    });
  });

  it('is a reopening when the first point knows earlier days', () => {
    const reopenedUnit = buildUnit([buildVersion('2000-01-01', '2004-01-01'), buildVersion('2010-01-01', null)]);

    expect(kindsBetween(reopenedUnit, beforeAndAfterOpening)).toEqual(['REOPENED']);
    expect(kindsBetween(reopenedUnit, ['1999-01-01', '2015-01-01'])).toEqual(['OPENED']);
    expect(kindsBetween([emptyUnit, reopenedUnit], sameDay)).toEqual(['OPENED']);
    expect(kindsBetween([buildUnit([buildVersion('2000-01-01', '2004-01-01')]), reopenedUnit], sameDay)).toEqual([
      'REOPENED',
    ]);
    // A unit that opens earlier is opened on the days before.
    expect(kindsBetween([buildUnit([buildVersion('2016-01-01', null)]), openUnit], sameDay)).toEqual(['OPENED']);
  });

  it('is a closing, or a withdrawal when the second point knows no day', () => {
    const closed = buildUnit([buildVersion('2010-01-01', '2012-01-01')]);

    expect(differenceBetween(closed, ['2011-01-01', '2012-01-01'])).toMatchObject({
      kinds: ['CLOSED'],
      isValidBefore: true,
      isValidAfter: false,
      fields: [{ field: 'name', before: { value: 'Surgery' }, after: null }, { field: 'parent' }, { field: 'type' }],
    });
    expect(kindsBetween([openUnit, closed], sameDay)).toEqual(['CLOSED']);
    expect(kindsBetween([openUnit, emptyUnit], sameDay)).toEqual(['WITHDRAWN']);
    expect(kindsBetween(openUnit, ['2015-01-01', '2005-01-01'])).toEqual(['CLOSED']);
  });

  it('adds the succession to a closing only on its day', () => {
    const closed = buildUnit([buildVersion('2010-01-01', '2012-01-01')]);
    const days = ['2011-01-01', '2015-01-01'] as const;
    const buildSuccession = (kind: 'MERGE' | 'SPLIT' | 'REPLACEMENT', effectiveOn: string) => [{ kind, effectiveOn }];

    expect(kindsBetween(closed, days, buildSuccession('MERGE', '2012-01-01'))).toEqual(['CLOSED', 'MERGED']);
    expect(kindsBetween(closed, days, buildSuccession('SPLIT', '2012-06-01'))).toEqual(['CLOSED', 'SPLIT']);
    expect(kindsBetween(closed, days, buildSuccession('SPLIT', '2011-06-01'))).toEqual(['CLOSED']);
    expect(kindsBetween(closed, days, buildSuccession('MERGE', '2016-01-01'))).toEqual(['CLOSED']);
    expect(kindsBetween(closed, days, buildSuccession('REPLACEMENT', '2012-01-01'))).toEqual(['CLOSED']);
    expect(kindsBetween(openUnit, ['2015-01-01', '2005-01-01'], buildSuccession('MERGE', '2012-01-01'))).toEqual([
      'CLOSED',
    ]);
    expect(kindsBetween([openUnit, emptyUnit], sameDay, buildSuccession('MERGE', '2012-01-01'))).toEqual(['WITHDRAWN']);
  });

  it.each<[string, Partial<DatedVersion>, string]>([
    ['RENAMED', { name: 'Orthopaedics' }, 'name'],
    ['RENAMED', { shortName: 'Ort' }, 'shortName'],
    ['MOVED', { parentReshId: 2 }, 'parent'],
    ['SITE_CHANGED', { treatmentSiteNumber: '974747138' }, 'treatmentSite'],
    ['CHANGED', { responsiblePerson: 'Kari' }, 'responsiblePerson'],
    ['CHANGED', { designationCode: '05' }, 'designation'],
  ])('is %s for %j', (kind, facts, field) => {
    expect(differenceBetween([openUnit, buildUnit([buildVersion('2010-01-01', null, facts)])], sameDay)).toMatchObject({
      kinds: [kind],
      fields: [{ field }],
      isValidBefore: true,
      isValidAfter: true,
    });
  });

  it('includes codes and lists of both days only while the unit is valid', () => {
    const code = { codeSet: 8451, code: '010', attributes: [], from: '2012-01-01', to: null };
    const coded = buildUnit([buildVersion('2010-01-01', '2020-01-01')], {
      codes: [code],
      identifiers: [{ system: 'urn:test', value: '1', from: '2013-01-01', to: '2014-01-01' }],
    });

    expect(differenceBetween(coded, ['2011-01-01', '2013-06-01'])).toMatchObject({
      kinds: ['RECODED', 'CHANGED'],
      fields: [
        { field: 'codes', before: null, after: { value: [{ codeSet: 8451, code: '010', attributes: [] }] } },
        { field: 'identifiers', before: null, after: { value: [{ system: 'urn:test', value: '1' }] } },
      ],
    });
    expect(kindsBetween(coded, ['2011-01-01', '2015-01-01'])).toEqual(['RECODED']);
    expect(differenceBetween([coded, buildUnit([], { codes: [code] })], ['2025-01-01', '2005-01-01'])).toBeUndefined();
  });

  it('includes a changed path only when it enters or leaves the given unit', () => {
    const moved = buildUnit([
      buildVersion('2010-01-01', '2012-01-01', {}, [9, 1, 7]),
      buildVersion('2012-01-01', null, {}, [8, 1, 7]),
    ]);
    const days = ['2011-01-01', '2015-01-01'] as const;

    expect(differenceBetween(moved, days)).toBeUndefined();
    expect(differenceBetween(moved, days, [], 1)).toBeUndefined();
    expect(differenceBetween(moved, days, [], 8)).toMatchObject({
      kinds: ['ENTERED'],
      fields: [],
      isValidBefore: true,
      isValidAfter: true,
    });
    expect(differenceBetween(moved, days, [], 9)).toMatchObject({ kinds: ['LEFT'], fields: [] });
    expect(kindsBetween(moved, ['2015-01-01', '2011-01-01'], [], 8)).toEqual(['LEFT']);
  });

  it('is limited to units within the given unit at either point, the unit itself included', () => {
    const renamed = [openUnit, buildUnit([buildVersion('2010-01-01', null, { name: 'Orthopaedics' })])] as const;

    expect(differenceBetween(renamed, sameDay, [], 5)).toBeUndefined();
    expect(kindsBetween(renamed, sameDay, [], 1)).toEqual(['RENAMED']);
    expect(kindsBetween(renamed, sameDay, [], 7)).toEqual(['RENAMED']);
    // A unit that opens or closes in the subtree did not enter or leave it.
    expect(kindsBetween(openUnit, beforeAndAfterOpening, [], 1)).toEqual(['OPENED']);
  });
});
