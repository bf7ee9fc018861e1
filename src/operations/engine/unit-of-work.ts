import { Draft } from '../../domain/plan/draft.ts';
import type { RecordedSuccession } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { compareByFirstDay, covers } from '../../domain/time/period.ts';
import type { UnitState } from '../../domain/unit/state.ts';
import type { LockedTransaction } from '../../store/database/transaction.ts';
import { readNumberHolders, type Holder } from '../../store/change/references.ts';
import { readDescendantIds } from '../../store/change/descendants.ts';
import { readSuccessionChains } from '../../store/change/successions.ts';
import {
  readChildrenFromDay,
  readNextReshId,
  readUnitStates,
  readVersions,
  type ChildRow,
} from '../../store/change/units.ts';

/**
 * The register during planning: the database under the lock with the changes of the plan so far, so that each step sees
 * the earlier ones.
 */
export class UnitOfWork {
  readonly draft = new Draft([]);

  /** @param loaded units that the transaction has already read */
  constructor(
    private readonly tx: LockedTransaction,
    private readonly loaded: ReadonlyMap<number, UnitState>,
  ) {}

  /** Loads units into the draft, except unknown and withdrawn ones. */
  async load(reshIds: readonly (number | null | undefined)[]): Promise<void> {
    await this.loadMissing(reshIds);
    if (!this.draft.hasChanges) return;
    // The plan may have moved ancestors, so that the paths in the database are outdated.
    let loadedCount = await this.loadMissing(this.draft.ancestorsToLoad);
    while (loadedCount > 0) loadedCount = await this.loadMissing(this.draft.ancestorsToLoad);
    this.draft.recomputePaths();
  }

  private async loadMissing(reshIds: readonly (number | null | undefined)[]): Promise<number> {
    const missing = new Set(reshIds.filter((id) => typeof id === 'number').filter((id) => !this.draft.unit(id)));
    if (missing.size === 0) return 0;
    const found = [...missing].flatMap((id) => this.loaded.get(id) ?? []);
    const unread = [...missing].filter((id) => !this.loaded.has(id));
    if (unread.length > 0) found.push(...(await readUnitStates(this.tx, unread)).values());
    for (const unit of found) this.draft.track(unit);
    return found.length;
  }

  /** Recomputes the paths of the changed units, whose ancestors may have moved since. */
  async recomputePaths(): Promise<void> {
    if (this.draft.changeCount < 2) return;
    await this.load([]);
  }

  /** Returns the versions that are children of units on or after a day, including planned ones. */
  async findChildrenFrom(reshIds: readonly number[], day: Day): Promise<ChildRow[]> {
    const stored = (await readChildrenFromDay(this.tx, reshIds, day)).filter(({ reshId }) => !this.draft.unit(reshId));
    const planned = [...new Set(reshIds)].flatMap((parent) =>
      this.draft
        .findChildren(parent)
        .flatMap(({ reshId, versions }) =>
          versions
            .filter(({ parentReshId, to }) => parentReshId === parent && (to === null || to > day))
            .map((row) => ({ ...row, id: row.id ?? '', path: [...row.path], reshId })),
        ),
    );
    return [...stored, ...planned].sort((one, other) => compareByFirstDay(one, other) || one.reshId - other.reshId);
  }

  /** Returns the RESH-ids of the descendants of a unit on a day, parents first. */
  async findDescendantIds(reshId: number, day: Day): Promise<readonly number[]> {
    const row = this.draft.unit(reshId)?.versions.find((version) => covers(version, day));
    if (!row) return [];
    if (!this.draft.hasChanges) return readDescendantIds(this.tx, row.path, day);
    const descendants: number[] = [];
    let level = [reshId];
    while (level.length > 0) {
      const children = (await this.findChildrenFrom(level, day)).filter((child) => covers(child, day));
      level = children.map((child) => child.reshId);
      descendants.push(...level);
    }
    return descendants;
  }

  /** Returns the RESH-id of the next unit that the plan adds. */
  async nextReshId(): Promise<number> {
    const next = await readNextReshId(this.tx);
    return Math.max(next, ...this.draft.addedReshIds.map((reshId) => reshId + 1));
  }

  /** Returns the number of the nearest organization on a path on a day; null if it has none. */
  async findEnterpriseNumber(path: readonly number[], day: Day): Promise<string | null> {
    const stored = await readVersions(
      this.tx,
      path.filter((reshId) => !this.draft.unit(reshId)),
    );
    const rows = path.map((reshId) =>
      (this.draft.unit(reshId)?.versions ?? stored.get(reshId))?.find((row) => covers(row, day)),
    );
    return rows.findLast((row) => row?.type === 'ORGANIZATION')?.organizationNumber ?? null;
  }

  /** Returns the units that have an organization number, with the days on which they have it. */
  async findNumberHolders(organizationNumber: string): Promise<Holder[]> {
    const stored = (await readNumberHolders(this.tx, [organizationNumber])).filter(
      ({ reshId }) => !this.draft.unit(reshId),
    );
    const planned = this.draft.units.flatMap(({ reshId, versions }) =>
      versions
        .filter((row) => row.organizationNumber === organizationNumber)
        .map(({ name, from, to }) => ({ reshId, name, from, to })),
    );
    return [...stored, ...planned];
  }

  /** Returns the recorded successions of units, of their planned successors, and of everything that these became. */
  async findSuccessions(reshIds: readonly number[]): Promise<RecordedSuccession[]> {
    return readSuccessionChains(this.tx, [...reshIds, ...this.draft.successions.map(({ to }) => to)]);
  }
}
