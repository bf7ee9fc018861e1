import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/domain/time/day.ts';
import { covers, type Period } from '../../src/domain/time/period.ts';
import { computeUnitChange } from '../../src/domain/unit/change.ts';
import type { UnitChangeKind } from '../../src/domain/unit/facts.ts';
import type { Succession } from '../../src/domain/unit/succession.ts';
import { formatFieldValue } from '../../src/domain/unit/field-text.ts';
import type { DatedCode, DatedUnit, DatedVersion } from '../../src/domain/unit/state.ts';
import { datedUnit, datedVersion } from '../support/builders/version-row.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { arbitraryTimeline } from '../support/model/timelines.ts';

function buildVersion(from: string, to: string | null, facts: Partial<DatedVersion> = {}): DatedVersion {
  return datedVersion({ from, to, parentReshId: 1, name: 'Surgery', ...facts });
}

function buildCode(from: string, to: string | null, name: string, attributes: string[] = []): DatedCode {
  return {
    from,
    to,
    codeSet: 8451,
    code: name,
    attributes,
  };
}

/** Returns the values of a field before and after. */
function values(field: string, before: unknown, after: unknown) {
  const build = (value: unknown) => (value === null ? null : { field, value });
  return { before: build(before), after: build(after) };
}

const openUnit = datedUnit([buildVersion('2010-01-01', null)]);

describe('change of a unit', () => {
  it('includes a new name from its day', () => {
    const after = datedUnit([
      buildVersion('2010-01-01', '2020-01-01'),
      buildVersion('2020-01-01', null, { name: 'Orthopaedics' }),
    ]);

    expect(computeUnitChange(7, openUnit, after)).toEqual({
      reshId: 7,
      kinds: ['RENAMED'],
      effectiveOn: '2020-01-01',
      fields: [{ field: 'name', day: '2020-01-01', ...values('name', 'Surgery', 'Orthopaedics') }],
      seenOn: '2020-01-01',
    });
  });

  it('shows each field on its first different day, and the change on the earliest', () => {
    const after = datedUnit(
      [
        buildVersion('2010-01-01', '2015-01-01'),
        buildVersion('2015-01-01', '2020-01-01', { parentReshId: 2 }),
        buildVersion('2020-01-01', null, {
          parentReshId: 3,
          treatmentSiteNumber: '974747138',
          responsiblePerson: 'Åse',
        }),
      ],
      { codes: [buildCode('2018-01-01', null, '020', ['8452:1']), buildCode('2018-01-01', null, '010')] },
    );

    expect(computeUnitChange(7, openUnit, after)).toEqual({
      reshId: 7,
      kinds: ['MOVED', 'RECODED', 'SITE_CHANGED', 'CHANGED'],
      effectiveOn: '2015-01-01',
      fields: [
        { field: 'parent', day: '2015-01-01', ...values('parent', 1, 2) },
        { field: 'treatmentSite', day: '2020-01-01', ...values('treatmentSite', null, '974747138') },
        { field: 'responsiblePerson', day: '2020-01-01', ...values('responsiblePerson', null, 'Åse') },
        {
          field: 'codes',
          day: '2018-01-01',
          ...values('codes', null, [
            { codeSet: 8451, code: '010', attributes: [] },
            { codeSet: 8451, code: '020', attributes: ['8452:1'] },
          ]),
        },
      ],
      seenOn: '2015-01-01',
    });
  });

  it('formats identifiers, names, addresses and contact points readably', () => {
    const after = datedUnit(openUnit.versions, {
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

    const change = computeUnitChange(7, openUnit, after);

    expect(change?.kinds).toEqual(['CHANGED']);
    expect(
      change?.fields.map((field) => [field.field, field.before, field.after && formatFieldValue(field.after)]),
    ).toEqual([
      ['identifiers', null, 'urn:test T1'],
      ['internationalNames', null, 'en: Surgery'],
      ['addresses', null, 'VISITING: Gata 1, Bygg 2, 6003 Ålesund'],
      ['contactPoints', null, 'EMAIL: post@example.no; TELEPHONE: 70 10 50 00'],
    ]);
  });

  const kindCases: readonly [string, DatedUnit, DatedUnit, UnitChangeKind[], string, string][] = [
    ['opened', datedUnit([]), openUnit, ['OPENED'], '2010-01-01', '2010-01-01'],
    ['withdrawn', openUnit, datedUnit([]), ['WITHDRAWN'], '2010-01-01', '2010-01-01'],
    [
      'closed, with the facts planned after that',
      datedUnit([buildVersion('2010-01-01', '2025-01-01'), buildVersion('2025-01-01', null, { name: 'Planned' })]),
      datedUnit([buildVersion('2010-01-01', '2020-01-01')]),
      ['CLOSED'],
      '2020-01-01',
      '2019-12-31',
    ],
    [
      'reopened under another parent',
      datedUnit([buildVersion('2010-01-01', '2020-01-01')]),
      datedUnit([buildVersion('2010-01-01', '2020-01-01'), buildVersion('2022-01-01', null, { parentReshId: 2 })]),
      ['REOPENED'],
      '2022-01-01',
      '2022-01-01',
    ],
    [
      'opened earlier',
      openUnit,
      datedUnit([buildVersion('2009-01-01', null)]),
      ['REOPENED'],
      '2009-01-01',
      '2009-01-01',
    ],
    ['opened later', openUnit, datedUnit([buildVersion('2011-01-01', null)]), ['CLOSED'], '2010-01-01', '2011-01-01'],
    [
      'closed, and renamed before that',
      openUnit,
      datedUnit([
        buildVersion('2010-01-01', '2015-01-01'),
        buildVersion('2015-01-01', '2020-01-01', { shortName: 'S' }),
      ]),
      ['CLOSED', 'RENAMED'],
      '2015-01-01',
      '2015-01-01',
    ],
    [
      'closed, its codes with it or not',
      datedUnit(openUnit.versions, { codes: [buildCode('2010-01-01', null, '010')] }),
      datedUnit([buildVersion('2010-01-01', '2020-01-01')], { codes: [buildCode('2010-01-01', null, '010')] }),
      ['CLOSED'],
      '2020-01-01',
      '2019-12-31',
    ],
  ];
  it.each(kindCases)('is %s', (_what, before, after, kinds, effectiveOn, seenOn) => {
    expect(computeUnitChange(7, before, after)).toMatchObject({ kinds, effectiveOn, seenOn });
  });

  it('distinguishes values with the same text', () => {
    const address = {
      from: '2010-01-01',
      to: null,
      type: 'POSTAL' as const,
      postalCode: null,
      city: null,
      country: null,
    };
    const [two, one] = [['Gata 1', 'Bygg 2'], ['Gata 1, Bygg 2']].map((lines) =>
      datedUnit(openUnit.versions, { addresses: [{ ...address, lines }] }),
    );

    expect(two && one && computeUnitChange(7, two, one)?.kinds).toEqual(['CHANGED']);
  });
});

const arbitraryUnit: fc.Arbitrary<DatedUnit> = fc
  .record({
    versions: arbitraryTimeline(
      fc.record({
        name: fc.constantFrom('Surgery', 'Orthopaedics'),
        parentReshId: fc.constantFrom(1, 2),
        shortName: fc.constantFrom(null, 'S'),
      }),
    ),
    codes: fc.array(arbitraryTimeline(fc.record({ code: fc.constantFrom('010', '020') })), { maxLength: 2 }),
    identifiers: arbitraryTimeline(fc.record({ system: fc.constant('urn:test'), value: fc.constantFrom('1', '2') })),
  })
  .map(({ versions, codes, identifiers }) =>
    datedUnit(
      versions.map(({ from, to, ...facts }) => buildVersion(from, to, facts)),
      { codes: codes.flat().map(({ from, to, code: name }) => buildCode(from, to, name)), identifiers },
    ),
  );

/** Splits and reorders the versions of a unit without changing what they state. */
function splitVersions(unitToSplit: DatedUnit, splitOffsets: readonly number[]): DatedUnit {
  const rows = <Row extends Period>(list: readonly Row[]): Row[] =>
    list
      .flatMap((row, index) => {
        const middle = addDays(row.from, 1 + (splitOffsets[index % Math.max(1, splitOffsets.length)] ?? 0));
        return covers(row, middle)
          ? [
              { ...row, from: middle },
              { ...row, to: middle },
            ]
          : [row];
      })
      .reverse();
  return {
    ...unitToSplit,
    versions: rows(unitToSplit.versions),
    codes: rows(unitToSplit.codes),
    identifiers: rows(unitToSplit.identifiers),
  };
}

/** Returns the versions of a unit before a day. */
function truncateUnit(day: string, unitToTruncate: DatedUnit): DatedUnit {
  const rows = <Row extends Period>(list: readonly Row[]): Row[] =>
    list.filter(({ from }) => from < day).map((row) => (covers(row, day) ? { ...row, to: day } : row));
  return {
    ...unitToTruncate,
    versions: rows(unitToTruncate.versions),
    codes: rows(unitToTruncate.codes),
    identifiers: rows(unitToTruncate.identifiers),
  };
}

const reversedKinds: Partial<Record<UnitChangeKind, UnitChangeKind>> = {
  OPENED: 'WITHDRAWN',
  WITHDRAWN: 'OPENED',
  CLOSED: 'REOPENED',
  REOPENED: 'CLOSED',
};

describe('for any change', () => {
  it('splitting or coalescing rows is no change', () => {
    fc.assert(
      fc.property(arbitraryUnit, fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }), (one, splitOffsets) => {
        expect(computeUnitChange(7, one, one)).toBeUndefined();
        expect(computeUnitChange(7, one, splitVersions(one, splitOffsets))).toBeUndefined();
      }),
      propertyOptions(300),
    );
  });

  it('equal timelines in other rows give equal changes', () => {
    fc.assert(
      fc.property(
        arbitraryUnit,
        arbitraryUnit,
        fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }),
        (before, after, splitOffsets) => {
          expect(computeUnitChange(7, splitVersions(before, splitOffsets), splitVersions(after, splitOffsets))).toEqual(
            computeUnitChange(7, before, after),
          );
        },
      ),
      propertyOptions(300),
    );
  });

  it('the reverse change swaps old and new values', () => {
    fc.assert(
      fc.property(arbitraryUnit, arbitraryUnit, (before, after) => {
        const [forwardChange, reverseChange] = [
          computeUnitChange(7, before, after),
          computeUnitChange(7, after, before),
        ];

        expect(reverseChange?.effectiveOn).toBe(forwardChange?.effectiveOn);
        expect(reverseChange?.fields).toEqual(
          forwardChange?.fields.map(({ before: old, after: fresh, ...field }) => ({
            ...field,
            before: fresh,
            after: old,
          })),
        );
        expect([...(reverseChange?.kinds ?? [])].sort()).toEqual(
          forwardChange?.kinds.map((kind) => reversedKinds[kind] ?? kind).sort() ?? [],
        );
      }),
      propertyOptions(300),
    );
  });

  it('kinds, fields and day match the first difference of the states', () => {
    fc.assert(
      fc.property(arbitraryUnit, arbitraryUnit, (before, after) => {
        const change = computeUnitChange(7, before, after);
        if (!change) return;
        const { effectiveOn, seenOn, kinds, fields } = change;
        expect(
          computeUnitChange(7, truncateUnit(effectiveOn, before), truncateUnit(effectiveOn, after)),
        ).toBeUndefined();
        expect(kinds.length).toBeGreaterThan(0);
        expect(fields.length).toBeGreaterThan(0);
        const shown = after.versions.length > 0 ? after.versions : before.versions;
        expect(seenOn !== null && shown.some((row) => covers(row, seenOn))).toBe(shown.length > 0);
      }),
      propertyOptions(300),
    );
  });
});

describe('succession in a change of a unit', () => {
  const buildSuccession = (
    toReshId: number,
    kind: Succession['kind'],
    effectiveOn = '2024-01-01',
    fromReshId = 7,
  ): Succession => ({
    fromReshId,
    toReshId,
    kind,
    effectiveOn,
    extent: 'PARTIAL',
  });
  const describeChange = (before: Succession[], after: Succession[], closesOn: string | null = null) => {
    const closed = datedUnit([buildVersion('2010-01-01', closesOn)]);
    const change = computeUnitChange(7, openUnit, closed, { before, after });
    return change && [change.kinds.join(' '), change.effectiveOn, change.seenOn];
  };

  it('is SPLIT or MERGED, whether the unit closes or stays', () => {
    expect(describeChange([], [buildSuccession(8, 'SPLIT'), buildSuccession(9, 'SPLIT')])).toEqual([
      'SPLIT',
      '2024-01-01',
      '2024-01-01',
    ]);
    expect(describeChange([], [buildSuccession(8, 'SPLIT')], '2024-01-01')).toEqual([
      'CLOSED SPLIT',
      '2024-01-01',
      '2023-12-31',
    ]);
    expect(describeChange([], [buildSuccession(8, 'MERGE')])).toEqual(['MERGED', '2024-01-01', '2024-01-01']);
  });

  it.each(['MERGE', 'SPLIT', 'REPLACEMENT'] as const)('is SUCCEEDED for the unit to which a %s leads', (kind) => {
    const incoming = buildSuccession(7, kind, '2024-01-01', 8);
    expect(describeChange([], [incoming])).toEqual(['SUCCEEDED', '2024-01-01', '2024-01-01']);
    expect(describeChange([incoming], [])).toEqual(['CHANGED', '2024-01-01', '2024-01-01']);
    expect(describeChange([incoming], [incoming])).toBeUndefined();
  });

  it('is CHANGED for a replacement without other effects, or for a dropped plan', () => {
    expect(describeChange([], [buildSuccession(8, 'REPLACEMENT')])).toEqual(['CHANGED', '2024-01-01', '2024-01-01']);
    expect(describeChange([], [buildSuccession(8, 'REPLACEMENT')], '2024-01-01')).toEqual([
      'CLOSED',
      '2024-01-01',
      '2023-12-31',
    ]);
    expect(describeChange([buildSuccession(8, 'SPLIT')], [])).toEqual(['CHANGED', '2024-01-01', '2024-01-01']);
    expect(describeChange([buildSuccession(8, 'MERGE', '2025-01-01')], [], '2024-01-01')).toEqual([
      'CLOSED',
      '2024-01-01',
      '2023-12-31',
    ]);
  });

  it('counts once when it is replaced, and never when it is repeated', () => {
    expect(describeChange([buildSuccession(8, 'MERGE')], [buildSuccession(9, 'MERGE', '2023-01-01')])).toEqual([
      'MERGED',
      '2023-01-01',
      '2023-01-01',
    ]);
    expect(describeChange([buildSuccession(8, 'MERGE')], [buildSuccession(8, 'MERGE')])).toBeUndefined();
  });
});
