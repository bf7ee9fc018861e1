import type { UnitChange } from '../../../src/domain/unit/change.ts';
import type { SqlClient } from '../../../src/store/database/sql-client.ts';
import { countUnitChangesByRevision, readUnitChangesByRevision } from '../../../src/store/feed/unit-changes.ts';
import type { ReshIdPage } from '../../../src/store/sql/unit-row.ts';

/** Returns a page of the units that a revision changed, in RESH-id order. */
export async function readUnitChanges(client: SqlClient, revision: number, page: ReshIdPage): Promise<UnitChange[]> {
  return (await readUnitChangesByRevision(client, [{ ...page, revision }]))[0] ?? [];
}

/** Counts the units that a revision changed. */
export async function countUnitChanges(client: SqlClient, revision: number): Promise<number> {
  return (await countUnitChangesByRevision(client, [{ revision }]))[0] ?? 0;
}
