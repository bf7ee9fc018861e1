import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/domain/time/day.ts';
import { covers, type Period } from '../../src/domain/time/period.ts';
import {
  unitChange,
  type DatedCode,
  type DatedUnit,
  type DatedVersion,
  type UnitChangeKind,
  type UnitSuccession,
} from '../../src/domain/unit/change.ts';
import { tried } from '../support/model/runs.ts';
import { timelines } from '../support/model/timelines.ts';

const version = (from: string, to: string | null, facts: Partial<DatedVersion> = {}): DatedVersion => ({
  from,
  to,
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
const code = (from: string, to: string | null, name: string, attributes: string[] = []): DatedCode => ({
  from,
  to,
  codeSet: 8451,
  code: name,
  attributes,
});
const unit = (versions: readonly DatedVersion[], lists: Partial<DatedUnit> = {}): DatedUnit => ({
  versions,
  codes: [],
  identifiers: [],
  names: [],
  addresses: [],
  contactPoints: [],
  ...lists,
});
const open = unit([version('2010-01-01', null)]);

describe('what a change did to a unit', () => {
  it('tells a name from its day on', () => {
    const after = unit([version('2010-01-01', '2020-01-01'), version('2020-01-01', null, { name: 'Orthopaedics' })]);

    expect(unitChange(7, open, after)).toEqual({
      reshId: 7,
      kinds: ['RENAMED'],
      effectiveOn: '2020-01-01',
      fields: [{ field: 'name', old: 'Surgery', new: 'Orthopaedics' }],
      seenOn: '2020-01-01',
    });
  });

  it('tells each field as on the first day on which it differs, and the change as on the first of them', () => {
    const after = unit(
      [
        version('2010-01-01', '2015-01-01'),
        version('2015-01-01', '2020-01-01', { parentReshId: 2 }),
        version('2020-01-01', null, { parentReshId: 3, treatmentSiteNumber: '974747138', responsiblePerson: 'Åse' }),
      ],
      { codes: [code('2018-01-01', null, '020', ['8452:1']), code('2018-01-01', null, '010')] },
    );

    expect(unitChange(7, open, after)).toEqual({
      reshId: 7,
      kinds: ['MOVED', 'RECODED', 'SITE_CHANGED', 'CHANGED'],
      effectiveOn: '2015-01-01',
      fields: [
        { field: 'parent', old: '1', new: '2' },
        { field: 'treatmentSite', old: null, new: '974747138' },
        { field: 'responsiblePerson', old: null, new: 'Åse' },
        { field: 'codes', old: null, new: '8451:010; 8451:020 (8452:1)' },
      ],
      seenOn: '2015-01-01',
    });
  });

  it('writes identifiers, names, addresses and contact points so that they can be read', () => {
    const after = unit(open.versions, {
      identifiers: [{ from: '2010-01-01', to: null, system: 'urn:test', value: 'T1' }],
      names: [{ from: '2010-01-01', to: null, language: 'en', name: 'Surgery' }],
      addresses: [
        {
          from: '2010-01-01',
          to: null,
          type: 'VISITING',
          lines: ['Gata 1', 'Bygg 2'],
          postalCode: '6003',
          city: 'Ålesund',
          country: null,
        },
      ],
      contactPoints: [
        { from: '2010-01-01', to: null, type: 'TELEPHONE', value: '70 10 50 00' },
        { from: '2010-01-01', to: null, type: 'EMAIL', value: 'post@example.no' },
      ],
    });

    expect(unitChange(7, open, after)).toMatchObject({
      kinds: ['CHANGED'],
      fields: [
        { field: 'identifiers', old: null, new: 'urn:test T1' },
        { field: 'internationalNames', old: null, new: 'en: Surgery' },
        { field: 'addresses', old: null, new: 'VISITING: Gata 1, Bygg 2, 6003 Ålesund' },
        { field: 'contactPoints', old: null, new: 'EMAIL: post@example.no; TELEPHONE: 70 10 50 00' },
      ],
    });
  });

  const kindCases: readonly [string, DatedUnit, DatedUnit, UnitChangeKind[], string, string][] = [
    ['opened', unit([]), open, ['OPENED'], '2010-01-01', '2010-01-01'],
    ['withdrawn', open, unit([]), ['WITHDRAWN'], '2010-01-01', '2010-01-01'],
    [
      'closed, with the facts planned after that',
      unit([version('2010-01-01', '2025-01-01'), version('2025-01-01', null, { name: 'Planned' })]),
      unit([version('2010-01-01', '2020-01-01')]),
      ['CLOSED'],
      '2020-01-01',
      '2019-12-31',
    ],
    [
      'reopened under another parent',
      unit([version('2010-01-01', '2020-01-01')]),
      unit([version('2010-01-01', '2020-01-01'), version('2022-01-01', null, { parentReshId: 2 })]),
      ['REOPENED'],
      '2022-01-01',
      '2022-01-01',
    ],
    ['opened earlier', open, unit([version('2009-01-01', null)]), ['REOPENED'], '2009-01-01', '2009-01-01'],
    ['opened later', open, unit([version('2011-01-01', null)]), ['CLOSED'], '2010-01-01', '2011-01-01'],
    [
      'closed, and renamed before that',
      open,
      unit([version('2010-01-01', '2015-01-01'), version('2015-01-01', '2020-01-01', { shortName: 'S' })]),
      ['CLOSED', 'RENAMED'],
      '2015-01-01',
      '2015-01-01',
    ],
    [
      'closed, its codes with it or not',
      unit(open.versions, { codes: [code('2010-01-01', null, '010')] }),
      unit([version('2010-01-01', '2020-01-01')], { codes: [code('2010-01-01', null, '010')] }),
      ['CLOSED'],
      '2020-01-01',
      '2019-12-31',
    ],
  ];
  it.each(kindCases)('says %s', (_what, before, after, kinds, effectiveOn, seenOn) => {
    expect(unitChange(7, before, after)).toMatchObject({ kinds, effectiveOn, seenOn });
  });

  it('tells values apart that read alike', () => {
    const address = { from: '2010-01-01', to: null, type: 'POSTAL', postalCode: null, city: null, country: null };
    const [two, one] = [['Gata 1', 'Bygg 2'], ['Gata 1, Bygg 2']].map((lines) =>
      unit(open.versions, { addresses: [{ ...address, lines }] }),
    );

    expect(two && one && unitChange(7, two, one)?.kinds).toEqual(['CHANGED']);
  });
});

const units: fc.Arbitrary<DatedUnit> = fc
  .record({
    versions: timelines(
      fc.record({
        name: fc.constantFrom('Surgery', 'Orthopaedics'),
        parentReshId: fc.constantFrom(1, 2),
        shortName: fc.constantFrom(null, 'S'),
      }),
    ),
    codes: fc.array(timelines(fc.record({ code: fc.constantFrom('010', '020') })), { maxLength: 2 }),
    identifiers: timelines(fc.record({ system: fc.constant('urn:test'), value: fc.constantFrom('1', '2') })),
  })
  .map(({ versions, codes, identifiers }) =>
    unit(
      versions.map(({ from, to, ...facts }) => version(from, to, facts)),
      { codes: codes.flat().map(({ from, to, code: name }) => code(from, to, name)), identifiers },
    ),
  );

/** The same statements in other rows: each is parted where the numbers say, and the rows stand in another order. */
const cut = (of: DatedUnit, places: readonly number[]): DatedUnit => {
  const rows = <Row extends Period>(list: readonly Row[]): Row[] =>
    list
      .flatMap((row, place) => {
        const middle = addDays(row.from, 1 + (places[place % Math.max(1, places.length)] ?? 0));
        return covers(row, middle)
          ? [
              { ...row, from: middle },
              { ...row, to: middle },
            ]
          : [row];
      })
      .reverse();
  return { ...of, versions: rows(of.versions), codes: rows(of.codes), identifiers: rows(of.identifiers) };
};

/** What is said of the days before a day. */
const upTo = (day: string, of: DatedUnit): DatedUnit => {
  const rows = <Row extends Period>(list: readonly Row[]): Row[] =>
    list.filter(({ from }) => from < day).map((row) => (covers(row, day) ? { ...row, to: day } : row));
  return { ...of, versions: rows(of.versions), codes: rows(of.codes), identifiers: rows(of.identifiers) };
};

const mirrored: Partial<Record<UnitChangeKind, UnitChangeKind>> = {
  OPENED: 'WITHDRAWN',
  WITHDRAWN: 'OPENED',
  CLOSED: 'REOPENED',
  REOPENED: 'CLOSED',
};

describe('whatever a change does', () => {
  it('rows that are cut or joined are no change', () => {
    fc.assert(
      fc.property(units, fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }), (one, places) => {
        expect(unitChange(7, one, one)).toBeUndefined();
        expect(unitChange(7, one, cut(one, places))).toBeUndefined();
      }),
      tried(300),
    );
  });

  it('is told alike of other rows that say the same', () => {
    fc.assert(
      fc.property(units, units, fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }), (before, after, places) => {
        expect(unitChange(7, cut(before, places), cut(after, places))).toEqual(unitChange(7, before, after));
      }),
      tried(300),
    );
  });

  it('and what undoes it, swaps old with new', () => {
    fc.assert(
      fc.property(units, units, (before, after) => {
        const [done, undone] = [unitChange(7, before, after), unitChange(7, after, before)];

        expect(undone?.effectiveOn).toBe(done?.effectiveOn);
        expect(undone?.fields).toEqual(
          done?.fields.map(({ field, old, new: fresh }) => ({ field, old: fresh, new: old })),
        );
        expect([...(undone?.kinds ?? [])].sort()).toEqual(
          done?.kinds.map((kind) => mirrored[kind] ?? kind).sort() ?? [],
        );
      }),
      tried(300),
    );
  });

  it('has a kind, a field and a day, on which the states differ and before which they do not', () => {
    fc.assert(
      fc.property(units, units, (before, after) => {
        const change = unitChange(7, before, after);
        if (!change) return;
        const { effectiveOn, seenOn, kinds, fields } = change;
        expect(unitChange(7, upTo(effectiveOn, before), upTo(effectiveOn, after))).toBeUndefined();
        expect(kinds.length).toBeGreaterThan(0);
        expect(fields.length).toBeGreaterThan(0);
        const shown = after.versions.length > 0 ? after.versions : before.versions;
        expect(seenOn !== null && shown.some((row) => covers(row, seenOn))).toBe(shown.length > 0);
      }),
      tried(300),
    );
  });
});

describe('what a change made of a unit', () => {
  const became = (toReshId: number, kind: UnitSuccession['kind'], effectiveOn = '2024-01-01'): UnitSuccession => ({
    ...{ toReshId, kind, effectiveOn },
    extent: 'PARTIAL',
  });
  const told = (before: UnitSuccession[], after: UnitSuccession[], closesOn: string | null = null) => {
    const closed = unit([version('2010-01-01', closesOn)]);
    const change = unitChange(7, open, closed, { before, after });
    return change && [change.kinds.join(' '), change.effectiveOn, change.seenOn];
  };

  it('is SPLIT or MERGED, whether it closes or stays', () => {
    expect(told([], [became(8, 'SPLIT'), became(9, 'SPLIT')])).toEqual(['SPLIT', '2024-01-01', '2024-01-01']);
    expect(told([], [became(8, 'SPLIT')], '2024-01-01')).toEqual(['CLOSED SPLIT', '2024-01-01', '2023-12-31']);
    expect(told([], [became(8, 'MERGE')])).toEqual(['MERGED', '2024-01-01', '2024-01-01']);
  });

  it('is CHANGED where another replaces it and nothing else happens, or where what it was to become falls away', () => {
    expect(told([], [became(8, 'REPLACEMENT')])).toEqual(['CHANGED', '2024-01-01', '2024-01-01']);
    expect(told([], [became(8, 'REPLACEMENT')], '2024-01-01')).toEqual(['CLOSED', '2024-01-01', '2023-12-31']);
    expect(told([became(8, 'SPLIT')], [])).toEqual(['CHANGED', '2024-01-01', '2024-01-01']);
    expect(told([became(8, 'MERGE', '2025-01-01')], [], '2024-01-01')).toEqual(['CLOSED', '2024-01-01', '2023-12-31']);
  });

  it('is told once where it becomes another than was said, and is nothing where the same is said again', () => {
    expect(told([became(8, 'MERGE')], [became(9, 'MERGE', '2023-01-01')])).toEqual([
      ...['MERGED', '2023-01-01', '2023-01-01'],
    ]);
    expect(told([became(8, 'MERGE')], [became(8, 'MERGE')])).toBeUndefined();
  });
});
