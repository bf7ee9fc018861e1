import { intersectPeriods, overlap } from '../time/period.ts';
import { coalesce, type Row } from '../time/timeline.ts';
import { detailLists, createEmptyUnit, type DetailList, type UnitState, type VersionRow } from '../unit/state.ts';
import type { Note } from './user-error.ts';
import {
  diffRows,
  type AdministratorRow,
  type GrantRow,
  type MappingNodeRow,
  type NewSuccession,
  type RecordedSuccession,
  type RowChanges,
  type SiteRow,
  type UnitWrite,
  type WriteSet,
} from './write-set.ts';

/** The units that a plan has loaded, with the changes that the plan makes to them. Nothing outside a draft changes. */
export class Draft {
  private readonly before = new Map<number, UnitState>();
  private readonly after = new Map<number, UnitState>();
  private readonly addedUnits = new Set<number>();
  private readonly changedUnits = new Set<number>();
  /** Units changed by the step that is being planned */
  private readonly recentlyChanged = new Set<number>();
  /** RESH-ids of the units that are, or have been during planning, children of each unit */
  private readonly childrenByParent = new Map<number, Set<number>>();
  /** Units loaded or changed since the paths were last recomputed */
  private readonly dirtyUnits = new Set<number>();
  private readonly newSites: string[] = [];
  sites: RowChanges<SiteRow> = { superseded: [], added: [] };
  successions: readonly NewSuccession[] = [];
  endedSuccessions: readonly RecordedSuccession[] = [];
  grants: RowChanges<GrantRow> = { superseded: [], added: [] };
  administrators: RowChanges<AdministratorRow> = { superseded: [], added: [] };
  mappingNodes: RowChanges<MappingNodeRow> = { superseded: [], added: [] };
  private readonly foundNotes: Note[] = [];

  constructor(units: readonly UnitState[]) {
    for (const unit of units) this.track(unit);
  }

  /** Returns a unit as the plan has it so far; undefined if it was not loaded. */
  unit(reshId: number): UnitState | undefined {
    return this.after.get(reshId);
  }

  /** Indicates whether the plan has changed a unit, so that the database no longer has the whole state. */
  get hasChanges(): boolean {
    return this.changedUnits.size > 0;
  }

  /** Number of units that the plan has changed so far. */
  get changeCount(): number {
    return this.changedUnits.size;
  }

  /** RESH-ids of the units that the plan has added. */
  get addedReshIds(): ReadonlySet<number> {
    return this.addedUnits;
  }

  /** Returns the units that the plan has changed since the last call; a new path alone is not a change. */
  takeRecentlyChanged(): readonly number[] {
    const reshIds = [...this.recentlyChanged];
    this.recentlyChanged.clear();
    return reshIds;
  }

  /** All units that were loaded or added, as the plan has them so far. */
  get units(): readonly UnitState[] {
    return [...this.after.values()];
  }

  /** Adds a loaded unit, unless the draft already has it. */
  track(unit: UnitState): void {
    if (this.before.has(unit.reshId)) return;
    this.before.set(unit.reshId, unit);
    this.store(unit);
  }

  /**
   * Replaces the rows of many units at once, such as a tree in which parents and children change places. The draft must
   * have all parents of the rows, and there must be no cycle on any day.
   */
  replaceAll(units: readonly UnitState[]): void {
    for (const unit of units) {
      if (!this.before.has(unit.reshId)) this.addUnit(unit.reshId);
      const versions = unit.versions.map((row) => {
        if ((row.path.at(-2) ?? null) === row.parentReshId && row.path.length > 0) return row;
        return { ...row, id: undefined, path: row.parentReshId === null ? [unit.reshId] : [] };
      });
      this.changedUnits.add(unit.reshId);
      this.store({ ...unit, versions });
    }
    this.recomputePaths();
  }

  /** Returns the units that are children of a unit on some day, as the plan has them so far. */
  findChildren(reshId: number): readonly UnitState[] {
    return [...(this.childrenByParent.get(reshId) ?? [])].flatMap((child) => {
      const unit = this.after.get(child);
      return unit?.versions.some(({ parentReshId }) => parentReshId === reshId) ? [unit] : [];
    });
  }

  /** RESH-ids of the units loaded or changed since the paths were last recomputed, and of their ancestors. */
  get ancestorsToLoad(): readonly number[] {
    return [...this.dirtyUnits].flatMap((reshId) => (this.unit(reshId)?.versions ?? []).flatMap(({ path }) => path));
  }

  /**
   * Recomputes the paths of units whose ancestors have moved. Visits only the units loaded or changed since the last
   * call and their descendants, so a plan may call it after each of many steps.
   */
  recomputePaths(): void {
    while (this.dirtyUnits.size > 0) {
      const dirty = [...this.dirtyUnits];
      this.dirtyUnits.clear();
      for (const reshId of dirty) {
        this.recomputePath(this.after.get(reshId));
        for (const child of this.findChildren(reshId)) this.recomputePath(child);
      }
    }
  }

  private recomputePath(unit: UnitState | undefined): void {
    if (!unit || unit.versions.every((row) => this.hasCurrentPath(row))) return;
    const versions = unit.versions.map((row) => (this.hasCurrentPath(row) ? row : { ...row, path: [] }));
    this.replaceRows(unit.reshId, { versions });
  }

  private store(unit: UnitState): UnitState {
    const { reshId, versions } = unit;
    this.after.set(reshId, unit);
    this.dirtyUnits.add(reshId);
    for (const { parentReshId } of versions) {
      if (parentReshId === null) continue;
      const children = this.childrenByParent.get(parentReshId);
      if (children) children.add(reshId);
      else this.childrenByParent.set(parentReshId, new Set([reshId]));
    }
    return unit;
  }

  private hasCurrentPath(row: VersionRow): boolean {
    const parent = row.parentReshId === null ? undefined : this.after.get(row.parentReshId);
    const above = row.path.slice(0, -1).join();
    return !parent || parent.versions.every((version) => !overlap(version, row) || version.path.join() === above);
  }

  /** Adds a unit that is new in the register. */
  addUnit(reshId: number): UnitState {
    const unit = createEmptyUnit(reshId);
    this.addedUnits.add(reshId);
    this.recentlyChanged.add(reshId);
    this.before.set(reshId, unit);
    return this.store(unit);
  }

  /** Replaces rows of a unit; its versions get the paths of their parents. */
  set(reshId: number, lists: Partial<UnitState>): void {
    this.recentlyChanged.add(reshId);
    this.replaceRows(reshId, lists);
  }

  private replaceRows(reshId: number, lists: Partial<UnitState>): void {
    const unit = this.after.get(reshId) ?? createEmptyUnit(reshId);
    const versions = lists.versions ? this.assignPaths(reshId, lists.versions) : unit.versions;
    this.changedUnits.add(reshId);
    this.store({ ...unit, ...lists, versions });
  }

  // A row keeps its path while its parent is the one in the path; otherwise it is split where the path of the parent
  // changes.
  private assignPaths(reshId: number, versions: readonly VersionRow[]): VersionRow[] {
    return coalesce(
      versions.flatMap((row) => {
        if (row.path.length > 0 && (row.path.at(-2) ?? null) === row.parentReshId) return [row];
        if (row.parentReshId === null) return [{ ...row, id: undefined, path: [reshId] }];
        const parents = this.after.get(row.parentReshId)?.versions ?? [];
        return parents.flatMap((parent) => {
          const period = intersectPeriods(parent, row);
          return period ? [{ ...row, ...period, id: undefined, path: [...parent.path, reshId] }] : [];
        });
      }),
    );
  }

  /** The units that the plan has changed so far, as it has them, by RESH-id. */
  get changedStates(): ReadonlyMap<number, UnitState> {
    return new Map([...this.after].filter(([reshId, state]) => this.before.get(reshId) !== state));
  }

  /** Returns a unit as it was loaded and as the plan has it so far; both without rows if it was not loaded. */
  findBeforeAndAfter(reshId: number): { readonly before: UnitState; readonly after: UnitState } {
    const none = createEmptyUnit(reshId);
    return { before: this.before.get(reshId) ?? none, after: this.after.get(reshId) ?? none };
  }

  /** Ends grants, in addition to those that the plan has already ended. */
  endGrants({ superseded, added }: RowChanges<GrantRow>): void {
    this.grants = {
      superseded: [...this.grants.superseded, ...superseded],
      added: [...this.grants.added, ...added],
    };
  }

  /** Effects of the change that the input did not request. */
  get notes(): readonly Note[] {
    return this.foundNotes;
  }

  addNotes(...notes: readonly Note[]): void {
    this.foundNotes.push(...notes);
  }

  /** Adds treatment sites to register. */
  addSites(...sites: readonly SiteRow[]): void {
    this.newSites.push(...sites.map(({ organizationNumber }) => organizationNumber));
    this.sites = { ...this.sites, added: [...this.sites.added, ...sites] };
  }

  /** Returns what the change writes. */
  buildWriteSet(): WriteSet {
    const units = [...this.after].flatMap(([reshId, after]): UnitWrite[] => {
      const before = this.before.get(reshId) ?? createEmptyUnit(reshId);
      if (before === after) return [];
      const details = Object.fromEntries(
        detailLists.map((list) => [list, diffRows<Row>(before[list], after[list])]),
      ) as Record<DetailList, RowChanges<Row>>;
      return [
        { reshId, isNew: this.addedUnits.has(reshId), versions: diffRows(before.versions, after.versions), details },
      ];
    });
    const { newSites, sites, successions, endedSuccessions, grants, administrators, mappingNodes } = this;
    return { units, newSites, sites, successions, endedSuccessions, grants, administrators, mappingNodes };
  }
}
