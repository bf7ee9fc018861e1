import type { BulkSession } from '../database/bulk-session.ts';
import { datedTables, identityTables } from '../tables.ts';

/** Updates the planner's statistics after a large change. It does not need the register's lock. */
export function analyzeRegister(session: Pick<BulkSession, 'execute'>): Promise<void> {
  const tables = ['change', ...identityTables, ...datedTables.map(({ name }) => name)];
  return session.execute(`analyze ${tables.join(', ')}`);
}
