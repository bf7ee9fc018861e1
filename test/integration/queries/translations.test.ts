import { describe, expect, it } from 'vitest';
import { createClient, type TestClient, listErrors } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { openDemoRegister } from '../../support/registers/demo-register.ts';
import { graphql } from '../../support/generated/gql.ts';
import type { TranslationsQueryVariables } from '../../support/generated/graphql.ts';
import { hasNorwegianData, importNorwegianData } from '../../support/registers/norwegian-data.ts';
import { buildReorganizedRegister, reorganizedUnits as u } from '../../support/registers/reorganized-register.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const today = '2026-11-23';

const translationsQuery = graphql(`
  query Translations($items: [UnitAtInput!]!, $to: Date) {
    register(validAt: $to) {
      translateUnits(items: $items) {
        reshId
        validAt
        outcome
        units {
          id
          reshId
          name
          seenOn
        }
        steps {
          from {
            name
            seenOn
          }
          to {
            name
            seenOn
          }
          kind
        }
      }
    }
  }
`);

async function queryTranslations(client: TestClient, variables: TranslationsQueryVariables) {
  return (await client.query(translationsQuery, variables)).register.translateUnits;
}

/** Returns a function that translates a unit to the outcome, and the names of units and steps. */
function createTranslator(client: () => TestClient) {
  return async (reshId: number, at: string, to?: string) => {
    const [translation] = await queryTranslations(client(), {
      items: [{ reshId, validAt: at }],
      ...(to !== undefined && { to }),
    });
    return (
      translation && [
        translation.outcome,
        translation.units.map(({ name }) => name),
        translation.steps.map(({ from, to: targets }) => `${from.name} > ${targets.name}`),
      ]
    );
  };
}

describe('translations in the reorganized register', () => {
  const { client } = useRegister({ fill: buildReorganizedRegister });
  const translate = createTranslator(() => client);

  it('follow merges and splits to the day', async () => {
    expect(await translate(u.medicine, '2009-01-01', '2009-12-31')).toEqual(['UNCHANGED', ['Medicine'], []]);
    expect(await translate(u.medicine, '2009-01-01', '2010-01-01')).toEqual(['MERGED', ['Both'], ['Medicine > Both']]);
    expect(await translate(u.medicine, '2009-01-01', '2016-01-01')).toEqual([
      'SPLIT',
      ['Day ward', 'Night ward'],
      ['Medicine > Both', 'Both > Day ward', 'Both > Night ward'],
    ]);
    expect(await translate(u.both, '2014-01-01')).toEqual([
      'SPLIT',
      ['Joined'],
      ['Both > Day ward', 'Both > Night ward', 'Day ward > Joined', 'Night ward > Joined'],
    ]);
  });

  it('go back to predecessors', async () => {
    expect(await translate(u.joined, today, '2016-01-01')).toEqual([
      'MERGED',
      ['Day ward', 'Night ward'],
      ['Day ward > Joined', 'Night ward > Joined'],
    ]);
    expect(await translate(u.dayWard, '2019-01-01', '2005-01-01')).toEqual([
      'SPLIT',
      ['Medicine', 'Surgery'],
      ['Medicine > Both', 'Surgery > Both', 'Both > Day ward'],
    ]);
    expect(await translate(u.part, today, '2005-01-01')).toEqual(['SPLIT', ['Keeper'], ['Keeper > Part']]);
    expect(await translate(u.replacement, today, '2005-01-01')).toEqual([
      'NOT_YET_VALID',
      ['Replaced'],
      ['Replaced > Replacement'],
    ]);
  });

  it('include a unit that was partly transferred and stayed open', async () => {
    expect(await translate(u.keeper, '2011-01-01')).toEqual(['SPLIT', ['Keeper', 'Part'], ['Keeper > Part']]);
    expect(await translate(u.keeper, '2012-01-01')).toEqual(['UNCHANGED', ['Keeper'], []]);
    expect(await translate(u.keeper, today, '2011-01-01')).toEqual(['UNCHANGED', ['Keeper'], []]);
  });

  it('report closed, moved, renamed and unchanged units', async () => {
    expect(await translate(u.gone, '2010-01-01')).toEqual(['CLOSED', [], []]);
    expect(await translate(u.replaced, '2010-01-01')).toEqual(['CLOSED', ['Replacement'], ['Replaced > Replacement']]);
    expect(await translate(u.mover, '2010-01-01')).toEqual(['MOVED', ['Moved'], []]);
    expect(await translate(u.mover, '2015-01-01')).toEqual(['RENAMED', ['Moved'], []]);
    expect(await translate(u.mover, '2019-01-01')).toEqual(['UNCHANGED', ['Moved'], []]);
    expect(await translate(u.mover, '2015-01-01', '2010-01-01')).toEqual(['MOVED', ['Mover'], []]);
    expect(await translate(u.paused, '2010-01-01', '2019-01-01')).toEqual(['CLOSED', [], []]);
    expect(await translate(u.paused, '2010-01-01')).toEqual(['UNCHANGED', ['Paused'], []]);
  });

  it('use the last day of a unit that was closed at the start', async () => {
    expect(await translate(u.medicine, '2012-01-01')).toEqual(await translate(u.medicine, '2009-12-31'));
    expect(await translate(u.medicine, '2020-01-01', '2009-01-01')).toEqual(['UNCHANGED', ['Medicine'], []]);
    expect(await translate(u.medicine, '2020-01-01', '2012-01-01')).toEqual(['MERGED', ['Both'], ['Medicine > Both']]);
  });

  it('return unknown before the first day and for withdrawn or unused RESH-ids', async () => {
    expect(await translate(u.planned, today)).toEqual(['NOT_YET_VALID', [], []]);
    expect(await translate(u.planned, today, '2029-01-01')).toEqual(['NOT_YET_VALID', [], []]);
    expect(await translate(u.planned, '2029-01-01', today)).toEqual(['NOT_YET_VALID', [], []]);
    expect(await translate(u.mistake, today)).toEqual(['UNKNOWN', [], []]);
    expect(await translate(999, today)).toEqual(['UNKNOWN', [], []]);
  });

  it('count a unit that another replaced for a while as itself', async () => {
    expect(await translate(u.there, '2010-01-01')).toEqual(['UNCHANGED', ['There'], []]);
    expect(await translate(u.there, today, '2012-01-01')).toEqual(['CLOSED', ['Back'], ['Back > There']]);
    expect(await translate(u.there, today, '2010-01-01')).toEqual(['MERGED', ['There'], ['Back > There']]);
    expect(await translate(u.there, '2010-01-01', '2012-01-01')).toEqual(['CLOSED', ['Back'], ['There > Back']]);
    expect(await translate(u.back, '2012-01-01')).toEqual(['CLOSED', ['There'], ['Back > There']]);
  });

  it('keep the order of the request and show units on the target day, with plain ids today', async () => {
    const items = [
      { reshId: u.mover, validAt: '2010-01-01' },
      { reshId: u.gone, validAt: '2010-01-01' },
      { reshId: u.mover, validAt: '2010-01-01' },
    ];
    const [currentTranslations, pastTranslations] = await Promise.all([
      queryTranslations(client, { items }),
      queryTranslations(client, { items, to: '2012-12-31' }),
    ]);
    const { unit } = await client.query(
      graphql(`
        query TranslatedUnit($reshId: ReshId!) {
          unit(reshId: $reshId) {
            id
          }
        }
      `),
      { reshId: u.mover },
    );

    expect(currentTranslations.map(({ reshId, validAt }) => ({ reshId, validAt }))).toEqual(items);
    expect(currentTranslations[0]?.units).toEqual([{ id: unit?.id, reshId: u.mover, name: 'Moved', seenOn: today }]);
    expect(pastTranslations.map(({ units }) => units.map(({ seenOn }) => seenOn))).toEqual([
      ['2012-12-31'],
      ['2012-12-31'],
      ['2012-12-31'],
    ]);
    expect(pastTranslations[0]?.units[0]?.id).not.toBe(unit?.id);
    expect(await queryTranslations(client, { items: [] })).toEqual([]);
  });

  it('refuse more than 1000 items and invalid days', async () => {
    const readError = async (variables: TranslationsQueryVariables) =>
      listErrors(await client.execute(translationsQuery, variables));
    const items = Array.from({ length: 1_001 }, () => ({ reshId: 1, validAt: '2020-01-01' }));

    expect(await readError({ items })).toEqual([
      ['LIMIT_EXCEEDED', '`items` has 1001 items, but at most 1000 are allowed. Ask for 1000 at a time.'],
    ]);
    expect(await readError({ items: [{ reshId: 1, validAt: '2023-13-01' }] })).toEqual([
      ['BAD_INPUT', expect.stringContaining('Date cannot be "2023-13-01"')],
    ]);
    expect(await readError({ items: [], to: '2023-02-30' })).toEqual([
      ['BAD_INPUT', expect.stringContaining('Date cannot be "2023-02-30"')],
    ]);
  });
});

describe('translations in the demo register', () => {
  const { client } = useRegister({ open: openDemoRegister });
  const translate = createTranslator(() => client);

  it('translate Kongsvinger across its transfer and back', async () => {
    expect(await translate(108_597, '2019-01-31', '2019-02-01')).toEqual(['MOVED', ['Kongsvinger'], []]);
    expect(await translate(108_597, '2019-02-01', '2019-01-31')).toEqual(['MOVED', ['Kongsvinger'], []]);
  });

  it.each([
    [[100_062, 100_087], 4_001_031, '2009-01-01'],
    [[100_318, 100_319], 4_201_115, '2011-07-01'],
    [[100_090, 100_099], 700_272, '2009-07-01'],
  ])('translate %j to %i by the merger of %s and back', async (sources, trust, day) => {
    const forwardTranslations = await queryTranslations(client, {
      items: sources.map((reshId) => ({ reshId, validAt: '2005-01-01' })),
      to: day,
    });
    const [backTranslation] = await queryTranslations(client, {
      items: [{ reshId: trust, validAt: today }],
      to: '2005-01-01',
    });

    expect(forwardTranslations.map(({ outcome, units }) => [outcome, units.map(({ reshId }) => reshId)])).toEqual([
      ['MERGED', [trust]],
      ['MERGED', [trust]],
    ]);
    expect([
      backTranslation?.outcome,
      backTranslation?.units.map(({ reshId }) => reshId),
      backTranslation?.steps.map(({ kind }) => kind),
    ]).toEqual(['MERGED', sources, ['MERGE', 'MERGE']]);
  });
});

describe.skipIf(!hasNorwegianData)('translations in the real register (skipped without ../shared/data/norway)', () => {
  it('report no changes since the import and nothing before it', async () => {
    const database = await openTestDatabase();
    try {
      await importNorwegianData(database);
      const translate = createTranslator(() => createClient(database, { today }));

      expect(await translate(108_597, '2010-01-01')).toEqual(['UNCHANGED', ['Kongsvinger'], []]);
      expect(await translate(108_597, today, '2001-12-31')).toEqual(['NOT_YET_VALID', [], []]);
      expect(await translate(1_085_970, today)).toEqual(['UNKNOWN', [], []]);
    } finally {
      await database.close();
    }
  });
});
