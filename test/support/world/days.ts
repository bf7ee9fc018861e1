import type { Day } from '../../../src/domain/time/day.ts';

/** Days on which the changes of the tests take effect. */
export const yesterday: Day = '2026-11-22';
export const lastYear: Day = '2025-11-23';
export const nextYear: Day = '2027-11-23';
