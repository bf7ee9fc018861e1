import { loadDemo } from '../../src/exchange/demo/load-demo.ts';
import type { Database } from '../../src/store/database.ts';
import { openTestDatabase } from './database.ts';

/** Day on which the demo register of the tests is made; what it plans lies after it. */
export const demoDay = '2026-11-23';

/** The demo register as `npm start` makes it: same units, same ids. */
export const openDemoRegister = async (): Promise<Database> => {
  const database = await openTestDatabase();
  await loadDemo(database, { units: 5_000, today: demoDay });
  return database;
};
