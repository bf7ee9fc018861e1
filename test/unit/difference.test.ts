import { describe, expect, it } from 'vitest';
import {
  unitDifference,
  type PlacedUnit,
  type UnitAtPoints,
  type UnitDifference,
} from '../../src/domain/unit/difference.ts';
import type { DatedVersion } from '../../src/domain/unit/change.ts';

type Version = PlacedUnit['versions'][number];
const version = (from: string, to: string | null, facts: Partial<DatedVersion> = {}, path = [1, 7]): Version => ({
  ...{ from, to, path },
  parentReshId: 1,
  type: 'DEPARTMENT',
  name: 'Surgery',
  shortName: null,
  designationCode: null,
  designationText: null,
  organizationNumber: null,
  treatmentSiteNumber: null,
  responsiblePerson: null,
  ...facts,
});
const unit = (versions: readonly Version[], lists: Partial<PlacedUnit> = {}): PlacedUnit => ({
  ...{ versions, codes: [], identifiers: [], names: [], addresses: [], contactPoints: [] },
  ...lists,
});
const nobody = unit([]);
const open = unit([version('2010-01-01', null)]);

const between = (
  known: PlacedUnit | readonly [PlacedUnit, PlacedUnit],
  [from, to]: readonly [string, string],
  became: UnitAtPoints['became'] = [],
  within?: number,
): UnitDifference | undefined => {
  const [before, after] = 'versions' in known ? [known, known] : known;
  return unitDifference(
    { reshId: 7, from: { day: from, known: before }, to: { day: to, known: after }, became },
    within,
  );
};
const kindsBetween = (...given: Parameters<typeof between>) => between(...given)?.kinds;

const early = ['2005-01-01', '2015-01-01'] as const;
const sameDay = ['2015-01-01', '2015-01-01'] as const;

describe('how a unit differs between two points', () => {
  it('is not at all where it says the same, or is valid at neither', () => {
    expect(between(open, ['2011-01-01', '2015-01-01'])).toBeUndefined();
    expect(between(open, ['2005-01-01', '2009-12-31'])).toBeUndefined();
    expect(between([nobody, nobody], sameDay)).toBeUndefined();
    expect(
      between(unit([version('2010-01-01', '2012-01-01'), version('2012-01-01', null)]), ['2011-01-01', '2015-01-01']),
    ).toBeUndefined();
  });

  it('tells an opening with all that the unit says then', () => {
    expect(between(open, early)).toEqual({
      reshId: 7,
      kinds: ['OPENED'],
      fields: [
        { field: 'name', old: null, new: 'Surgery' },
        { field: 'parent', old: null, new: '1' },
        { field: 'type', old: null, new: 'DEPARTMENT' },
      ],
      isBefore: false,
      isAfter: true,
    });
  });

  it('is a reopening where the first point knows of earlier days', () => {
    const again = unit([version('2000-01-01', '2004-01-01'), version('2010-01-01', null)]);

    expect(kindsBetween(again, early)).toEqual(['REOPENED']);
    expect(kindsBetween(again, ['1999-01-01', '2015-01-01'])).toEqual(['OPENED']);
    expect(kindsBetween([nobody, again], sameDay)).toEqual(['OPENED']);
    expect(kindsBetween([unit([version('2000-01-01', '2004-01-01')]), again], sameDay)).toEqual(['REOPENED']);
    // An opening moved back is an opening of the days before.
    expect(kindsBetween([unit([version('2016-01-01', null)]), open], sameDay)).toEqual(['OPENED']);
  });

  it('is a closing, or where the second point knows of no day, a withdrawal', () => {
    const closed = unit([version('2010-01-01', '2012-01-01')]);

    expect(between(closed, ['2011-01-01', '2012-01-01'])).toMatchObject({
      ...{ kinds: ['CLOSED'], isBefore: true, isAfter: false },
      fields: [{ field: 'name', old: 'Surgery', new: null }, { field: 'parent' }, { field: 'type' }],
    });
    expect(kindsBetween([open, closed], sameDay)).toEqual(['CLOSED']);
    expect(kindsBetween([open, nobody], sameDay)).toEqual(['WITHDRAWN']);
    expect(kindsBetween(open, ['2015-01-01', '2005-01-01'])).toEqual(['CLOSED']);
  });

  it('adds to a closing what the unit became from the day it was gone, and no other time', () => {
    const closed = unit([version('2010-01-01', '2012-01-01')]);
    const days = ['2011-01-01', '2015-01-01'] as const;
    const became = (kind: 'MERGE' | 'SPLIT' | 'REPLACEMENT', effectiveOn: string) => [{ kind, effectiveOn }];

    expect(kindsBetween(closed, days, became('MERGE', '2012-01-01'))).toEqual(['CLOSED', 'MERGED']);
    expect(kindsBetween(closed, days, became('SPLIT', '2012-06-01'))).toEqual(['CLOSED', 'SPLIT']);
    expect(kindsBetween(closed, days, became('SPLIT', '2011-06-01'))).toEqual(['CLOSED']);
    expect(kindsBetween(closed, days, became('MERGE', '2016-01-01'))).toEqual(['CLOSED']);
    expect(kindsBetween(closed, days, became('REPLACEMENT', '2012-01-01'))).toEqual(['CLOSED']);
    expect(kindsBetween(open, ['2015-01-01', '2005-01-01'], became('MERGE', '2012-01-01'))).toEqual(['CLOSED']);
    expect(kindsBetween([open, nobody], sameDay, became('MERGE', '2012-01-01'))).toEqual(['WITHDRAWN']);
  });

  it.each<[string, Partial<DatedVersion>, string]>([
    ['RENAMED', { name: 'Orthopaedics' }, 'name'],
    ['RENAMED', { shortName: 'Ort' }, 'shortName'],
    ['MOVED', { parentReshId: 2 }, 'parent'],
    ['SITE_CHANGED', { treatmentSiteNumber: '974747138' }, 'treatmentSite'],
    ['CHANGED', { responsiblePerson: 'Kari' }, 'responsiblePerson'],
    ['CHANGED', { designationCode: '05' }, 'designation'],
  ])('is %s by %j', (kind, facts, field) => {
    expect(between([open, unit([version('2010-01-01', null, facts)])], sameDay)).toMatchObject({
      kinds: [kind],
      fields: [{ field }],
      isBefore: true,
      isAfter: true,
    });
  });

  it('tells codes and lists of the two days, and only while the unit is valid', () => {
    const code = { codeSet: 8451, code: '010', attributes: [], from: '2012-01-01', to: null };
    const coded = unit([version('2010-01-01', '2020-01-01')], {
      codes: [code],
      identifiers: [{ system: 'urn:test', value: '1', from: '2013-01-01', to: '2014-01-01' }],
    });

    expect(between(coded, ['2011-01-01', '2013-06-01'])).toMatchObject({
      kinds: ['RECODED', 'CHANGED'],
      fields: [
        { field: 'codes', old: null, new: '8451:010' },
        { field: 'identifiers', old: null, new: 'urn:test 1' },
      ],
    });
    expect(kindsBetween(coded, ['2011-01-01', '2015-01-01'])).toEqual(['RECODED']);
    expect(between([coded, unit([], { codes: [code] })], ['2025-01-01', '2005-01-01'])).toBeUndefined();
  });

  it('tells a path alone only where it leads into the unit asked about, or out of it', () => {
    const moved = unit([
      version('2010-01-01', '2012-01-01', {}, [9, 1, 7]),
      version('2012-01-01', null, {}, [8, 1, 7]),
    ]);
    const days = ['2011-01-01', '2015-01-01'] as const;

    expect(between(moved, days)).toBeUndefined();
    expect(between(moved, days, [], 1)).toBeUndefined();
    expect(between(moved, days, [], 8)).toMatchObject({
      kinds: ['ENTERED'],
      fields: [],
      isBefore: true,
      isAfter: true,
    });
    expect(between(moved, days, [], 9)).toMatchObject({ kinds: ['LEFT'], fields: [] });
    expect(kindsBetween(moved, ['2015-01-01', '2011-01-01'], [], 8)).toEqual(['LEFT']);
  });

  it('leaves out what lies within the unit asked about at neither point, and takes the unit itself in', () => {
    const renamed = [open, unit([version('2010-01-01', null, { name: 'Orthopaedics' })])] as const;

    expect(between(renamed, sameDay, [], 5)).toBeUndefined();
    expect(kindsBetween(renamed, sameDay, [], 1)).toEqual(['RENAMED']);
    expect(kindsBetween(renamed, sameDay, [], 7)).toEqual(['RENAMED']);
    // What opens or closes within it came from nowhere else.
    expect(kindsBetween(open, early, [], 1)).toEqual(['OPENED']);
  });
});
