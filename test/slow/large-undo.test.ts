import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UNDO_UNIT_LIMIT } from '../../src/operations/undo-change.ts';
import { registerOperator } from '../../src/store/change/register-operator.ts';
import type { Database } from '../../src/store/database/database.ts';
import { openTestDatabase } from '../support/database/database.ts';
import { readFacts } from '../support/database/facts-of-revision.ts';
import { expectAccepted, expectRevision, formatUserErrors } from '../support/mutations/change-assertions.ts';
import type { Mutations } from '../support/mutations/mutations.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { mutationsAs, worldDay } from '../support/world/world.ts';

// Unit n has children 6n-4 to 6n+1, so that the second child of the root has 9,331 units and the third one 3,672.
const UNITS = 27_000;
const [tooLarge, large] = [2, 4];

let database: Database;
let operator: Mutations;
beforeAll(async () => {
  database = await openTestDatabase();
  await generateRegister(database, UNITS);
  const person = { subject: 'operator', name: 'Operator', email: undefined };
  await database.bulk((session) => registerOperator(session, person, person, worldDay));
  operator = mutationsAs(database, 'operator');
}, 600_000);
afterAll(() => database.close());

describe(`a change in a register of ${UNITS} units`, () => {
  it('of thousands of units is undone', async () => {
    const closing = expectRevision(await operator.closeUnit({ reshId: large, withDescendants: true }));

    const { impact } = expectAccepted(await operator.undoChange({ revision: closing }));

    expect(impact?.unitCount).toBe(3_672);
    const before = new Set(await readFacts(database, closing - 1));
    const now = await readFacts(database);
    expect(now.filter((line) => !before.has(line))).toEqual([]);
    expect(now).toHaveLength(before.size);
  });

  it('of more units than the limit is refused without reading them', async () => {
    const closing = expectRevision(await operator.closeUnit({ reshId: tooLarge, withDescendants: true }));
    const start = performance.now();

    const errors = formatUserErrors(await operator.undoChange({ revision: closing }));

    expect(performance.now() - start).toBeLessThan(10_000);
    expect(errors).toEqual([
      `NOT_UNDOABLE at revision: Revision ${closing} changed more than ${UNDO_UNIT_LIMIT} units, too many to undo as ` +
        'one change; load the earlier files with "resh import --sync" instead.',
    ]);
  });
});
