import { describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/time/day.ts';
import type { Period } from '../../src/domain/time/period.ts';
import { SuccessionGraph } from '../../src/domain/unit/succession-graph.ts';
import type { Succession } from '../../src/domain/unit/succession.ts';

const [before, merger, between, reversal, after] = [
  '2019-06-01',
  '2020-01-01',
  '2022-06-01',
  '2024-01-01',
  '2024-06-01',
];
const wasAway: Period[] = [
  { from: '1838-01-01', to: merger },
  { from: reversal, to: null },
];
const ended: Period[] = [{ from: '1838-01-01', to: merger }];

/** Returns a function that translates a place from one day to another, from periods and successions `from > to`. */
function createTranslator(
  periods: Readonly<Record<string, readonly Period[]>>,
  mergers: readonly string[],
  splits: readonly string[],
) {
  const names = Object.keys(periods);
  const timelines = new Map(Object.values(periods).map((timeline, index) => [index, timeline]));
  const toSuccession = (text: string, isMerger: boolean): Succession => {
    const [from = '', to = ''] = text.split(' > ');
    const pair = { fromReshId: names.indexOf(from), toReshId: names.indexOf(to) };
    return isMerger
      ? { ...pair, kind: 'MERGE', extent: 'FULL', effectiveOn: merger }
      : { ...pair, kind: 'SPLIT', extent: 'PARTIAL', effectiveOn: reversal };
  };
  const graph = new SuccessionGraph(
    [...mergers.map((text) => toSuccession(text, true)), ...splits.map((text) => toSuccession(text, false))],
    timelines,
  );
  return (name: string, since: Day, to: Day) =>
    graph
      .trace({ reshId: names.indexOf(name), since, to })
      .reached.filter((index) => timelines.get(index)?.some((each) => each.from <= to && (!each.to || to < each.to)))
      .map((index) => names[index]);
}

describe('Haram, which left Ålesund again in 2024', () => {
  const periods = {
    Haram: wasAway,
    Sandøy: ended,
    Skodje: ended,
    Ørskog: ended,
    Ålesund: [{ from: '1838-01-01', to: null }],
  };
  const mergers = ['Haram > Ålesund', 'Sandøy > Ålesund', 'Skodje > Ålesund', 'Ørskog > Ålesund'];

  it.each([
    ['only as valid again', []],
    ['with its succession', ['Ålesund > Haram']],
  ])('is translated, recorded %s', (_how, splits) => {
    const translate = createTranslator(periods, mergers, splits);

    expect(translate('Haram', before, between)).toEqual(['Ålesund']);
    expect(translate('Haram', before, after)).toEqual(['Haram']);
    expect(translate('Haram', after, between)).toEqual(['Ålesund']);
    expect(translate('Haram', after, before)).toEqual(['Haram']);
    expect(translate('Sandøy', before, after)).toEqual(['Ålesund']);
    expect(translate('Ålesund', before, after)).toEqual(['Ålesund']);
    expect(translate('Ålesund', between, after)).toEqual(['Haram', 'Ålesund']);
    expect(translate('Ålesund', between, before)).toEqual(['Haram', 'Sandøy', 'Skodje', 'Ørskog', 'Ålesund']);
    expect(translate('Ålesund', after, before)).toEqual(['Sandøy', 'Skodje', 'Ørskog', 'Ålesund']);
  });
});

describe('Viken, which was dissolved into its counties in 2024', () => {
  const counties = ['Akershus', 'Buskerud', 'Østfold'];
  const periods = {
    Akershus: wasAway,
    Buskerud: wasAway,
    Østfold: wasAway,
    Viken: [{ from: merger, to: reversal }],
  };

  it.each([
    ['only as valid again', []],
    ['with their successions', counties.map((county) => `Viken > ${county}`)],
  ])('is translated, the counties recorded %s', (_how, splits) => {
    const mergers = counties.map((county) => `${county} > Viken`);
    const translate = createTranslator(periods, mergers, splits);

    expect(counties.map((county) => translate(county, before, between))).toEqual(counties.map(() => ['Viken']));
    expect(counties.map((county) => translate(county, before, after))).toEqual(counties.map((county) => [county]));
    expect(counties.map((county) => translate(county, after, between))).toEqual(counties.map(() => ['Viken']));
    expect(counties.map((county) => translate(county, after, before))).toEqual(counties.map((county) => [county]));
    expect(translate('Viken', between, after)).toEqual(counties);
    expect(translate('Viken', between, before)).toEqual(counties);
  });
});
