import { Draft } from '../../../src/domain/plan/draft.ts';
import { emptyFacts } from '../../../src/domain/unit/facts.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { readNextReshId } from '../../../src/store/change/units.ts';
import { advanceReshIdSequence, writeChange } from '../../../src/store/change/write-change.ts';
import type { Database } from '../../../src/store/database/database.ts';

/** Adds a root trust with departments under it, each with at most six children, and returns its RESH-id. */
export async function generateTrust(database: Database, units: number): Promise<number> {
  let trust = 0;
  await database.bulk((session) =>
    recordChange(
      session,
      { operation: 'DEMO', actor: { subject: 'test', name: 'Test' }, effectiveOn: null, reason: null, input: {} },
      async (revision, transaction) => {
        trust = await readNextReshId(transaction);
        const writes = draftTrust(trust, units).buildWriteSet();
        await writeChange(transaction, revision, writes);
        advanceReshIdSequence(transaction, writes);
      },
    ),
  );
  return trust;
}

function draftTrust(trust: number, units: number): Draft {
  const draft = new Draft([]);
  for (let n = 0; n < units; n += 1) {
    draft.addUnit(trust + n);
    draft.set(trust + n, {
      versions: [
        {
          ...emptyFacts,
          from: '2002-01-01',
          to: null,
          parentReshId: n === 0 ? null : trust + Math.floor((n - 1) / 6),
          type: n === 0 ? 'ORGANIZATION' : 'DEPARTMENT',
          name: n === 0 ? `Trust ${trust}` : `Department ${n}`,
          path: [],
        },
      ],
    });
  }
  return draft;
}
