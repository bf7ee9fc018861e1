import { Draft, type RecordedSuccession } from '../../domain/plan/draft.ts';
import type { Day } from '../../domain/time/day.ts';
import { covers } from '../../domain/time/period.ts';
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
 * The register as a plan sees it: what is in the database under the lock, and over it what the plan has made of it so far, so that
 * a later step sees an earlier one.
 */
export class UnitOfWork {
  readonly draft = new Draft([]);

  constructor(private readonly tx: LockedTransaction) {}

  /** Loads units into the draft; those that are unknown or withdrawn stay out of it. */
  async load(reshIds: readonly (number | null | undefined)[]): Promise<void> {
    await this.loadMissing(reshIds);
    if (!this.draft.hasChanges) return;
    // What stands above may have moved by now, above what was loaded before too: then a path that was read is no longer the one
    // that holds.
    while ((await this.loadMissing(this.draft.ancestorsToLoad)) > 0);
    this.draft.recomputePaths();
  }

  private async loadMissing(reshIds: readonly (number | null | undefined)[]): Promise<number> {
    const missing = new Set(reshIds.filter((id) => typeof id === 'number').filter((id) => !this.draft.unit(id)));
    if (missing.size === 0) return 0;
    const found = [...(await readUnitStates(this.tx, [...missing])).values()];
    for (const unit of found) this.draft.track(unit);
    return found.length;
  }

  /** Gives the units that the plan has changed the paths they have in the end: what stands above may have moved after them. */
  async recomputePaths(): Promise<void> {
    if (this.draft.changeCount < 2) return;
    await this.load([]);
  }

  /**
   * Runs a part of a plan whose errors and warnings are told under a path of the input.
   *
   * @param dayField what is told of the day, which is the whole change's
   */
  async withErrorPath(
    path: readonly string[],
    plan: () => Promise<unknown>,
    dayField: readonly string[] = ['effectiveOn'],
  ): Promise<void> {
    await this.withMappedErrorFields((field) => (field[0] === 'effectiveOn' ? dayField : [...path, ...field]), plan);
  }

  /** Runs a part of a plan whose errors and warnings are told of other fields than it knows. */
  async withMappedErrorFields(
    mapField: (field: readonly string[]) => readonly string[],
    plan: () => Promise<unknown>,
  ): Promise<void> {
    const { errors, warnings } = this.draft;
    const lengthsBefore = [errors.length, warnings.length] as const;
    await plan();
    [errors, warnings].forEach((list, index) => {
      const addedErrors = list.splice(lengthsBefore[index] ?? 0);
      list.push(...addedErrors.map((each) => ({ ...each, field: mapField(each.field) })));
    });
  }

  /** Versions that stand directly beneath units on some day from a given one on, planned ones too. */
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
    return [...stored, ...planned].sort((one, other) =>
      one.from === other.from ? one.reshId - other.reshId : one.from < other.from ? -1 : 1,
    );
  }

  /** RESH-ids of what stands beneath a unit on a day, parents first. */
  async findDescendantIds(reshId: number, day: Day): Promise<readonly number[]> {
    const row = this.draft.unit(reshId)?.versions.find((version) => covers(version, day));
    if (!row) return [];
    if (!this.draft.hasChanges) return readDescendantIds(this.tx, row.path, day);
    const descendants: number[] = [];
    for (let level = [reshId]; level.length > 0;) {
      const children = (await this.findChildrenFrom(level, day)).filter((child) => covers(child, day));
      level = children.map((child) => child.reshId);
      descendants.push(...level);
    }
    return descendants;
  }

  /** The RESH-id of the next unit that the plan opens. */
  async nextReshId(): Promise<number> {
    const next = await readNextReshId(this.tx);
    return Math.max(next, ...this.draft.addedReshIds.map((reshId) => reshId + 1));
  }

  /** Number of the nearest organization on a path on a day; null where it has none. */
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

  /** Units that have an organization number, with the days on which they have it. */
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

  /** Successions of units, and of everything that they, and those whom the plan has made successors, became: as the register has them. */
  async findSuccessions(reshIds: readonly number[]): Promise<RecordedSuccession[]> {
    return readSuccessionChains(this.tx, [...reshIds, ...this.draft.successions.map(({ to }) => to)]);
  }
}
