import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Day } from '../../src/domain/time/day.ts';
import type { Database } from '../../src/store/database/database.ts';
import { rebuildPaths } from '../../src/store/verify/rebuild-paths.ts';
import { createClient, type TestClient } from '../support/http/client.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { mutationDays } from '../support/model/mutation-draws.ts';
import type { MutationRequest } from '../support/model/mutations.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import {
  changeDraws,
  buildStep,
  stepDraws,
  type UnitReference,
  type StepDraw,
} from '../support/model/reorganizations.ts';
import type { ChangeResponse, Mutations } from '../support/mutations/mutations.ts';
import { mutationsAs, buildWorld, subjects, worldDay } from '../support/world/world.ts';
import { findViolations } from '../support/database/violations.ts';

let database: Database;
let reader: TestClient;
let operator: Mutations;
beforeAll(async () => {
  database = await openTestDatabase();
  reader = createClient(database, { today: worldDay });
  operator = mutationsAs(database, subjects.operator);
});
afterAll(() => database.close());

async function resetWorld(): Promise<void> {
  await clearRegister(database);
  await buildWorld(database);
}

function send({ name, input }: MutationRequest, dryRun: boolean): Promise<ChangeResponse> {
  return (operator[name] as (sentInput: object) => Promise<ChangeResponse>)({ ...input, dryRun });
}

const treesQuery = `query Trees($reshIds: [ReshId!]!, $revision: Revision!) {
  ${mutationDays
    .map(
      (day) => `d${day.replaceAll('-', '')}: register(validAt: "${day}", revision: $revision) {
    units(reshIds: $reshIds) {
      reshId outcome
      unit {
        seenOn name organizationNumber treatmentSite { organizationNumber } codes { code { code } }
        identifiers { system value }
        ancestors { reshId } children { nodes { reshId } } validity { from to }
        successors { to { reshId } kind extent effectiveOn } predecessors { from { reshId } kind }
      }
    }
  }`,
    )
    .join('\n  ')}
}`;

async function readKnownUnits(): Promise<number[]> {
  return (await database.prisma.unit.findMany({ orderBy: { reshId: 'asc' } })).map(({ reshId }) => reshId);
}

/** Returns the trees on every day on which anything happens, as known at a revision. */
async function readTrees(revision: number, reshIds: readonly number[]): Promise<unknown> {
  const { data, errors } = await reader.send({ query: treesQuery, variables: { reshIds, revision } });
  expect(errors).toBeUndefined();
  return data;
}

async function readNewestRevision(): Promise<number> {
  return database.prisma.change.count();
}

/** Returns the units to choose from, departments more often, and their children from a day on. */
async function readUnitsFrom(
  day: Day,
): Promise<{ known: UnitReference[]; childrenOf: (unit: UnitReference) => UnitReference[] }> {
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
}

// The part of a response that is the same for a dry run.
function toImpactSummary({ payload, errors }: ChangeResponse) {
  return {
    impact: payload?.impact,
    userErrors: payload?.userErrors,
    warnings: payload?.warnings,
    errors: errors.map(({ message }) => message),
  };
}

/** Expects successions without circles or duplicates. */
async function expectAcyclicSuccessions(): Promise<void> {
  const edges = await database.prisma.succession.findMany({ where: { supersededRev: null } });
  const serialized = edges.map(({ id: _id, recordedRev: _rev, ...edge }) => JSON.stringify(edge));
  expect(new Set(serialized).size).toBe(serialized.length);
  for (const start of edges) {
    const reached = new Set([start.toReshId]);
    for (const at of reached) for (const edge of edges) if (edge.fromReshId === at) reached.add(edge.toReshId);
    expect(reached).not.toContain(start.fromReshId);
  }
}

/** Sends a change as a dry run and for real, expects equal responses, and checks the result. */
async function sendWithPreview(request: MutationRequest): Promise<ChangeResponse> {
  const preview = await send(request, true);
  expect(preview.payload?.change ?? null).toBeNull();
  const answer = await send(request, false);
  expect(answer.status).toBe(200);
  expect(answer.errors).toEqual([]);
  expect(toImpactSummary(answer)).toEqual(toImpactSummary(preview));
  if (answer.payload?.change) {
    expect(await findViolations(database), JSON.stringify(request)).toEqual([]);
    await expectAcyclicSuccessions();
  }
  return answer;
}

async function buildChange(draw: StepDraw): Promise<MutationRequest> {
  const { known, childrenOf } = await readUnitsFrom(draw.day);
  return buildStep(draw, known, childrenOf, draw.day, ['', '']).request;
}

/** Builds steps from draws; a step may refer to units that earlier steps create. */
async function buildSteps(draws: readonly StepDraw[], day: Day) {
  const { known, childrenOf } = await readUnitsFrom(day);
  let next = Math.max(...(await readKnownUnits())) + 1;
  return draws.map((draw, index) => {
    const builtStep = buildStep(draw, known, childrenOf, day, [`a${index}`, `b${index}`]);
    for (const key of builtStep.openedKeys) {
      const opened = { reshId: next, key };
      known.push(opened, opened, opened);
      next += 1;
    }
    return builtStep;
  });
}

async function readGrants(): Promise<unknown[]> {
  return (await database.prisma.accessGrant.findMany({ where: { supersededRev: null } }))
    .map(({ subject, reshId, validFrom, validTo }) => JSON.stringify([subject, reshId, validFrom, validTo]))
    .sort();
}

function readErrorCodes({ payload }: ChangeResponse): string[] {
  return (payload?.userErrors ?? []).map(({ code }) => code);
}

it('random reorganizations keep every rule and earlier answer, and equal their steps one by one', async () => {
  const outcomeCounts = { reorganized: 0, stopped: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(changeDraws, { maxLength: 4 }),
      fc.array(stepDraws, { minLength: 2, maxLength: 5 }),
      fc.constantFrom(...mutationDays.slice(2)),
      async (changes, draws, day) => {
        await resetWorld();
        const history: MutationRequest[] = [];
        const snapshots = [await readTrees(1, await readKnownUnits())];
        const ids = [await readKnownUnits()];
        const recordSnapshot = async (answer: ChangeResponse): Promise<void> => {
          if (!answer.payload?.change) return;
          ids.push(await readKnownUnits());
          snapshots.push(await readTrees(answer.payload.change.revision, ids.at(-1) ?? []));
        };
        for (const draw of changes) {
          const request = await buildChange(draw);
          const answer = await sendWithPreview(request);
          if (answer.payload?.change) history.push(request);
          await recordSnapshot(answer);
        }

        const steps = await buildSteps(draws, day);
        const reorganizeRequest: MutationRequest = {
          subject: subjects.operator,
          name: 'reorganize',
          input: { steps: steps.map(({ step }) => step), effectiveOn: day },
        };
        const before = await readNewestRevision();
        const reorganizeResponse = await sendWithPreview(reorganizeRequest);
        await recordSnapshot(reorganizeResponse);
        for (const [index, trees] of snapshots.entries())
          expect(await readTrees(index + 1, ids[index] ?? []), `revision ${index + 1}`).toEqual(trees);
        expect(await database.bulk((session) => rebuildPaths(session, () => {}))).toEqual({
          changed: 0,
          notRepaired: 0,
        });
        const resultAtOnce = {
          trees: await readTrees(await readNewestRevision(), await readKnownUnits()),
          grants: await readGrants(),
        };

        await resetWorld();
        for (const request of history) await send(request, false);
        expect(await readNewestRevision()).toBe(before);
        let stopped: { place: number; codes: string[] } | undefined;
        for (const [index, { request }] of steps.entries()) {
          const answer = await send(request, false);
          if (answer.payload?.change) continue;
          stopped = { place: index, codes: readErrorCodes(answer) };
          break;
        }
        if (stopped) {
          outcomeCounts.stopped += 1;
          const { place: index, codes } = stopped;
          const userErrors = reorganizeResponse.payload?.userErrors ?? [];
          const position = Number(userErrors[0]?.field?.[1]);
          const firstCodes = userErrors.flatMap(({ code, field }) => (Number(field?.[1]) === position ? [code] : []));
          expect({ position, firstCodes }).toEqual({ position: index, firstCodes: codes });
        } else {
          outcomeCounts.reorganized += 1;
          expect(readErrorCodes(reorganizeResponse)).toEqual([]);
          const resultStepwise = {
            trees: await readTrees(await readNewestRevision(), await readKnownUnits()),
            grants: await readGrants(),
          };
          expect(resultAtOnce).toEqual(resultStepwise);
        }
      },
    ),
    { ...propertyOptions(6), ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }) },
  );
  expect(outcomeCounts.reorganized + outcomeCounts.stopped).toBeGreaterThan(0);
  expect(outcomeCounts.reorganized + outcomeCounts.stopped).toBeGreaterThan(0);
});
