import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSearchTerms } from '../../src/domain/text/search-terms.ts';
import type { Snapshot } from '../../src/domain/time/snapshot.ts';
import type { Database } from '../../src/store/database/database.ts';
import { countSearchHits, readSearchHits } from '../../src/store/read/search.ts';
import { readSnapshot } from '../../src/store/snapshot/read-snapshot.ts';
import type { RegisterSnapshot } from '../../src/store/snapshot/register-snapshot.ts';
import { advanceSearchIndex, readSearchIndex } from '../../src/store/snapshot/search/read-search-index.ts';
import type { SearchIndex } from '../../src/store/snapshot/search/search-index.ts';
import { searchSnapshot } from '../../src/store/snapshot/search/search-snapshot.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { dayNear, histories } from '../support/model/history.ts';
import { norwegianNames } from '../support/model/norwegian-names.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { emptyState } from '../support/model/register-state.ts';
import { demoDay, openDemoRegister } from '../support/registers/demo-register.ts';

const pageSize = 10;
const searchTexts = fc.constantFrom(...norwegianNames, 'Førde 2', '974747138', '-');

interface TextSearch {
  readonly text: string;
  readonly within?: number | undefined;
}

/** Returns a search by SQL: the number of units, and the first ones with what matched. */
async function searchDatabase(database: Database, at: Snapshot, { text, within }: TextSearch) {
  const query = { terms: parseSearchTerms(text), filter: undefined, within };
  const rows = await readSearchHits(database.prisma, query, at, { first: pageSize });
  return {
    totalCount: (await countSearchHits(database.prisma, query, at)).found,
    hits: rows.map(({ reshId, score, matchKind, matchText }) => ({ reshId, score, kind: matchKind, text: matchText })),
  };
}

/** Returns a search in memory in the form of {@link searchDatabase}; undefined if it is left to SQL. */
function searchMemory(snapshot: RegisterSnapshot, index: SearchIndex, { text, within }: TextSearch) {
  const terms = parseSearchTerms(text);
  const result = terms && searchSnapshot(snapshot, index, { terms, within, limit: pageSize });
  return (
    result && {
      totalCount: result.countUnits(),
      hits: result.hits.map(({ position, score, match }) => ({
        reshId: snapshot.unitAt(position).reshId,
        score,
        ...match,
      })),
    }
  );
}

/** Changes a name as people do who search: a part of it, a slip, words in another order. */
function varyName(name: string, choice: number): string {
  const words = name.split(' ');
  const position = choice % name.length;
  const variants = [
    name,
    words[choice % words.length] ?? name,
    name.slice(0, position) + name.slice(position + 1),
    name.slice(position, position + 4),
    words.toReversed().join(' '),
    name.toUpperCase(),
  ];
  const variant = variants[choice % variants.length] ?? '';
  return variant.trim() === '' ? name : variant;
}

describe('searches in memory', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  it('have the results of SQL for random histories, with an index that was read or advanced', async () => {
    let foundCount = 0;
    await fc.assert(
      fc.asyncProperty(
        histories(1),
        fc.nat(),
        fc.array(fc.tuple(searchTexts, fc.nat()), { minLength: 2, maxLength: 6 }),
        async (history, on, choices) => {
          await clearRegister(database);
          let index: SearchIndex | undefined;
          for (const [revision, state] of history.revisions.entries()) {
            if (revision > 0) await recordState(database, history.revisions[revision - 1] ?? emptyState, state);
            if (index) await advanceSearchIndex(database, index, revision);
            else index = await readSearchIndex(database, revision);
          }
          const newest = history.revisions.length - 1;
          const read = await readSearchIndex(database, newest);
          for (const revision of [newest, newest - 1].filter((each) => each >= 0)) {
            const at = { revision, day: dayNear(history, on) };
            const snapshot = await readSnapshot(database, at);
            for (const [name, choice] of choices) {
              const within = choice % 3 === 0 ? history.reshIds[choice % history.reshIds.length] : undefined;
              const unit = [...snapshot.units][choice % Math.max(1, snapshot.units.length)];
              const search = { text: varyName(choice % 2 === 0 ? name : (unit?.name ?? name), choice), within };
              const expected = await searchDatabase(database, at, search);
              const found = searchMemory(snapshot, read, search);
              // Misspelled words, and words that only closed units have, are left to SQL.
              if (found) expect(found).toEqual(expected);
              expect(index && searchMemory(snapshot, index, search)).toEqual(found);
              foundCount += found?.totalCount ?? 0;
            }
          }
        },
      ),
      propertyOptions(15),
    );
    expect(foundCount).toBeGreaterThan(20);
  });
});

describe('searches of the demo register in memory', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDemoRegister();
  });
  afterAll(() => database.close());

  it.each([demoDay, '2018-06-01'])('have the results of SQL on %s', async (day) => {
    const { revision } = await database.newestRevision();
    const at = { revision, day };
    const snapshot = await readSnapshot(database, at);
    const index = await readSearchIndex(database, revision);
    const names = [
      'post',
      'Kongsvinger',
      'ahus',
      'av',
      'kirurgi poliklinikk',
      'kirurgi kongsvinger',
      'oslo university',
      'pos sen',
      '108597',
      '983971636',
      'Ørret-½',
    ];
    const unitNames = [...snapshot.units]
      .filter((_unit, position) => position % 150 === 7)
      .map(({ name, shortName }, choice) => varyName(choice % 2 === 0 ? (shortName ?? name) : name, choice));
    const left: string[] = [];
    for (const text of [...names, ...unitNames]) {
      const found = searchMemory(snapshot, index, { text });
      if (found) expect({ text, ...found }).toEqual({ text, ...(await searchDatabase(database, at, { text })) });
      else left.push(text);
    }
    expect(left.length).toBeLessThan(unitNames.length / 2);
  });

  it('are left to SQL for characters other than Latin letters', async () => {
    const { revision } = await database.newestRevision();
    const snapshot = await readSnapshot(database, { revision, day: demoDay });
    const index = await readSearchIndex(database, revision);
    expect(searchMemory(snapshot, index, { text: 'Øст' })).toBeUndefined();
  });
});
