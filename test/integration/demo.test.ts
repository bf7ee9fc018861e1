import { expect, it } from 'vitest';
import { loadDemo } from '../../src/exchange/demo/load-demo.ts';
import { verifyRegister, type Violation } from '../../src/store/verify.ts';
import { openTestDatabase } from '../support/database.ts';

it('loads a demo register that keeps every rule of the tree, and only into an empty register', async () => {
  const database = await openTestDatabase();
  try {
    const options = { units: 1_000, today: '2026-11-23' };
    const { units, revision } = await loadDemo(database, options);
    expect(revision).toBe(2);

    const violations: Violation[] = [];
    const verified = await database.bulk((session) =>
      verifyRegister(
        session,
        (found) => violations.push(...found),
        () => {},
      ),
    );
    expect(violations).toEqual([]);
    expect(verified).toEqual({ units, violations: 0 });

    await expect(loadDemo(database, options)).rejects.toThrow('The register is not empty: it is at revision 2.');
  } finally {
    await database.close();
  }
}, 60_000);
