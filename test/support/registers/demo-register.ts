import { loadDemo } from '../../../src/demo/load-demo.ts';
import { createCopyOpener } from '../database/database.ts';

/** Day on which the demo register is created; its planned changes are later. */
export const demoDay = '2026-11-23';

/** Opens the demo register that `npm start` creates: same units, same ids. */
export const openDemoRegister = createCopyOpener((database) => loadDemo(database, { units: 5_000, today: demoDay }));
