import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSearchTerms } from '../../src/domain/text/search-terms.ts';
import type { Snapshot } from '../../src/domain/time/snapshot.ts';
import type { Database } from '../../src/store/database/database.ts';
import { countClosedHits, countSearchHits, readSearchHits } from '../../src/store/read/search.ts';
import { readSnapshot } from '../../src/store/snapshot/read-snapshot.ts';
import type { RegisterSnapshot } from '../../src/store/snapshot/register-snapshot.ts';
import { advanceSearchIndex, readSearchIndex } from '../../src/store/snapshot/search/read-search-index.ts';
import type { SearchIndex } from '../../src/store/snapshot/search/search-index.ts';
import { searchSnapshot } from '../../src/store/snapshot/search/search-snapshot.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { dayNear, histories, modelSites, type History } from '../support/model/history.ts';
import { norwegianNames } from '../support/model/norwegian-names.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { emptyState } from '../support/model/register-state.ts';
import { demoDay, openDemoRegister } from '../support/registers/demo-register.ts';

const pageSize = 10;
const searchTexts = fc.constantFrom(
  ...norwegianNames,
  ...modelSites,
  ...['Førde 2', 'hospital', 'legesenter', 'X0', 'X1', 'X2', 'Aalesund', 'Foerde', 'aas', '-'],
);

interface TextSearch {
  readonly text: string;
  readonly within?: number | undefined;
}

/**
 * Adds a name in another language and an identifier to a unit at a revision, and renames a treatment site. The
 * identifier ends on a day of the history, and the name that was added at the revision before is superseded.
 */
async function recordNames(database: Database, { days, revisions }: History, revision: number): Promise<void> {
  const pick = <Value>(values: readonly Value[]): Value | undefined => values[(7 * revision) % values.length];
  const reshIds = [...(revisions[revision]?.timelines.keys() ?? [])];
  const [reshId, site, name] = [pick(reshIds), pick(modelSites), pick(norwegianNames)];
  if (reshId === undefined) return;
  await database.bulk(async (session) => {
    await session.query(
      `update unit_name set superseded_rev = $1::integer
       where recorded_rev = $1::integer - 1 and superseded_rev is null`,
      [revision],
    );
    await session.query(
      `insert into unit_name (resh_id, language, name, valid_from, recorded_rev)
       values ($1::integer, 'en', $2::text || ' Hospital', $3::date, $4::integer)`,
      [reshId, name, pick(days), revision],
    );
    await session.query(
      `insert into unit_identifier (resh_id, system, value, valid_from, valid_to, recorded_rev)
       values ($1::integer, 'urn:' || $2::integer, 'X' || $2::integer % 3, '2000-01-01', $3::date, $2::integer)`,
      [reshId, revision, pick(days)],
    );
    // The first revision registers the sites.
    if (revision === 1) return;
    await session.query(
      `update treatment_site_version set superseded_rev = $2::integer
       where organization_number = $1 and superseded_rev is null and recorded_rev < $2::integer`,
      [site, revision],
    );
    await session.query(
      `insert into treatment_site_version (organization_number, name, recorded_rev)
       values ($1, $2::text || ' legesenter', $3::integer)`,
      [site, name, revision],
    );
  });
}

/** Returns a search by SQL: the number of units, and the first ones with what matched. */
async function searchDatabase(database: Database, at: Snapshot, { text, within }: TextSearch) {
  const query = { terms: parseSearchTerms(text), filter: undefined, within };
  const rows = await readSearchHits(database.prisma, query, at, { first: pageSize });
  return {
    totalCount: await countSearchHits(database.prisma, query, at),
    closedCount: within === undefined ? await countClosedHits(database.prisma, query, at) : undefined,
    hits: rows.map(({ reshId, score, matchKind, matchText }) => ({ reshId, score, kind: matchKind, text: matchText })),
  };
}

/** Returns a search in memory in the form of {@link searchDatabase}; undefined if only SQL can search. */
function searchMemory(snapshot: RegisterSnapshot, index: SearchIndex, { text, within }: TextSearch) {
  const terms = parseSearchTerms(text);
  const result = terms && searchSnapshot(snapshot, index, { terms, within, limit: pageSize });
  return (
    result && {
      totalCount: result.countUnits(),
      closedCount: result.countClosed(),
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
    name.slice(position, position + 2 + (choice % 4)),
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
            if (revision > 0) {
              await recordState(database, history.revisions[revision - 1] ?? emptyState, state);
              await recordNames(database, history, revision);
            }
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
              expect(searchMemory(snapshot, read, search)).toEqual(expected);
              expect(index && searchMemory(snapshot, index, search)).toEqual(expected);
              foundCount += expected.totalCount;
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
      ...['post', 'Kongsvinger', 'kongsvingr', 'ahus', 'av', 'kirurgi poliklinikk', '108597', '983971636', 'Ørret-½'],
      ...['oslo university', 'pos sen', 'Aalesund', 'soer', 'sjuekhus', '974706490', '9', 'hs'],
    ];
    const unitNames = [...snapshot.units]
      .filter((_unit, position) => position % 150 === 7)
      .map(({ name, shortName }, choice) => varyName(choice % 2 === 0 ? (shortName ?? name) : name, choice));
    for (const text of [...names, ...unitNames])
      expect({ text, ...searchMemory(snapshot, index, { text }) }).toEqual({
        text,
        ...(await searchDatabase(database, at, { text })),
      });
  });

  it('are left to SQL for characters other than Latin letters', async () => {
    const { revision } = await database.newestRevision();
    const snapshot = await readSnapshot(database, { revision, day: demoDay });
    const index = await readSearchIndex(database, revision);
    expect(searchMemory(snapshot, index, { text: 'Øст' })).toBeUndefined();
  });
});
