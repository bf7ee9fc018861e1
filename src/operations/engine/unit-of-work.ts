import { Draft } from '../../domain/plan/draft.ts';
import type { NumberHolder } from '../../domain/plan/references.ts';
import type { NewSuccession, RecordedSuccession } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { compareByFirstDay, covers } from '../../domain/time/period.ts';
import type { UnitState } from '../../domain/unit/state.ts';
import type { LockedTransaction } from '../../store/database/transaction.ts';
import { readDescendantIds, type ClosedTogetherKey } from '../../store/change/descendants.ts';
import type { IdentifierHolder, IdentifierKey } from '../../store/change/references.ts';
import type { ChildRow, ClosedUnit } from '../../store/change/units.ts';
import { isSameIdentifier, StoredRegister } from './stored-register.ts';

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
    const missing = reshIds.filter((id) => typeof id === 'number').filter((id) => !this.draft.has(id));
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
    const stored = (await this.stored.findChildrenFrom(existing, day)).filter(({ reshId }) => !this.draft.has(reshId));
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
    const stored = await this.stored.findUnits(path.filter((reshId) => !this.draft.has(reshId)));
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
      ({ reshId }) => !this.draft.has(reshId),
    );
    const planned = this.draft.units.flatMap(({ reshId, versions }) =>
      versions
        .filter((row) => row.organizationNumber === organizationNumber)
        .map(({ name, from, to }) => ({ reshId, name, from, to })),
    );
    return [...stored, ...planned].filter(({ reshId }) => !this.uncertain.has(reshId));
  }

  /** Returns the units that have an identifier, with the days on which they have it. */
  async findIdentifierHolders(identifier: IdentifierKey): Promise<IdentifierHolder[]> {
    const stored = (await this.stored.findIdentifierHolders([identifier])).filter(
      ({ reshId }) => !this.draft.has(reshId),
    );
    const planned = this.draft.units.flatMap(({ reshId, versions, identifiers }) =>
      identifiers
        .filter((row) => isSameIdentifier(row, identifier))
        .map(({ from, to }) => ({ ...identifier, reshId, name: versions.at(-1)?.name ?? '', from, to })),
    );
    return [...stored, ...planned].filter(({ reshId }) => !this.uncertain.has(reshId));
  }

  /** Indicates whether a unit is a predecessor or a successor of another one. */
  async hasSuccessions(reshId: number): Promise<boolean> {
    const { successions, endedSuccessions } = this.draft;
    const isPart = ({ from, to }: Pick<NewSuccession, 'from' | 'to'>) => from === reshId || to === reshId;
    if (successions.some(isPart)) return true;
    if (this.draft.addedReshIds.has(reshId)) return false;
    const ended = new Set(endedSuccessions.map(({ id }) => id));
    return (await this.stored.findSuccessionIds([reshId])).some(({ id }) => !ended.has(id));
  }

  /**
   * Returns the descendants of a closed unit that the same change closed together with it, or the same step of this
   * change, parents first. Units that have been reopened since are left out, with their descendants.
   *
   * @param template version of the unit that ended on the day
   * @param until last day on which the descendants must still be closed
   */
  async findClosedTogether(reshId: number, { path, closedOn, until }: ClosedTogetherKey): Promise<readonly number[]> {
    const closing = this.draft.findClosing(reshId, closedOn);
    const found = closing
      ? this.draft.units.flatMap((unit) =>
          this.draft.findClosing(unit.reshId, closedOn)?.step === closing.step ? unit.reshId : [],
        )
      : await this.stored.findClosedTogether({ path, closedOn, until });
    await this.load(found);
    const candidates = new Set(found);
    const together: number[] = [];
    let parents = new Set([reshId]);
    while (parents.size > 0) {
      const level = [...candidates].filter((id) => isClosedUnder(this.draft.unit(id), parents, closedOn, until));
      for (const id of level) candidates.delete(id);
      together.push(...level);
      parents = new Set(level);
    }
    return together;
  }

  /** Returns closed units as they were before they closed, by RESH-id. */
  async findStatesBeforeClosing(closed: readonly ClosedUnit[]): Promise<ReadonlyMap<number, UnitState>> {
    const planned = closed.flatMap(({ reshId, closedOn }) => this.draft.findClosing(reshId, closedOn)?.before ?? []);
    const inPlan = new Set(planned.map(({ reshId }) => reshId));
    const stored = await this.stored.findStatesBeforeClosing(closed.filter(({ reshId }) => !inPlan.has(reshId)));
    return new Map([...stored, ...planned].map((unit) => [unit.reshId, unit]));
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

/** Returns whether a unit ended on a day as a child of one of the parents, and is closed until another day. */
function isClosedUnder(unit: UnitState | undefined, parents: ReadonlySet<number>, closedOn: Day, until: Day): boolean {
  const versions = unit?.versions ?? [];
  const last = versions.find(({ to }) => to === closedOn);
  if (typeof last?.parentReshId !== 'number' || !parents.has(last.parentReshId)) return false;
  return !versions.some(({ from, to }) => from <= until && (to === null || to > closedOn));
}
