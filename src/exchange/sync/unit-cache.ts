import type { UnitState } from '../../domain/unit/state.ts';
import type { SqlClient } from '../../store/database/sql-client.ts';
import { readUnitStates } from '../../store/change/units.ts';

/** A cache of units, each loaded once. */
export class UnitCache {
  readonly states = new Map<number, UnitState>();
  private readonly requestedIds = new Set<number>();

  constructor(private readonly client: SqlClient) {}

  /** Loads units that are not in the cache; returns those that exist. */
  async load(reshIds: Iterable<number>): Promise<UnitState[]> {
    const newIds = [...new Set(reshIds)].filter((reshId) => !this.requestedIds.has(reshId));
    if (newIds.length === 0) return [];
    for (const reshId of newIds) this.requestedIds.add(reshId);
    const found = [...(await readUnitStates(this.client, newIds)).values()];
    for (const unit of found) this.states.set(unit.reshId, unit);
    return found;
  }
}
