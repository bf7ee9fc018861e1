import type { Day } from '../../domain/time/day.ts';
import { Draft, type KnownSuccession } from '../../domain/plan/draft.ts';
import { covers } from '../../domain/time/period.ts';
import {
  readChildrenFrom,
  readIdsBeneath,
  readNextReshId,
  readSuccessionsFrom,
  readUnitStates,
  readVersions,
  type ChildRow,
} from '../../store/change/units.ts';
import { readNumberHolders, type Holder } from '../../store/change/references.ts';
import type { ChangeTransaction } from '../../store/change/ledger.ts';

/**
 * The register as a plan sees it: what is in the database under the lock, and over it what the plan has made of it so far, so that
 * a later step sees an earlier one.
 */
export class Workspace {
  readonly draft = new Draft([]);

  constructor(readonly tx: ChangeTransaction) {}

  /** Loads units into the draft; those that are unknown or withdrawn stay out of it. */
  async load(reshIds: readonly (number | null | undefined)[]): Promise<void> {
    await this.take(reshIds);
    if (!this.draft.isChanged) return;
    // What stands above may have moved by now, above what was loaded before too: then a path that was read is no longer the one
    // that holds.
    while ((await this.take(this.draft.pathsToSettle)) > 0);
    this.draft.settle();
  }

  private async take(reshIds: readonly (number | null | undefined)[]): Promise<number> {
    const wanted = new Set(reshIds.filter((id) => typeof id === 'number').filter((id) => !this.draft.unit(id)));
    if (wanted.size === 0) return 0;
    const found = [...(await readUnitStates(this.tx, [...wanted])).values()];
    for (const unit of found) this.draft.take(unit);
    return found.length;
  }

  /** Gives the units that the plan has changed the paths they have in the end: what stands above may have moved after them. */
  async settle(): Promise<void> {
    if (this.draft.changeCount < 2) return;
    await this.load([]);
  }

  /**
   * Runs a part of a plan whose errors and warnings are told under a path of the input.
   *
   * @param dayField what is told of the day, which is the whole change's
   */
  async within(
    path: readonly string[],
    plan: () => Promise<unknown>,
    dayField: readonly string[] = ['effectiveOn'],
  ): Promise<void> {
    await this.told((field) => (field[0] === 'effectiveOn' ? dayField : [...path, ...field]), plan);
  }

  /** Runs a part of a plan whose errors and warnings are told of other fields than it knows. */
  async told(fieldOf: (field: readonly string[]) => readonly string[], plan: () => Promise<unknown>): Promise<void> {
    const { errors, warnings } = this.draft;
    const before = [errors.length, warnings.length] as const;
    await plan();
    [errors, warnings].forEach((list, place) => {
      const told = list.splice(before[place] ?? 0);
      list.push(...told.map((each) => ({ ...each, field: fieldOf(each.field) })));
    });
  }

  /** Versions that stand directly beneath units on some day from a given one on, planned ones too. */
  async childrenFrom(reshIds: readonly number[], day: Day): Promise<ChildRow[]> {
    const stored = (await readChildrenFrom(this.tx, reshIds, day)).filter(({ reshId }) => !this.draft.unit(reshId));
    const drafted = [...new Set(reshIds)].flatMap((parent) =>
      this.draft
        .childrenOf(parent)
        .flatMap(({ reshId, versions }) =>
          versions
            .filter(({ parentReshId, to }) => parentReshId === parent && (to === null || to > day))
            .map((row) => ({ ...row, id: row.id ?? '', path: [...row.path], reshId })),
        ),
    );
    return [...stored, ...drafted].sort((one, other) =>
      one.from === other.from ? one.reshId - other.reshId : one.from < other.from ? -1 : 1,
    );
  }

  /** RESH-ids of what stands beneath a unit on a day, parents first. */
  async idsBeneath(reshId: number, day: Day): Promise<readonly number[]> {
    const row = this.draft.unit(reshId)?.versions.find((version) => covers(version, day));
    if (!row) return [];
    if (!this.draft.isChanged) return readIdsBeneath(this.tx, row.path, day);
    const beneath: number[] = [];
    for (let level = [reshId]; level.length > 0;) {
      const children = (await this.childrenFrom(level, day)).filter((child) => covers(child, day));
      level = children.map((child) => child.reshId);
      beneath.push(...level);
    }
    return beneath;
  }

  /** The RESH-id of the next unit that the plan opens. */
  async nextReshId(): Promise<number> {
    const next = await readNextReshId(this.tx);
    return Math.max(next, ...this.draft.opened.map((reshId) => reshId + 1));
  }

  /** Number of the nearest organization on a path on a day; null where it has none. */
  async enterpriseNumber(path: readonly number[], day: Day): Promise<string | null> {
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
  async numberHolders(organizationNumber: string): Promise<Holder[]> {
    const stored = (await readNumberHolders(this.tx, [organizationNumber])).filter(
      ({ reshId }) => !this.draft.unit(reshId),
    );
    const drafted = this.draft.units.flatMap(({ reshId, versions }) =>
      versions
        .filter((row) => row.organizationNumber === organizationNumber)
        .map(({ name, from, to }) => ({ reshId, name, from, to })),
    );
    return [...stored, ...drafted];
  }

  /** Successions of units, and of everything that they, and those whom the plan has made successors, became: as the register has them. */
  async successionsOf(reshIds: readonly number[]): Promise<KnownSuccession[]> {
    return readSuccessionsFrom(this.tx, [...reshIds, ...this.draft.successions.map(({ to }) => to)]);
  }
}
