import type { Day } from '../../domain/time/day.ts';
import { unitDifference, type UnitDifference } from '../../domain/unit/difference.ts';
import { Draft } from '../../domain/plan/draft.ts';
import { covers } from '../../domain/time/period.ts';
import { endedUnit } from '../../domain/plan/closing.ts';
import { endedGrants, holdsFrom } from '../../domain/plan/grants.ts';
import { asPictured } from '../../domain/plan/desired-state.ts';
import { called } from '../../domain/plan/parent-rules.ts';
import { endSuccessions } from '../../domain/plan/successions.ts';
import { yieldNumbers, yieldPlans, type Yielding } from '../../domain/plan/planned-conflicts.ts';
import { emptyUnit, type UnitState } from '../../domain/unit/state.ts';
import { readGrantsOn } from '../../store/change/access.ts';
import { readChildrenFrom, readSucceeding, readSuccessionsFrom, readUnitStates } from '../../store/change/units.ts';
import { readKnownCodes, readNumberHolders } from '../../store/change/references.ts';
import type { ChangeTransaction } from '../../store/change/ledger.ts';
import type { PictureDifference, PictureScope } from '../../store/sync/difference.ts';

/** Something that stands in the way of a unit being as the picture has it, or of its closing. */
export interface PictureConflict {
  readonly reshId: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly problem: string;
  readonly remedy: string;
}

/** A unit that a synchronization changes on its day, with its name and its place before and after. */
export interface SynchronizedUnit extends UnitDifference {
  readonly name: string;
  /** Its id in the system whose units the picture is of */
  readonly foreignId: string | null;
}

/** What a synchronization comes to. */
export interface SynchronizationPlan {
  readonly conflicts: readonly PictureConflict[];
  readonly draft: Draft;
  readonly units: readonly SynchronizedUnit[];
  /** Plans for later days that fall away, by the unit */
  readonly fallen: Yielding['notes'];
}

/** The register as a plan loads it, each unit once. */
class Loaded {
  readonly states = new Map<number, UnitState>();
  private readonly asked = new Set<number>();

  constructor(private readonly tx: ChangeTransaction) {}

  /** Loads units that were not asked for before; tells which of them there are. */
  async load(reshIds: Iterable<number>): Promise<UnitState[]> {
    const wanted = [...new Set(reshIds)].filter((reshId) => !this.asked.has(reshId));
    if (wanted.length === 0) return [];
    for (const reshId of wanted) this.asked.add(reshId);
    const found = [...(await readUnitStates(this.tx, wanted)).values()];
    for (const unit of found) this.states.set(unit.reshId, unit);
    return found;
  }
}

const parentsFrom = (units: Iterable<UnitState>, day: Day): number[] =>
  [...units].flatMap(({ versions }) =>
    versions.flatMap(({ parentReshId, to }) =>
      parentReshId !== null && (to === null || to > day) ? [parentReshId] : [],
    ),
  );

/** Loads what stands above units on some day from a day on, up to the roots. */
const loadAbove = async (loaded: Loaded, units: Map<number, UnitState>, day: Day): Promise<void> => {
  for (let next: Iterable<UnitState> = units.values(); ;) {
    const found = await loaded.load(parentsFrom(next, day).filter((reshId) => !units.has(reshId)));
    if (found.length === 0) return;
    for (const unit of found) units.set(unit.reshId, unit);
    next = found;
  }
};

/** Lets plans yield, and loads what stands beneath units that lose days until nothing more is beneath any. */
const settled = async (
  tx: ChangeTransaction,
  loaded: Loaded,
  units: Map<number, UnitState>,
  closing: readonly number[],
  day: Day,
): Promise<Yielding> => {
  for (let beneath: readonly number[] = closing; ;) {
    const children = beneath.length === 0 ? [] : await readChildrenFrom(tx, beneath, day);
    const found = await loaded.load(children.map(({ reshId }) => reshId).filter((reshId) => !units.has(reshId)));
    for (const unit of found) units.set(unit.reshId, unit);
    await loadAbove(loaded, units, day);
    const yielding = yieldPlans(units, day);
    const known = new Set(beneath);
    const more = [...yielding.shortened].filter((reshId) => !known.has(reshId));
    if (more.length === 0) return yielding;
    beneath = [...beneath, ...more];
  }
};

const misplacedConflict = (
  { reshId, parentReshId, why }: Yielding['misplaced'][number],
  units: ReadonlyMap<number, UnitState>,
  absent: ReadonlySet<number>,
  day: Day,
): PictureConflict => {
  const [unit, parent] = [reshId, parentReshId].map((id) => called(id, units.get(id)?.versions)) as [string, string];
  if (why === 'PARENT_CLOSED' && absent.has(parentReshId))
    return {
      reshId: parentReshId,
      column: null,
      value: null,
      problem: `unit ${parent} is missing from the file and would close, and unit ${unit}, of which the file says nothing, stands beneath it on ${day}`,
      remedy: `move or close unit ${reshId} first, or add unit ${parentReshId} to the file`,
    };
  return {
    reshId,
    column: 'parent_resh_id',
    value: String(parentReshId),
    problem:
      why === 'CYCLE'
        ? `leads back to unit ${unit} itself, through units of which the file says nothing`
        : why === 'WRONG_PARENT_TYPE'
          ? `is the department ${parent}, and unit ${unit} is an organization`
          : `is unit ${parent}, which is not valid on ${day}`,
    remedy: 'correct the parent',
  };
};

/**
 * Plans how the register becomes what a picture of a day has, from the day on. Facts hold until the next day on which they were
 * already going to change; plans that cannot be any more fall away.
 *
 * @param system whose ids of units are told, or null
 * @param today in Oslo: grants on what closes end then at the earliest
 */
export const planSynchronization = async (
  tx: ChangeTransaction,
  { units: pictured, absent }: PictureDifference,
  { day, system }: Pick<PictureScope, 'day' | 'system'>,
  today: Day,
): Promise<SynchronizationPlan> => {
  const loaded = new Loaded(tx);
  await loaded.load([...pictured.map(({ reshId }) => reshId), ...absent]);
  const before = new Map(loaded.states);
  const isValid = (unit: UnitState | undefined) => unit?.versions.some((row) => covers(row, day)) ?? false;
  const reopened = pictured.flatMap(({ reshId }) => {
    const unit = before.get(reshId);
    return unit && !isValid(unit) ? [unit] : [];
  });
  const known = await readKnownCodes(
    tx,
    reopened.flatMap(({ codes }) => codes),
  );
  const units = new Map(before);
  for (const unit of pictured) units.set(unit.reshId, asPictured(before.get(unit.reshId), unit, day, known));
  const closing = absent.flatMap((reshId) => before.get(reshId) ?? []);
  for (const unit of closing) units.set(unit.reshId, endedUnit(unit, day));

  const yielding = await settled(tx, loaded, units, absent, day);
  const closes = new Set(absent);
  const conflicts = yielding.misplaced.map((misplaced) => misplacedConflict(misplaced, units, closes, day));
  const placed = new Map(yielding.units);
  const numbers = [...placed.values()]
    .filter((unit) => unit !== loaded.states.get(unit.reshId))
    .flatMap(({ versions }) => versions.flatMap(({ organizationNumber }) => organizationNumber ?? []));
  const holders = await loaded.load(
    (await readNumberHolders(tx, [...new Set(numbers)]))
      .filter((holder) => holdsFrom(holder, day) && !placed.has(holder.reshId))
      .map(({ reshId }) => reshId),
  );
  for (const unit of holders) placed.set(unit.reshId, unit);
  const numbered = yieldNumbers(placed, day);
  const inFile = new Set(pictured.map(({ reshId }) => reshId));
  for (const { reshId, otherReshId, organizationNumber } of numbered.twice) {
    const [one, other] = inFile.has(reshId) ? [reshId, otherReshId] : [otherReshId, reshId];
    conflicts.push({
      reshId: one,
      column: 'organization_number',
      value: organizationNumber,
      problem: `is that of unit ${called(other, placed.get(other)?.versions)} on ${day}`,
      remedy: 'an organization number belongs to one unit: correct the row, or free the number first',
    });
  }
  const withdrawn = closing
    .map(({ reshId }) => reshId)
    .filter((reshId) => numbered.units.get(reshId)?.versions.length === 0);
  const succeeding = withdrawn.length === 0 ? new Set<number>() : await readSucceeding(tx, withdrawn);
  for (const reshId of withdrawn)
    if (succeeding.has(reshId))
      conflicts.push({
        reshId,
        column: null,
        value: null,
        problem: `unit ${called(reshId, before.get(reshId)?.versions)} is missing from the file, begins on ${day}, and became another, or another became it`,
        remedy: 'add it to the file, or choose a later day',
      });

  const draft = new Draft([...loaded.states.values()]);
  const changed = [...numbered.units.values()].filter((unit) => unit !== loaded.states.get(unit.reshId));
  if (conflicts.length === 0) {
    const place = new Map(pictured.map(({ reshId }, at) => [reshId, at]));
    draft.put(changed.sort((one, other) => (place.get(one.reshId) ?? -1) - (place.get(other.reshId) ?? -1)));
    const end = day > today ? day : today;
    const grants = absent.length === 0 ? [] : await readGrantsOn(tx, absent);
    draft.endGrants(
      endedGrants(
        grants.filter((grant) => holdsFrom(grant, end)),
        end,
      ),
    );
    if (absent.length > 0)
      endSuccessions(draft, absent, await readSuccessionsFrom(tx, absent), ({ effectiveOn }) => effectiveOn > day);
    const unclosed = reopened
      .filter(({ versions }) => versions.some(({ to }) => to === day))
      .map(({ reshId }) => reshId);
    if (unclosed.length > 0)
      endSuccessions(
        draft,
        unclosed,
        await readSuccessionsFrom(tx, unclosed),
        ({ effectiveOn }) => effectiveOn === day,
      );
  }
  return {
    conflicts,
    draft,
    units: [...pictured.map(({ reshId }) => reshId), ...absent].flatMap((reshId): SynchronizedUnit[] => {
      const [was, is] = [before.get(reshId) ?? emptyUnit(reshId), draft.unit(reshId) ?? emptyUnit(reshId)];
      const difference = unitDifference({ reshId, from: { day, known: was }, to: { day, known: is }, became: [] });
      if (!difference) return [];
      const row = [is, was].flatMap(({ versions }) => versions.find((version) => covers(version, day)) ?? [])[0];
      const id = [is, was].flatMap(
        ({ identifiers }) => identifiers.find((each) => each.system === system && covers(each, day)) ?? [],
      )[0];
      return [{ ...difference, name: row?.name ?? '', foreignId: id?.value ?? null }];
    }),
    fallen: [...yielding.notes, ...numbered.notes],
  };
};
