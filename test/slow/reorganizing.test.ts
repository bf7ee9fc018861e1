import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Day } from '../../src/domain/time/day.ts';
import type { Database } from '../../src/store/database/database.ts';
import { rebuildPaths } from '../../src/store/verify/rebuild-paths.ts';
import { verifyRegister, type Violation } from '../../src/store/verify/verify.ts';
import type { ChangeAnswer, Changes } from '../support/changes.ts';
import { createClient, type TestClient } from '../support/client.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';
import { mutationDays, type Sent } from '../support/model/mutations.ts';
import {
  changeWishes,
  stepOf,
  stepWishes,
  type Named,
  type ReorganizingWish,
} from '../support/model/reorganizations.ts';
import { tried } from '../support/model/runs.ts';
import { actor, buildWorld, subjects, worldDay } from '../support/world.ts';

let database: Database;
let reader: TestClient;
let operator: Changes;
beforeAll(async () => {
  database = await openTestDatabase();
  reader = createClient(database, { today: worldDay });
  operator = actor(database, subjects.operator);
});
afterAll(() => database.close());

const startAnew = async (): Promise<void> => {
  await emptyRegister(database);
  await buildWorld(database);
};

const send = ({ name, input }: Sent, dryRun: boolean): Promise<ChangeAnswer> =>
  (operator[name] as (given: object) => Promise<ChangeAnswer>)({ ...input, dryRun });

const violations = async (): Promise<Violation[]> => {
  const found: Violation[] = [];
  await database.bulk((session) =>
    verifyRegister(
      session,
      (batch) => found.push(...batch),
      () => {},
    ),
  );
  return found;
};

const treesQuery = `query Trees($reshIds: [ReshId!]!, $revision: Revision!) {
  ${mutationDays
    .map(
      (day) => `d${day.replaceAll('-', '')}: register(validAt: "${day}", revision: $revision) {
    units(reshIds: $reshIds) {
      reshId outcome
      unit {
        seenOn name organizationNumber treatmentSite { organizationNumber } codes { code { code } }
        ancestors { reshId } children { nodes { reshId } } validity { from to }
        successors { to { reshId } kind extent effectiveOn } predecessors { from { reshId } kind }
      }
    }
  }`,
    )
    .join('\n  ')}
}`;

const knownUnits = async (): Promise<number[]> =>
  (await database.prisma.unit.findMany({ orderBy: { reshId: 'asc' } })).map(({ reshId }) => reshId);

/** What the register answers of units on every day on which anything happens, as known at a revision. */
const treesAt = async (revision: number, reshIds: readonly number[]): Promise<unknown> => {
  const { data, errors } = await reader.send({ query: treesQuery, variables: { reshIds, revision } });
  expect(errors).toBeUndefined();
  return data;
};

const newest = async (): Promise<number> => database.prisma.change.count();

/** Units to choose from, those beneath others twice as often, and the children of each from a day on. */
const unitsFrom = async (day: Day): Promise<{ known: Named[]; childrenOf: (unit: Named) => Named[] }> => {
  const rows = await database.prisma.unitVersion.findMany({ where: { supersededRev: null }, orderBy: { id: 'asc' } });
  const ids = (all: typeof rows) => [...new Set(all.map(({ reshId }) => reshId))].sort((one, other) => one - other);
  const departments = ids(rows.filter(({ type }) => type === 'DEPARTMENT'));
  return {
    known: [...departments, ...departments, ...ids(rows)].map((reshId) => ({ reshId })),
    childrenOf: ({ reshId }) =>
      ids(
        rows.filter(
          ({ parentReshId, validTo }) =>
            parentReshId === reshId && (validTo === null || validTo.toISOString().slice(0, 10) > day),
        ),
      ).map((child) => ({ reshId: child })),
  };
};

// What an answer says whether it is a dry run or not.
const toldBy = ({ payload, errors }: ChangeAnswer) => ({
  impact: payload?.impact,
  userErrors: payload?.userErrors,
  warnings: payload?.warnings,
  errors: errors.map(({ message }) => message),
});

/** Successions never lead back to where they began, and none is said twice. */
const expectSuccessionsToEnd = async (): Promise<void> => {
  const edges = await database.prisma.succession.findMany({ where: { supersededRev: null } });
  const told = edges.map(({ id: _id, recordedRev: _rev, ...edge }) => JSON.stringify(edge));
  expect(new Set(told).size).toBe(told.length);
  for (const start of edges) {
    const reached = new Set([start.toReshId]);
    for (const at of reached) for (const edge of edges) if (edge.fromReshId === at) reached.add(edge.toReshId);
    expect(reached).not.toContain(start.fromReshId);
  }
};

/** Sends a change dry and for real: both say the same, and what comes of it is in order. */
const make = async (sent: Sent): Promise<ChangeAnswer> => {
  const foretold = await send(sent, true);
  expect(foretold.payload?.change ?? null).toBeNull();
  const answer = await send(sent, false);
  expect(answer.status).toBe(200);
  expect(answer.errors).toEqual([]);
  expect(toldBy(answer)).toEqual(toldBy(foretold));
  if (answer.payload?.change) {
    expect(await violations(), JSON.stringify(sent)).toEqual([]);
    await expectSuccessionsToEnd();
  }
  return answer;
};

const changeOf = async (wish: ReorganizingWish): Promise<Sent> => {
  const { known, childrenOf } = await unitsFrom(wish.day);
  return stepOf(wish, known, childrenOf, wish.day, ['', '']).alone;
};

/** Wishes as steps, each of which may name what those before it are to open. */
const stepsOf = async (wishes: readonly ReorganizingWish[], day: Day) => {
  const { known, childrenOf } = await unitsFrom(day);
  let next = Math.max(...(await knownUnits())) + 1;
  return wishes.map((wish, place) => {
    const made = stepOf(wish, known, childrenOf, day, [`a${place}`, `b${place}`]);
    for (const key of made.opens) {
      const opened = { reshId: next, key };
      known.push(opened, opened, opened);
      next += 1;
    }
    return made;
  });
};

const grantsNow = async (): Promise<unknown[]> =>
  (await database.prisma.accessGrant.findMany({ where: { supersededRev: null } }))
    .map(({ subject, reshId, validFrom, validTo }) => JSON.stringify([subject, reshId, validFrom, validTo]))
    .sort();

const codesOf = ({ payload }: ChangeAnswer): string[] => (payload?.userErrors ?? []).map(({ code }) => code);

it('random mergers, splits, closings and withdrawals keep every rule and every earlier answer; steps of one change do what they do one by one', async () => {
  const seen = { reorganized: 0, stopped: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(changeWishes, { maxLength: 4 }),
      fc.array(stepWishes, { minLength: 2, maxLength: 5 }),
      fc.constantFrom(...mutationDays.slice(2)),
      async (changes, wished, day) => {
        await startAnew();
        const history: Sent[] = [];
        const snapshots = [await treesAt(1, await knownUnits())];
        const ids = [await knownUnits()];
        const remember = async (answer: ChangeAnswer): Promise<void> => {
          if (!answer.payload?.change) return;
          ids.push(await knownUnits());
          snapshots.push(await treesAt(answer.payload.change.revision, ids.at(-1) ?? []));
        };
        for (const wish of changes) {
          const sent = await changeOf(wish);
          const answer = await make(sent);
          if (answer.payload?.change) history.push(sent);
          await remember(answer);
        }

        const steps = await stepsOf(wished, day);
        const inOne: Sent = {
          subject: subjects.operator,
          name: 'reorganize',
          input: { steps: steps.flatMap(({ step }) => step ?? []), effectiveOn: day },
        };
        const before = await newest();
        const atOnce = await make(inOne);
        await remember(atOnce);
        for (const [place, trees] of snapshots.entries())
          expect(await treesAt(place + 1, ids[place] ?? []), `revision ${place + 1}`).toEqual(trees);
        expect(await database.bulk((session) => rebuildPaths(session, () => {}))).toEqual({ changed: 0, notMended: 0 });
        const wholly = { trees: await treesAt(await newest(), await knownUnits()), grants: await grantsNow() };

        await startAnew();
        for (const sent of history) await send(sent, false);
        expect(await newest()).toBe(before);
        let stopped: { place: number; codes: string[] } | undefined;
        for (const [place, { alone }] of steps.entries()) {
          const answer = await send(alone, false);
          if (answer.payload?.change) continue;
          stopped = { place, codes: codesOf(answer) };
          break;
        }
        if (stopped) {
          seen.stopped += 1;
          const { place, codes } = stopped;
          expect({ place: Number(atOnce.payload?.userErrors[0]?.field?.[1]), codes: codesOf(atOnce) }).toEqual({
            place,
            codes,
          });
        } else {
          seen.reorganized += 1;
          expect(codesOf(atOnce)).toEqual([]);
          const oneByOne = { trees: await treesAt(await newest(), await knownUnits()), grants: await grantsNow() };
          expect(wholly).toEqual(oneByOne);
        }
      },
    ),
    { ...tried(6), ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }) },
  );
  expect(seen.reorganized + seen.stopped).toBeGreaterThan(0);
  expect(seen.reorganized + seen.stopped).toBeGreaterThan(0);
});
