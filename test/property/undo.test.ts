import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { readAccessOn, readFacts } from '../support/database/facts-of-revision.ts';
import { findViolations } from '../support/database/violations.ts';
import { mutationDays, mutationDraws } from '../support/model/mutation-draws.ts';
import { buildMutation, type MutationRequest } from '../support/model/mutations.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { expectAccepted } from '../support/mutations/change-assertions.ts';
import type { ChangeResponse, Mutations } from '../support/mutations/mutations.ts';
import { buildWorld, mutationsAs, subjects, worldDay } from '../support/world/world.ts';

let database: Database;
let operator: Mutations;
beforeAll(async () => {
  database = await openTestDatabase();
  operator = mutationsAs(database, subjects.operator);
});
afterAll(() => database.close());

function send({ name, input }: MutationRequest): Promise<ChangeResponse> {
  return (operator[name] as (sentInput: object) => Promise<ChangeResponse>)({ ...input, dryRun: false });
}

async function readKnownUnits() {
  const ids = await database.prisma.unit.findMany({ orderBy: { reshId: 'asc' } });
  const rows = await database.prisma.unitVersion.findMany({ where: { supersededRev: null } });
  return ids.map(({ reshId }) => ({
    reshId,
    children: [...new Set(rows.filter((row) => row.parentReshId === reshId).map((row) => row.reshId))],
  }));
}

/** Returns who has which access on each of the tests' days from today on. */
async function readAccess(): Promise<ReadonlyMap<string, readonly string[]>> {
  const days = mutationDays.filter((day) => day >= worldDay);
  return new Map(await Promise.all(days.map(async (day) => [day, await readAccessOn(database, day)] as const)));
}

describe('undoing the newest change of a random history', () => {
  it('makes every day what it was before, and undoing that makes it what the change made it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutationDraws, { minLength: 1, maxLength: 10 }), async (draws) => {
        await clearRegister(database);
        await buildWorld(database);
        for (const draw of draws) {
          const mutation = buildMutation(draw, await readKnownUnits());
          const [factsBefore, accessBefore] = [await readFacts(database), await readAccess()];
          const revision = (await send(mutation)).payload?.change?.revision;
          if (revision === undefined) continue;
          const [factsAfter, accessAfter] = [await readFacts(database), await readAccess()];
          // The operator may have revoked their own access.
          if (!accessAfter.get(worldDay)?.includes(`${subjects.operator} OPERATOR`)) return;

          const undone = expectAccepted(await operator.undoChange({ revision }));

          expect(await readFacts(database), `undone ${mutation.name}`).toEqual(factsBefore);
          expect(await findViolations(database)).toEqual([]);
          // Access that the change gave ends, and access that it ended is not given back.
          for (const [day, access] of await readAccess()) {
            const held = accessAfter.get(day) ?? [];
            expect(access, `access on ${day}`).toEqual(accessBefore.get(day)?.filter((line) => held.includes(line)));
          }
          expect(undone.change?.revision).toBe(revision + 1);

          const again = expectAccepted(await operator.undoChange({ revision: revision + 1 }));

          expect(again.change?.revision).toBe(revision + 2);
          expect(await readFacts(database), `redone ${mutation.name}`).toEqual(factsAfter);
          expect(await findViolations(database)).toEqual([]);
        }
      }),
      propertyOptions(3),
    );
  });
});
