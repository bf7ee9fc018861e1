import type { Database } from '../../../src/store/database/database.ts';
import { verifyRegister } from '../../../src/store/verify/verify-register.ts';
import type { Violation } from '../../../src/store/verify/violation.ts';

/** Verifies every rule of a register and returns the violations. */
export async function findViolations(database: Pick<Database, 'bulk'>): Promise<Violation[]> {
  return (await verifyDatabase(database)).violations;
}

/** Verifies every rule of a register and returns the violations with the counts of units and violations. */
export async function verifyDatabase(
  database: Pick<Database, 'bulk'>,
): Promise<{ violations: Violation[]; counts: Awaited<ReturnType<typeof verifyRegister>> }> {
  const violations: Violation[] = [];
  const counts = await database.bulk((session) =>
    verifyRegister(
      session,
      (batch) => violations.push(...batch),
      () => {},
    ),
  );
  return { violations, counts };
}
