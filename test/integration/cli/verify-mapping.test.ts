import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordChange } from '../../../src/store/change/ledger.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { buildWorld, units } from '../../support/world/world.ts';
import { findViolations } from '../../support/database/violations.ts';

const entry = changeEntry({ operation: 'SET_MAPPING_NODE' });

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  await database.bulk((session) => session.execute('alter table mapping_node drop constraint mapping_node_no_overlap'));
});
afterAll(() => database.close());

/** Records nodes without checking the rules: id, parent, first day, exclusive end, unit. */
function recordNodes(...nodes: readonly (readonly [string, string | null, string, string | null, number?])[]) {
  return database.bulk((session) =>
    recordChange(session, entry, async (revision) => {
      for (const [nodeId, parent, from, to, reshId] of nodes)
        await session.query(
          `insert into mapping_node (system_id, node_id, name, parent_node_id, valid_from, valid_to, resh_id,
             recorded_rev)
           values ('urn:tree', $1, 'Node', $2, $3::text::date, $4::text::date, $5::integer, $6::integer)`,
          [nodeId, parent, from, to, reshId ?? null, revision],
        );
    }),
  );
}

function supersedeAll() {
  return database.bulk((session) =>
    recordChange(session, entry, (revision) =>
      session.execute(`update mapping_node set superseded_rev = ${revision} where superseded_rev is null`),
    ),
  );
}

it('finds duplicate nodes, missing parents and cycles, in past revisions too', async () => {
  await recordNodes(
    ['1', null, '2020-01-01', null],
    ['2', '1', '2020-01-01', '2022-01-01'],
    ['2', '1', '2022-01-01', null],
  );
  expect(await findViolations(database)).toEqual([]);

  // Revision 4 supersedes the nodes, so the violations remain in revision 3.
  await recordNodes(
    ['1', null, '2021-01-01', '2021-02-01', units.ward],
    ['3', '2', '2019-01-01', null],
    ['4', '9', '2020-01-01', null],
    ['5', '7', '2020-01-01', null],
    ['6', '5', '2020-01-01', '2024-01-01'],
    ['7', '6', '2020-01-01', '2023-01-01'],
    ['8', '8', '2020-01-01', null, units.north],
  );
  await supersedeAll();

  const cycleViolation = (node: string, path: string, reshId: number | null, days: string) => ({
    rule: 'mapping',
    reshId,
    days,
    revisions: '[3,4)',
    problem: `node "${node}" of urn:tree is its own ancestor: ${path}`,
  });
  const missingParentViolation = (node: string, parent: string, days: string) => ({
    rule: 'mapping',
    reshId: null,
    days,
    revisions: '[3,4)',
    problem: `node "${node}" of urn:tree: its parent "${parent}" is not valid on these days`,
  });

  expect(await findViolations(database)).toEqual([
    {
      rule: 'mapping',
      reshId: null,
      days: '[2021-01-01,2021-02-01)',
      revisions: '[3,4)',
      problem: 'node "1" of urn:tree has two rows on the same days',
    },
    missingParentViolation('3', '2', '[2019-01-01,2020-01-01)'),
    missingParentViolation('4', '9', '[2020-01-01,)'),
    missingParentViolation('5', '7', '[2023-01-01,)'),
    cycleViolation('5', '5, 7, 6', null, '[2020-01-01,2023-01-01)'),
    cycleViolation('6', '6, 5, 7', null, '[2020-01-01,2023-01-01)'),
    cycleViolation('7', '7, 6, 5', null, '[2020-01-01,2023-01-01)'),
    cycleViolation('8', '8', units.north, '[2020-01-01,)'),
  ]);
});

it('finds a node changed without a ledger entry', async () => {
  const before = (await findViolations(database)).length;
  await database.bulk((session) =>
    session.execute(
      'begin; set local session_replication_role = replica; ' +
        "update mapping_node set name = 'Other' where node_id = '4'; commit",
    ),
  );
  expect((await findViolations(database)).slice(before)).toEqual([
    expect.objectContaining({
      rule: 'ledger',
      revisions: '[3,4)',
      problem: 'the rows that the change recorded or superseded do not match the digest of the entry',
    }),
    expect.objectContaining({ rule: 'ledger', revisions: '[4,5)' }),
  ]);
});
