import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { specialty } from '../support/builders/mutation-inputs.ts';
import type { ChangeResponse, Mutations } from '../support/mutations/mutations.ts';
import {
  createProcessRegister,
  type ProcessRegister,
  type ServerProcess,
} from '../support/processes/server-process.ts';
import { buildWorld, subjects, units } from '../support/world/world.ts';
import { findViolations } from '../support/database/violations.ts';

const WRITERS = 6;
const CHANGES_OF_EACH = 500;
const rounds = [1, 2, 3, 4, 5];

let register: ProcessRegister;
beforeAll(async () => {
  register = await createProcessRegister(buildWorld);
});
afterAll(() => register.remove());

/** A change that the server acknowledged. */
interface Acknowledged {
  readonly revision: number;
  readonly operation: string;
  readonly name: string | undefined;
  readonly reshId: number;
}
const acknowledged: Acknowledged[] = [];

function pause(milliseconds: number) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Writes one row (a rename), two rows (a new department with a code) or many (a move of a clinic to the other trust).
function nextChange(changes: Mutations, name: string, n: number): Promise<ChangeResponse> {
  if (n % 3 === 0)
    return changes.createDepartment({
      name,
      parentReshId: units.clinic,
      codes: [specialty('010')],
      idempotencyKey: name,
    });
  if (n % 3 === 1) return changes.updateUnit({ reshId: units.ward, name });
  return changes.moveUnit({
    reshId: units.clinic,
    newParentReshId: n % 2 === 0 ? units.northTrust : units.siblingTrust,
  });
}

/** Writes until the server is killed. */
async function writeUntilKilled(server: ServerProcess, writer: string): Promise<void> {
  const changes = server.as(subjects.operator);
  for (let n = 0; n < CHANGES_OF_EACH; n += 1) {
    const name = `${writer}-${n}`;
    const answer = await nextChange(changes, name, n).catch(() => undefined);
    if (!answer) return;
    const { change, unit } = answer.payload ?? {};
    if (!change || !unit) throw new Error(`The server refused a change: ${JSON.stringify(answer)}`);
    const { revision, operation } = change;
    acknowledged.push({ revision, operation, reshId: unit.reshId, name: n % 3 === 2 ? undefined : name });
  }
}

async function readRevisions(
  server: ServerProcess,
): Promise<Map<number, { operation: string; name: string | undefined }>> {
  const found = new Map<number, { operation: string; name: string | undefined }>();
  for (const { revision, reshId, name } of acknowledged) {
    const { data, errors } = await server.send(subjects.operator, {
      query: `query Then($revision: Revision!, $reshId: ReshId!) {
        change(revision: $revision) { operation }
        register(revision: $revision) { unit(reshId: $reshId) { name } }
      }`,
      variables: { revision, reshId },
    });
    expect(errors).toBeUndefined();
    const entries = data as { change: { operation: string } | null; register: { unit: { name: string } | null } };
    found.set(revision, {
      operation: entries.change?.operation ?? 'none',
      name: name === undefined ? undefined : entries.register.unit?.name,
    });
  }
  return found;
}

describe('server killed during writes', () => {
  it.each(rounds)('has every acknowledged change and no partial one, round %i', async (round) => {
    const before = acknowledged.length;
    const killedServer = await register.startServer();
    const writes = Promise.all(
      Array.from({ length: WRITERS }, (_, writer) => writeUntilKilled(killedServer, `round ${round} writer ${writer}`)),
    );
    for (let attempts = 0; attempts < 600 && acknowledged.length < before + 10; attempts += 1) await pause(50);
    await pause(round * 97);
    await killedServer.end('SIGKILL');
    await writes;

    expect(acknowledged.length).toBeGreaterThanOrEqual(before + 10);

    const restartedServer = await register.startServer();
    const found = await readRevisions(restartedServer);
    for (const { revision, operation, name } of acknowledged)
      expect({ revision, ...found.get(revision) }).toEqual({ revision, operation, name });
    await restartedServer.end('SIGTERM');

    await register.withDatabase(async (database) => {
      const revisions = (await database.prisma.change.findMany({ orderBy: { revision: 'asc' } })).map(
        (change) => change.revision,
      );
      expect(revisions).toEqual(revisions.map((_revision, index) => index + 1));
      // At most one change of each writer was in progress.
      expect(revisions.length - 1 - acknowledged.length).toBeLessThanOrEqual(round * WRITERS);
      expect(await findViolations(database)).toEqual([]);
    });
  });
});
