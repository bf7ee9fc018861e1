import type { ChangeEntry } from '../../../src/store/change/ledger.ts';

/** Builds the ledger entry of a change made by the user `test`; `parts` overrides its fields. */
export function changeEntry(parts: Partial<ChangeEntry> = {}): ChangeEntry {
  return {
    operation: 'DEMO',
    actor: { subject: 'test', name: 'Test' },
    effectiveOn: null,
    reason: null,
    input: {},
    ...parts,
  };
}
