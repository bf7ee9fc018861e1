import type { UniqueKey } from './unique-key.ts';

/** Unique keys of the rows of units: RESH-id and organization number. */
export const unitKeys: readonly UniqueKey[] = [
  {
    key: "'unit ' || r.resh_id",
    column: 'resh_id',
    value: 'r.resh_id',
    problem: "'is also on %s, for some of the same days'",
    rowLabel: "'line ' || r.line",
    remedy: 'keep one of the rows, or give them periods that do not overlap',
    needsFirstDay: true,
  },
  {
    key: "'number ' || r.organization_number",
    column: 'organization_number',
    value: 'r.organization_number',
    problem: "'is also the number of %s, on some of the same days'",
    rowLabel: "'unit ' || r.resh_id || ' (line ' || r.line || ')'",
    remedy: 'an organization number belongs to one unit: correct one of the rows',
    needsFirstDay: true,
  },
];
