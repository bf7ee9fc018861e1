import { Draft } from '../../domain/plan/draft.ts';
import type { NumberHolder } from '../../domain/plan/references.ts';
import type { RecordedSuccession } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { compareByFirstDay, covers } from '../../domain/time/period.ts';
import type { UnitState } from '../../domain/unit/state.ts';
import type { LockedTransaction } from '../../store/database/transaction.ts';
import { readDescendantIds } from '../../store/change/descendants.ts';
import type { ChildRow } from '../../store/change/units.ts';
import { StoredRegister } from './stored-register.ts';

/**
 * The register during planning: the database under the lock with the changes of the plan so far, so that each step sees
 * the earlier ones.
 */
export class UnitOfWork {
  readonly draft = new Draft([]);
  readonly stored: StoredRegister;
  /** Units that a failed step was about: what they would become is unknown, so nothing is concluded from it */
  readonly uncertain = new Set<number>();

  /** @param loaded units that the transaction has already read */
  constructor(
    private readonly tx: LockedTransaction,
    loaded: ReadonlyMap<number, UnitState>,
  ) {
    this.stored = new StoredRegister(tx, loaded);
  }

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
    const missing = reshIds.filter((id) => typeof id === 'number').filter((id) => !this.draft.unit(id));
    const found = await this.stored.findUnits(missing);
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
    const parents = [...new Set(reshIds)];
    const existing = parents.filter((reshId) => !this.draft.addedReshIds.has(reshId));
    const stored = (await this.stored.findChildrenFrom(existing, day)).filter(({ reshId }) => !this.draft.unit(reshId));
    const planned = parents.flatMap((parent) =>
      this.draft
        .findChildren(parent)
        .flatMap(({ reshId, versions }) =>
          versions
            .filter(({ parentReshId, to }) => parentReshId === parent && (to === null || to > day))
            .map((row) => ({ ...row, id: row.id ?? '', path: [...row.path], reshId })),
        ),
    );
    return [...stored, ...planned]
      .filter(({ reshId }) => !this.uncertain.has(reshId))
      .sort((one, other) => compareByFirstDay(one, other) || one.reshId - other.reshId);
  }

  /** Returns the RESH-ids of the descendants of a unit on a day, parents first. */
  async findDescendantIds(reshId: number, day: Day): Promise<readonly number[]> {
    const row = this.draft.unit(reshId)?.versions.find((version) => covers(version, day));
    if (!row) return [];
    if (!this.draft.hasChanges) {
      const [stored = []] = await readDescendantIds(this.tx, [row.path], day);
      return stored.filter((id) => !this.uncertain.has(id));
    }
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
    const first = await this.stored.findFirstFreeReshId();
    return [...this.draft.addedReshIds].reduce((next, reshId) => Math.max(next, reshId + 1), first);
  }

  /** Returns the number of the nearest organization on a path on a day; null if it has none. */
  async findEnterpriseNumber(path: readonly number[], day: Day): Promise<string | null> {
    const stored = await this.stored.findUnits(path.filter((reshId) => !this.draft.unit(reshId)));
    const rows = path.map((reshId) =>
      (this.draft.unit(reshId) ?? stored.find((unit) => unit.reshId === reshId))?.versions.find((row) =>
        covers(row, day),
      ),
    );
    return rows.findLast((row) => row?.type === 'ORGANIZATION')?.organizationNumber ?? null;
  }

  /** Returns the units that have an organization number, with the days on which they have it. */
  async findNumberHolders(organizationNumber: string): Promise<NumberHolder[]> {
    const stored = (await this.stored.findNumberHolders([organizationNumber])).filter(
      ({ reshId }) => !this.draft.unit(reshId),
    );
    const planned = this.draft.units.flatMap(({ reshId, versions }) =>
      versions
        .filter((row) => row.organizationNumber === organizationNumber)
        .map(({ name, from, to }) => ({ reshId, name, from, to })),
    );
    return [...stored, ...planned].filter(({ reshId }) => !this.uncertain.has(reshId));
  }

  /**
   * Returns the recorded successions of units, of their planned successors, and of everything that these became; loads
   * the recorded successors of the units, which notes name.
   */
  async findSuccessions(reshIds: readonly number[]): Promise<RecordedSuccession[]> {
    const all = [...reshIds, ...this.draft.successions.map(({ to }) => to)];
    const known = await this.stored.findSuccessions(all.filter((reshId) => !this.draft.addedReshIds.has(reshId)));
    await this.load(known.filter(({ from }) => reshIds.includes(from)).map(({ to }) => to));
    return known;
  }
}
