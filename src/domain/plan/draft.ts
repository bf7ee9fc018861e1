import type { Day } from '../time/day.ts';
import { overlap } from '../time/period.ts';
import { valueKey, coalesce, type Row } from '../time/timeline.ts';
import { detailLists, createEmptyUnit, type DetailList, type UnitState, type VersionRow } from '../unit/state.ts';
import type { UserError } from './user-error.ts';

/** Access that somebody has over a period; `reshId` is null but for administrators. */
export interface GrantRow extends Row {
  readonly subject: string;
  readonly role: 'OPERATOR' | 'SPECIALIST_REGISTRAR' | 'ADMINISTRATOR';
  readonly reshId: number | null;
}

/** Name and e-mail address of somebody who holds grants. */
export interface AdministratorRow extends Row {
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
}

/** A node in the tree of another system, over a period; `reshId` is the unit that it points at. */
export interface MappingNodeRow extends Row {
  readonly systemId: string;
  readonly nodeId: string;
  readonly name: string;
  readonly parentNodeId: string | null;
  readonly reshId: number | null;
}

/** What one unit became: all or a part of it another one. */
export interface NewSuccession {
  readonly from: number;
  readonly to: number;
  readonly kind: 'MERGE' | 'SPLIT' | 'REPLACEMENT';
  readonly extent: 'FULL' | 'PARTIAL';
  readonly effectiveOn: Day;
}

/** A succession as the register has it. */
export interface RecordedSuccession extends NewSuccession {
  readonly id: string;
}

/** A treatment site that is registered. */
export interface NewSite {
  readonly organizationNumber: string;
  readonly name: string;
  readonly municipality: string | null;
  readonly addressLines: readonly string[];
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly legalEntityReshId: number | null;
  readonly from: Day | null;
  readonly to: Day | null;
}

/** Rows of one kind as they were and as a change leaves them. */
export interface RowChanges<R extends Row> {
  readonly superseded: readonly R[];
  readonly added: readonly R[];
}

/** What is written of one unit. */
export interface UnitWrite {
  readonly reshId: number;
  readonly isNew: boolean;
  readonly versions: RowChanges<VersionRow>;
  readonly details: Readonly<Record<DetailList, RowChanges<Row>>>;
}

/** All that a change writes. */
export interface WriteSet {
  readonly units: readonly UnitWrite[];
  readonly sites: readonly NewSite[];
  readonly successions: readonly NewSuccession[];
  readonly endedSuccessions: readonly RecordedSuccession[];
  readonly grants: RowChanges<GrantRow>;
  readonly administrators: RowChanges<AdministratorRow>;
  readonly mappingNodes: RowChanges<MappingNodeRow>;
}

/**
 * The units of a change as its plan works on them: what is loaded, and what becomes of it. Nothing outside is touched.
 */
export class Draft {
  private readonly before = new Map<number, UnitState>();
  private readonly after = new Map<number, UnitState>();
  private readonly addedUnits = new Set<number>();
  private readonly changedUnits = new Set<number>();
  /** Units that stand, or stood while the plan was made, directly beneath each */
  private readonly childrenByParent = new Map<number, Set<number>>();
  /** Units that were loaded or changed since paths were last looked at */
  private readonly dirtyUnits = new Set<number>();
  readonly sites: NewSite[] = [];
  successions: NewSuccession[] = [];
  readonly endedSuccessions: RecordedSuccession[] = [];
  grants: RowChanges<GrantRow> = { superseded: [], added: [] };
  administrators: RowChanges<AdministratorRow> = { superseded: [], added: [] };
  mappingNodes: RowChanges<MappingNodeRow> = { superseded: [], added: [] };
  readonly errors: UserError[] = [];
  readonly warnings: UserError[] = [];
  /** What a person should know of the consequences, a sentence each */
  readonly notes: string[] = [];

  constructor(units: readonly UnitState[]) {
    for (const unit of units) this.track(unit);
  }

  /** A unit as the plan has it so far; undefined where it was not loaded. */
  unit(reshId: number): UnitState | undefined {
    return this.after.get(reshId);
  }

  /** Whether anything was changed so far, so that what is in the database is no longer all there is to know. */
  get hasChanges(): boolean {
    return this.changedUnits.size > 0;
  }

  /** Number of units that the plan has given other rows so far. */
  get changeCount(): number {
    return this.changedUnits.size;
  }

  /** RESH-ids of the units that the plan has opened. */
  get addedReshIds(): readonly number[] {
    return [...this.addedUnits];
  }

  /** All units that were loaded or opened, as the plan has them so far. */
  get units(): readonly UnitState[] {
    return [...this.after.values()];
  }

  /** Takes in a unit that was loaded later; of one that is here already nothing changes. */
  track(unit: UnitState): void {
    if (this.before.has(unit.reshId)) return;
    this.before.set(unit.reshId, unit);
    this.store(unit);
  }

  /**
   * Gives many units other rows at once, such as a tree whose parents and children change places; all parents of their rows must be
   * here too, and no day have a circle.
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

  /** Units that stand directly beneath one on some day, as the plan has them so far. */
  findChildren(reshId: number): readonly UnitState[] {
    return [...(this.childrenByParent.get(reshId) ?? [])].flatMap((child) => {
      const unit = this.after.get(child);
      return unit?.versions.some(({ parentReshId }) => parentReshId === reshId) ? [unit] : [];
    });
  }

  /** RESH-ids of what stands above units that were loaded or changed since the draft was last settled, themselves included. */
  get ancestorsToLoad(): readonly number[] {
    return [...this.dirtyUnits].flatMap((reshId) => (this.unit(reshId)?.versions ?? []).flatMap(({ path }) => path));
  }

  /**
   * Gives the units that are here the paths that their parents have by now. It looks at what was loaded or changed since it was last
   * called, and at what stands beneath that, so that it may be called after each of many steps.
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
    this.set(unit.reshId, { versions });
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
    this.before.set(reshId, unit);
    return this.store(unit);
  }

  /** Gives a unit other rows; versions get the paths that their parents have. */
  set(reshId: number, lists: Partial<UnitState>): void {
    const unit = this.after.get(reshId) ?? createEmptyUnit(reshId);
    const versions = lists.versions ? this.assignPaths(reshId, lists.versions) : unit.versions;
    this.changedUnits.add(reshId);
    this.store({ ...unit, ...lists, versions });
  }

  // A row keeps its path while its parent is the one the path names; else it is parted where the parent's path changes.
  private assignPaths(reshId: number, versions: readonly VersionRow[]): VersionRow[] {
    return coalesce(
      versions.flatMap((row) => {
        if (row.path.length > 0 && (row.path.at(-2) ?? null) === row.parentReshId) return [row];
        if (row.parentReshId === null) return [{ ...row, id: undefined, path: [reshId] }];
        const parents = this.after.get(row.parentReshId)?.versions ?? [];
        return parents
          .filter((parent) => overlap(parent, row))
          .map((parent) => ({
            ...row,
            id: undefined,
            from: parent.from > row.from ? parent.from : row.from,
            to: parent.to === null ? row.to : row.to === null || parent.to < row.to ? parent.to : row.to,
            path: [...parent.path, reshId],
          }));
      }),
    );
  }

  /** Ends grants beside those that the plan ends already. */
  endGrants({ superseded, added }: RowChanges<GrantRow>): void {
    this.grants = {
      superseded: [...this.grants.superseded, ...superseded],
      added: [...this.grants.added, ...added],
    };
  }

  /** What there is to write. */
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
    const { sites, successions, endedSuccessions, grants, administrators, mappingNodes } = this;
    return { units, sites, successions, endedSuccessions, grants, administrators, mappingNodes };
  }
}

/** What the change of a list comes to: rows that say the same over the same days are left as they are. */
export function diffRows<R extends Row>(before: readonly R[], after: readonly R[]): RowChanges<R> {
  const rowKey = (row: R) => `${row.from} ${row.to} ${valueKey(row)}`;
  const [oldKeys, newKeys] = [new Set(before.map(rowKey)), new Set(after.map(rowKey))];
  return {
    superseded: before.filter((row) => !newKeys.has(rowKey(row))),
    added: after.filter((row) => !oldKeys.has(rowKey(row))),
  };
}
