import { loadDemo } from '../../../src/demo/load-demo.ts';
import { createCopyOpener } from '../database/database.ts';

/** Day on which the demo register of the tests is made; what it plans lies after it. */
export const demoDay = '2026-11-23';

/** The demo register as `npm start` makes it: same units, same ids. */
export const openDemoRegister = createCopyOpener((database) => loadDemo(database, { units: 5_000, today: demoDay }));
