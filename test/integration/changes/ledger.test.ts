import { describe, expect, it } from 'vitest';
import { digestRowsByRevision } from '../../../src/store/change/ledger-digest.ts';
import { hashLedgerEntry, recordChange, type ChangeEntry } from '../../../src/store/change/ledger.ts';
import { formatPathText } from '../../../src/store/sql/path-text.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const entry: ChangeEntry = {
  operation: 'IMPORT',
  actor: { subject: 'test', name: 'Åse Test' },
  effectiveOn: '2020-01-01',
  reason: 'try',
  input: { b: [1, null, 'å'], a: { z: true, y: 1.5 } },
};

const register = useRegister();

function addUnit(reshId: number, name = `Unit ${reshId}`) {
  return register.database.bulk((session) =>
    recordChange(session, entry, async (revision) => {
      await session.query('insert into unit (resh_id, registered_rev) values ($1::integer, $2::integer)', [
        reshId,
        revision,
      ]);
      await session.query(
        `insert into unit_version (resh_id, valid_from, recorded_rev, type, name, path, path_text)
         values ($1::integer, '2002-01-01', $2::integer, 'ORGANIZATION', $3, array[$1::integer], $4)`,
        [reshId, revision, name, formatPathText([reshId])],
      );
    }),
  );
}

function readDigest(revision: number) {
  return register.database.bulk(async (session) => (await digestRowsByRevision(session, revision, revision))(revision));
}

describe('ledger', () => {
  it('numbers changes without gaps, after a failed one too, and chains their hashes', async () => {
    const first = await addUnit(1);
    await expect(addUnit(1)).rejects.toThrow(/unit_pkey/);

    const second = await addUnit(2);

    expect([first.revision, second.revision]).toEqual([1, 2]);
    expect(second.recordedAt >= first.recordedAt).toBe(true);

    const changes = await register.database.prisma.change.findMany({ orderBy: { revision: 'asc' } });
    expect(changes.map(({ previousHash }) => previousHash)).toEqual(['', changes[0]?.hash]);

    for (const change of changes)
      expect(
        hashLedgerEntry({
          ...entry,
          revision: change.revision,
          recordedAt: change.recordedAt.toISOString(),
          rowsDigest: change.rowsDigest,
          previousHash: change.previousHash,
        }),
      ).toBe(change.hash);
  });

  it('digests recorded facts but not paths or later supersessions', async () => {
    const { revision } = await addUnit(3);
    const before = await readDigest(revision);

    expect((await register.database.prisma.change.findUnique({ where: { revision } }))?.rowsDigest).toBe(before);

    await register.database.bulk(async (session) => {
      await recordChange(session, entry, async (next) => {
        await session.query('update unit_version set superseded_rev = $1::integer where resh_id = 3', [next]);
      });
    });
    expect(await readDigest(revision)).toBe(before);
    expect(await readDigest(revision + 1)).not.toBe(await readDigest(revision + 2));

    await register.database.bulk(async (session) => {
      await session.execute(
        "alter table unit_version disable trigger user; update unit_version set name = 'Forged' " +
          'where resh_id = 3; alter table unit_version enable trigger user',
      );
    });
    expect(await readDigest(revision)).not.toBe(before);
  });

  it('gives concurrent changes one revision each, in commit order', async () => {
    const recorded =
      register.database.kind === 'server' ? await Promise.all([10, 11, 12, 13, 14].map((id) => addUnit(id))) : [];
    const revisions = recorded.map(({ revision }) => revision).sort((a, b) => a - b);

    expect(new Set(revisions).size).toBe(recorded.length);

    const changes = await register.database.prisma.change.findMany({ orderBy: { revision: 'asc' } });
    expect(changes.map(({ revision }) => revision)).toEqual(changes.map((_change, index) => index + 1));

    const recordedInstants = changes.map(({ recordedAt }) => recordedAt.getTime());
    expect(recordedInstants).toEqual([...recordedInstants].sort((a, b) => a - b));
  });
});
