import DataLoader from 'dataloader';
import type { CodePeriod } from '../../domain/plan/codes.ts';
import type { GrantRow, RecordedSuccession, SiteRow } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { compareByFirstDay } from '../../domain/time/period.ts';
import type { CodeKey } from '../../domain/unit/filter.ts';
import type { UnitState } from '../../domain/unit/state.ts';
import { readGrantsOnUnits } from '../../store/change/access.ts';
import { readDescendantIdsClosedWithUnits, type ClosedTogetherKey } from '../../store/change/descendants.ts';
import {
  readCodePeriods,
  readIdentifierHolders,
  readNumberHolders,
  readSitePeriods,
  type IdentifierHolder,
  type IdentifierKey,
  type NumberHolder,
  type SitePeriodRow,
} from '../../store/change/references.ts';
import { readSuccessionChains, readSuccessionIds, type SuccessionId } from '../../store/change/successions.ts';
import { readSitesOfLegalEntities } from '../../store/change/treatment-sites.ts';
import {
  readChildrenFromDay,
  readNextReshId,
  readStatesBeforeClosing,
  readUnitStates,
  type ChildRow,
  type ClosedUnit,
} from '../../store/change/units.ts';
import type { LockedTransaction } from '../../store/database/transaction.ts';

/**
 * The register as it is stored, read by key under the lock. A plan writes nothing, so each key is read once; keys that
 * are requested together are read in one statement.
 */
export class StoredRegister {
  private readonly units = new DataLoader(async (reshIds: readonly number[]) => {
    const found = await readUnitStates(this.tx, reshIds);
    return reshIds.map((reshId) => found.get(reshId));
  });
  private readonly childrenByDay = new Map<Day, DataLoader<number, readonly ChildRow[]>>();
  private readonly grants = new DataLoader(async (reshIds: readonly number[]) =>
    groupByKey(reshIds, await readGrantsOnUnits(this.tx, reshIds), ({ reshId }) => reshId),
  );
  private readonly codes = new DataLoader(
    async (keys: readonly CodeKey[]) =>
      groupByKey(keys.map(formatCodeKey), await readCodePeriods(this.tx, keys), formatCodeKey),
    { cacheKeyFn: formatCodeKey },
  );
  private readonly sites = new DataLoader(async (numbers: readonly string[]) =>
    groupByKey(numbers, await readSitePeriods(this.tx, numbers), ({ organizationNumber }) => organizationNumber),
  );
  private readonly sitesByLegalEntity = new DataLoader(async (reshIds: readonly number[]) => {
    const rows = await readSitesOfLegalEntities(this.tx, reshIds);
    return reshIds.map((reshId) => {
      const owned = rows.filter(({ legalEntityReshId }) => legalEntityReshId === reshId);
      const numbers = new Set(owned.map(({ organizationNumber }) => organizationNumber));
      return rows.filter(({ organizationNumber }) => numbers.has(organizationNumber));
    });
  });
  private readonly numberHolders = new DataLoader(async (numbers: readonly string[]) =>
    groupByKey(numbers, await readNumberHolders(this.tx, numbers), ({ organizationNumber }) => organizationNumber),
  );
  private readonly identifierHolders = new DataLoader(
    async (keys: readonly IdentifierKey[]) =>
      groupByKey(keys.map(formatIdentifier), await readIdentifierHolders(this.tx, keys), formatIdentifier),
    { cacheKeyFn: formatIdentifier },
  );
  private readonly successionIds = new DataLoader(async (reshIds: readonly number[]) => {
    const found = await readSuccessionIds(this.tx, reshIds);
    return reshIds.map((reshId) => found.filter(({ from, to }) => from === reshId || to === reshId));
  });
  private readonly closedTogether = new DataLoader(
    (keys: readonly ClosedTogetherKey[]) => readDescendantIdsClosedWithUnits(this.tx, keys),
    { cacheKeyFn: ({ path, closedOn, until }) => [path.join(':'), closedOn, until].join() },
  );
  private readonly beforeClosing = new DataLoader(
    async (closed: readonly ClosedUnit[]) => {
      const found = await readStatesBeforeClosing(this.tx, closed);
      return closed.map(({ reshId }) => found.get(reshId));
    },
    { cacheKeyFn: ({ reshId, closedOn }) => `${reshId}@${closedOn}` },
  );
  /** Successions by predecessor; a unit that is here has its whole chain here */
  private readonly chains = new Map<number, readonly RecordedSuccession[]>();
  private firstFreeReshId: number | undefined;

  /** @param loaded units that the transaction has already read */
  constructor(
    private readonly tx: LockedTransaction,
    loaded: ReadonlyMap<number, UnitState>,
  ) {
    for (const [reshId, unit] of loaded) this.units.prime(reshId, unit);
  }

  /** Returns units with all of their rows, without unknown and withdrawn ones. */
  async findUnits(reshIds: readonly number[]): Promise<UnitState[]> {
    return (await loadAll(this.units, reshIds)).filter((unit) => unit !== undefined);
  }

  /** Reads units and all of their ancestors, so that plans about them find them read. */
  async prefetchWithAncestors(reshIds: readonly number[]): Promise<void> {
    const requested = new Set<number>();
    let missing = reshIds;
    while (missing.length > 0) {
      for (const reshId of missing) requested.add(reshId);
      const units = await this.findUnits(missing);
      const onPaths = new Set(units.flatMap(({ versions }) => versions.flatMap(({ path }) => path)));
      missing = [...onPaths].filter((reshId) => !requested.has(reshId));
    }
  }

  /** Returns the versions of units that have one of the parents on or after a day. */
  async findChildrenFrom(parentReshIds: readonly number[], day: Day): Promise<ChildRow[]> {
    const children =
      this.childrenByDay.get(day) ??
      new DataLoader(async (reshIds: readonly number[]) =>
        groupByKey(reshIds, await readChildrenFromDay(this.tx, reshIds, day), ({ parentReshId }) => parentReshId),
      );
    this.childrenByDay.set(day, children);
    return (await loadAll(children, parentReshIds)).flat();
  }

  /** Returns the grants on units on all days, in order of first days. */
  async findGrantsOnUnits(reshIds: readonly number[]): Promise<GrantRow[]> {
    return (await loadAll(this.grants, reshIds)).flat().sort(compareByFirstDay);
  }

  /** Returns all periods of codes, without unknown codes. */
  async findCodePeriods(keys: readonly CodeKey[]): Promise<CodePeriod[]> {
    return (await loadAll(this.codes, keys)).flat();
  }

  /** Returns all periods of treatment sites, without unknown sites. */
  async findSitePeriods(organizationNumbers: readonly string[]): Promise<SitePeriodRow[]> {
    return (await loadAll(this.sites, organizationNumbers)).flat();
  }

  /** Returns all periods of the treatment sites that belong to one of the legal entities on any day. */
  async findSitesOfLegalEntities(reshIds: readonly number[]): Promise<SiteRow[]> {
    const rows = (await loadAll(this.sitesByLegalEntity, reshIds)).flat();
    return [...new Map(rows.map((row) => [row.id, row])).values()];
  }

  /** Returns the units that have organization numbers, with the periods in which they have them. */
  async findNumberHolders(organizationNumbers: readonly string[]): Promise<NumberHolder[]> {
    return (await loadAll(this.numberHolders, organizationNumbers)).flat();
  }

  /** Returns the units that have identifiers, with the periods in which they have them. */
  async findIdentifierHolders(identifiers: readonly IdentifierKey[]): Promise<IdentifierHolder[]> {
    return (await loadAll(this.identifierHolders, identifiers)).flat();
  }

  /** Returns the recorded successions that units are a predecessor or a successor in. */
  async findSuccessionIds(reshIds: readonly number[]): Promise<SuccessionId[]> {
    return (await loadAll(this.successionIds, reshIds)).flat();
  }

  /** Returns the RESH-ids of the descendants that the same change closed together with a unit, parents first. */
  findClosedTogether(key: ClosedTogetherKey): Promise<readonly number[]> {
    return this.closedTogether.load(key);
  }

  /** Returns closed units as they were before they closed, without those that had their end from the start. */
  async findStatesBeforeClosing(closed: readonly ClosedUnit[]): Promise<UnitState[]> {
    return (await loadAll(this.beforeClosing, closed)).filter((unit) => unit !== undefined);
  }

  /** Returns the recorded successions of units and of everything that they became. */
  async findSuccessions(reshIds: readonly number[]): Promise<RecordedSuccession[]> {
    const unread = reshIds.filter((reshId) => !this.chains.has(reshId));
    if (unread.length > 0) this.addChains(unread, await readSuccessionChains(this.tx, unread));
    const reached = new Set(reshIds);
    const found: RecordedSuccession[] = [];
    for (const reshId of reached)
      for (const succession of this.chains.get(reshId) ?? []) {
        found.push(succession);
        reached.add(succession.to);
      }
    return found;
  }

  private addChains(reshIds: readonly number[], successions: readonly RecordedSuccession[]): void {
    const ends = [...reshIds, ...successions.map(({ to }) => to)];
    const keys = [...new Set(ends)];
    groupByKey(keys, successions, ({ from }) => from).forEach((group, index) => {
      const key = keys[index];
      if (key !== undefined) this.chains.set(key, group);
    });
  }

  /** Returns the first RESH-id that the register has never used. */
  async findFirstFreeReshId(): Promise<number> {
    this.firstFreeReshId ??= await readNextReshId(this.tx);
    return this.firstFreeReshId;
  }
}

async function loadAll<Key, Value>(loader: DataLoader<Key, Value, unknown>, keys: readonly Key[]): Promise<Value[]> {
  return Promise.all([...new Set(keys)].map((key) => loader.load(key)));
}

function formatCodeKey({ codeSet, code }: CodeKey): string {
  return `${codeSet}:${code}`;
}

function formatIdentifier({ system, value }: IdentifierKey): string {
  return JSON.stringify([system, value]);
}

/** Returns whether two identifiers are the same value in the same system. */
export function isSameIdentifier(one: IdentifierKey, other: IdentifierKey): boolean {
  return one.system === other.system && one.value === other.value;
}

/** Returns the rows of each key, in the order of the keys. */
function groupByKey<Key, Row>(keys: readonly Key[], rows: readonly Row[], keyOf: (row: Row) => unknown): Row[][] {
  const groups = new Map<unknown, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(keyOf(row))?.push(row);
  return keys.map((key) => groups.get(key) ?? []);
}
