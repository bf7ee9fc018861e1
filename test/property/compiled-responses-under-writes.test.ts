import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/time/day.ts';
import { createServer } from '../../src/server/server.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { startHttpServer, type ListeningServer } from '../support/http/http-server.ts';
import { mutationDraws, type MutationDraw } from '../support/model/mutation-draws.ts';
import { buildMutation } from '../support/model/mutations.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import type { ChangeResponse } from '../support/mutations/mutations.ts';
import { generateTrust } from '../support/registers/generated-trust.ts';
import { useOpened } from '../support/registers/use-opened.ts';
import { buildWorld, mutationsAs, subjects, units, worldDay } from '../support/world/world.ts';

const register = useOpened(openTestDatabase);

async function refillRegister(): Promise<void> {
  await clearRegister(register());
  await buildWorld(register());
  // The memory of a larger register takes longer to build, so that more changes are committed meanwhile.
  await generateTrust(register(), 1_000);
}

// Without ids and cursors: they differ if an operation names a revision, as the one that is compared with does.
const facts = `
  __typename reshId type name shortName displayName responsiblePerson designationText organizationNumber seenOn isActive
  depth hasChildren childCount descendantCount validity { from to } designation { code name isActive }
  identifiers { system value } internationalNames { language name }
  addresses { type lines postalCode city country inherited } contactPoints { type value inherited }
  specialties { code { codeSet { number } code } validity { from to } } codes { code { code name } attributes { code } }
  treatmentSite { organizationNumber name municipality validity { from to } }`;
const relatives = 'parent { reshId name } enterprise { reshId name } region { reshId name } ancestors { reshId name }';
const knownReshIds: readonly number[] = Object.values(units);

/** Searches for names that change. */
const searches: readonly string[] = [
  ...['ward', 'Ward A', 'Ward B', 'åse', 'clinic', 'unit north'].map((text) => `text: "${text}"`),
  `text: "ward", withinReshId: ${units.north}`,
].map(
  (args) => `search(${args}, first: 30) { totalCount edges { matched { kind text } node { reshId ${relatives} } } }`,
);

/** Other selections of a register. */
const selections: readonly string[] = [
  `roots { ${facts} specialtyCounts { count code { code } } }`,
  ...knownReshIds.map((reshId) => `unit(reshId: ${reshId}) { ${facts} ${relatives} }`),
  ...[units.north, units.northTrust, units.south, units.clinic].flatMap((reshId) => [
    `unit(reshId: ${reshId}) { children(first: 4) { totalCount pageInfo { hasNextPage } nodes { ${facts} } } }`,
    `unit(reshId: ${reshId}) { descendants(first: 100) { totalCount edges { depth node { ${facts} ${relatives} } } } }`,
    `unit(reshId: ${reshId}) { descendantCount specialtyCounts { count code { code name } } }`,
  ]),
  `units(reshIds: [${knownReshIds.join(', ')}]) { reshId outcome unit { ${facts} ${relatives} } }`,
  `units(reshIds: [${units.north}, ${units.south}]) { reshId outcome unit { ${facts} ${relatives} } }`,
];

/** What a reader asks for: a selection today or, with a day, on that day. */
interface Question {
  readonly selection: string;
  readonly day: Day | undefined;
}

/** Days beside today: no more than these, as memory holds four snapshots. */
const otherDays: readonly Day[] = ['2016-03-01', '2027-06-01'];

const questions: fc.Arbitrary<Question> = fc.record({
  selection: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...selections) }, fc.constantFrom(...searches)),
  day: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...otherDays) },
  ),
});

const names = fc.constantFrom('Ward A', 'Ward B', 'Åse');

/** Mutations with valid values, by a user who may make all changes, so that many are committed. */
const changes: fc.Arbitrary<MutationDraw> = fc
  .tuple(mutationDraws, fc.constantFrom('2016-02-29', '2020-01-01', undefined, '2027-01-01'), names, names)
  .map(([draw, day, text, otherText]) => {
    const subject = subjects.operator;
    return { ...draw, subject, day, text, otherText, end: undefined, isDryRun: false };
  });

/** What a server answered, and what was known when it was asked. */
interface Answer extends Question {
  readonly isFromMemory: boolean;
  /** Newest revision that was committed before the request was sent */
  readonly committedBefore: number;
  readonly shown: { readonly revision: number; readonly validAt: Day };
}

/** What writers and readers of one run share. */
interface Run {
  committed: number;
  isWriting: boolean;
  changeCount: number;
}

const options = { today: () => worldDay };

async function ask(server: ListeningServer, { selection, day }: Question, run: Run): Promise<Answer> {
  const committedBefore = run.committed;
  const fields = `{ revision validAt ${selection} }`;
  const query = day === undefined ? fields : `{ register(validAt: "${day}") ${fields} }`;
  const response = await fetch(`${server.url}?query=${encodeURIComponent(query)}`);
  const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
  expect(errors, query).toBeUndefined();
  const shown = (day === undefined ? data : data['register']) as Answer['shown'];
  // Only responses from memory have an entity tag.
  return { selection, day, isFromMemory: response.headers.has('etag'), committedBefore, shown };
}

/** Sends mutations one after the other; those that a rule refuses change nothing. */
async function write(draws: readonly MutationDraw[], run: Run): Promise<void> {
  const operator = mutationsAs(register(), subjects.operator);
  const known = knownReshIds.map((reshId) => ({ reshId, children: [] }));
  for (const draw of draws) {
    const { name, input } = buildMutation(draw, known);
    const { payload } = await (operator[name] as (input: unknown) => Promise<ChangeResponse>)(input);
    if (!payload?.change) continue;
    run.changeCount += 1;
    run.committed = Math.max(run.committed, payload.change.revision);
    if (payload.unit) known.push({ reshId: payload.unit.reshId, children: [] });
  }
}

/** Asks for a search on each day until the answers come from memory. */
async function fillMemory(server: ListeningServer, run: Run): Promise<void> {
  for (const day of [undefined, ...otherDays])
    await expect
      .poll(async () => (await ask(server, { selection: searches[0] ?? '', day }, run)).isFromMemory, {
        timeout: 20_000,
      })
      .toBe(true);
}

/** Asks one question after the other while others write. */
async function read(server: ListeningServer, asked: readonly Question[], run: Run, count = Infinity) {
  const answers: Answer[] = [];
  for (let next = 0; run.isWriting && next < count; next += 1) {
    const question = asked[next % asked.length];
    if (question) answers.push(await ask(server, question, run));
  }
  return answers;
}

/** Asks servers that start with empty memory, one after the other, and closes some before their memory is filled. */
async function readFromNewServers(askedByServer: readonly (readonly Question[])[], run: Run): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let next = 0; run.isWriting; next += 1) {
    const asked = askedByServer[next % askedByServer.length] ?? [];
    const server = await startHttpServer(register(), options);
    answers.push(...(await read(server, asked, run, asked.length)));
    await server.close();
  }
  return answers;
}

async function writeAndRead(
  writers: readonly (readonly MutationDraw[])[],
  readers: readonly (readonly Question[])[],
  newServers: readonly (readonly Question[])[],
) {
  const { revision } = await register().newestRevision();
  const run: Run = { committed: revision, isWriting: true, changeCount: 0 };
  const server = await startHttpServer(register(), options);
  try {
    await fillMemory(server, run);
    const reading = [...readers.map((asked) => read(server, asked, run)), readFromNewServers(newServers, run)];
    const writing = Promise.all(writers.map((draws) => write(draws, run))).finally(() => (run.isWriting = false));
    const [, ...answersByReader] = await Promise.all([writing, ...reading]);
    return { run, answersByReader };
  } finally {
    await server.close();
  }
}

/** Expects answers to one reader to be what SQL reads at their revisions, and none older than what was known before. */
async function expectExecuted(answers: readonly Answer[]): Promise<void> {
  const execute = createExecutor();
  let leastRevision = 0;
  for (const answer of answers) {
    const { shown, day, committedBefore } = answer;
    expect(shown).toEqual(await execute(answer));
    expect(shown.validAt).toBe(day ?? worldDay);
    leastRevision = Math.max(leastRevision, committedBefore);
    expect(shown.revision).toBeGreaterThanOrEqual(leastRevision);
    leastRevision = shown.revision;
  }
}

/** Expects every reader to have had answers from memory: of several revisions, on other days and to searches. */
function expectManyFromMemory(answersByReader: readonly (readonly Answer[])[]): void {
  const byReader = answersByReader.map((answers) => answers.filter(({ isFromMemory }) => isFromMemory));
  const all = byReader.flat();
  expect(all.length).toBeGreaterThan(20);
  expect(Math.min(...byReader.map((answers) => answers.length))).toBeGreaterThan(0);
  expect(new Set(all.map(({ shown }) => shown.revision)).size).toBeGreaterThan(5);
  expect(all.filter(({ day }) => day !== undefined).length).toBeGreaterThan(0);
  expect(all.filter(({ selection }) => searches.includes(selection)).length).toBeGreaterThan(0);
}

/** Returns a function that reads with SQL what an answer should have shown. */
function createExecutor(): (answer: Answer) => Promise<unknown> {
  const executor = createServer({ ...options, database: register(), log: pino({ level: 'silent' }) });
  return async ({ selection, shown: { revision, validAt } }) => {
    const query = `{ register(revision: ${revision}, validAt: "${validAt}") { revision validAt ${selection} } }`;
    const response = await executor.fetch(`http://127.0.0.1/graphql?query=${encodeURIComponent(query)}`);
    return ((await response.json()) as { data: { register: unknown } }).data.register;
  };
}

/** Draws a list of each length. */
function listsOf<Item>(items: fc.Arbitrary<Item>, lengths: readonly number[]): fc.Arbitrary<Item[][]> {
  return fc.tuple(...lengths.map((length) => fc.array(items, { minLength: length, maxLength: length })));
}

describe('compiled responses while others write', () => {
  it('equal the executor at the revision that they show, which is never older than the last commit', async () => {
    await fc.assert(
      fc.asyncProperty(
        listsOf(changes, [25, 25]),
        listsOf(questions, [100, 100]),
        listsOf(questions, [1, 5, 15]),
        async (writers, readers, newServers) => {
          await refillRegister();
          const { run, answersByReader } = await writeAndRead(writers, readers, newServers);

          for (const answers of answersByReader) await expectExecuted(answers);
          expectManyFromMemory(answersByReader);
          expect(run.changeCount).toBeGreaterThan(5);
        },
      ),
      { ...propertyOptions(1), endOnFailure: true },
    );
  });
});
