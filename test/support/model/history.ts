import fc from 'fast-check';
import { computeCheckDigit } from '../../../src/domain/text/organization-number.ts';
import { addDays, type Day } from '../../../src/domain/time/day.ts';
import { norwegianNames } from './norwegian-names.ts';
import { emptyState, type Facts, type RegisterState, type Revisions, type DatedFacts } from './register-state.ts';

/**
 * Organization numbers, with valid check digits, of the treatment sites of a history. The last is also the number of
 * the first organization.
 */
export const modelSites = ['974747138', '974749025', '974557746', '910000004'] as const;

/** A random step. On days where the rules of the tree forbid it, the unit stays as it was. */
interface HistoryStep {
  readonly kind: 'create' | 'patch' | 'move' | 'close' | 'gap' | 'reopen' | 'withdraw' | 'cut';
  readonly unit: number;
  readonly other: number;
  readonly from: number;
  readonly length: number;
  readonly name: string;
  readonly isOrganization: boolean;
}

/** A random history: the state at each revision, the days on which anything changes, and its RESH-ids. */
export interface History {
  readonly revisions: Revisions;
  readonly days: readonly Day[];
  readonly reshIds: readonly number[];
}

/** Days divided into slots. In each slot a unit has one set of facts or none, so rules are checked slot by slot. */
class Slots {
  readonly units = new Map<number, (Facts | undefined)[]>();
  readonly redundantBoundaries = new Set<string>();

  constructor(private readonly days: readonly Day[]) {}

  private factsAt(reshId: number, slot: number): Facts | undefined {
    return this.units.get(reshId)?.[slot];
  }

  private pick(n: number): number | undefined {
    const reshIds = [...this.units.keys()];
    return reshIds[n % Math.max(1, reshIds.length)];
  }

  private isWithin(reshId: number, scope: number, slot: number): boolean {
    for (
      let ancestor: number | null = reshId;
      ancestor !== null;
      ancestor = this.factsAt(ancestor, slot)?.parentReshId ?? null
    )
      if (ancestor === scope) return true;
    return false;
  }

  /** Rules 2, 3 and 4: the parent is valid, is not the unit or under it, and has a type that may be its parent. */
  private canHaveParent(type: Facts['type'], reshId: number, parent: number | null, slot: number): boolean {
    if (parent === null) return type === 'ORGANIZATION';
    const parentFacts = this.factsAt(parent, slot);
    if (!parentFacts || this.isWithin(parent, reshId, slot)) return false;
    return type === 'DEPARTMENT' || parentFacts.type === 'ORGANIZATION';
  }

  private remove(reshId: number, slot: number): void {
    const slots = this.units.get(reshId);
    if (slots) slots[slot] = undefined;
    for (const [child, facts] of this.units) if (facts[slot]?.parentReshId === reshId) this.remove(child, slot);
  }

  private hasChildren(reshId: number): boolean {
    return [...this.units.values()].some((slots) => slots.some((facts) => facts?.parentReshId === reshId));
  }

  private affectedSlots({ from, length }: HistoryStep): number[] {
    const first = from % this.days.length;
    return this.days.map((_day, slot) => slot).filter((slot) => slot >= first && slot < first + length);
  }

  apply(step: HistoryStep): void {
    if (step.kind === 'create') return this.create(step);
    const reshId = this.pick(step.unit);
    const slots = reshId === undefined ? undefined : this.units.get(reshId);
    if (reshId === undefined || !slots) return;
    if (step.kind === 'cut') {
      this.redundantBoundaries.add(`${reshId}@${this.days[step.from % this.days.length] ?? ''}`);
      return;
    }
    if (step.kind === 'withdraw' && this.hasChildren(reshId)) return;
    const targetSlots = step.kind === 'withdraw' ? this.days.map((_day, slot) => slot) : this.affectedSlots(step);
    // Removing all days of a unit is a withdrawal, not a closing.
    if (step.kind === 'close' && !slots.some((facts, slot) => facts && slot < (targetSlots[0] ?? 0))) return;
    const last = slots.findLast((facts, slot) => facts && slot < (targetSlots[0] ?? 0)) ?? slots.find((facts) => facts);
    for (const slot of targetSlots) {
      const facts = slots[slot];
      if (step.kind === 'reopen') {
        if (!facts && last && this.canHaveParent(last.type, reshId, last.parentReshId, slot)) slots[slot] = last;
      } else if (!facts) continue;
      else if (step.kind === 'patch') slots[slot] = { ...facts, ...this.buildPatch(step) };
      else if (step.kind === 'move') {
        const parentReshId = step.other === 0 ? null : (this.pick(step.other) ?? null);
        if (this.canHaveParent(facts.type, reshId, parentReshId, slot)) slots[slot] = { ...facts, parentReshId };
      } else this.remove(reshId, slot);
    }
  }

  private buildPatch({ name, other, isOrganization }: HistoryStep): Partial<Facts> {
    if (other % 3 === 0) return { shortName: isOrganization ? null : name.slice(0, 2) };
    if (other % 3 === 1) return { treatmentSiteNumber: modelSites[(other >> 2) % 5] ?? null };
    return { name };
  }

  private create(step: HistoryStep): void {
    const reshId = generateReshId(this.units.size);
    const type = step.isOrganization || this.units.size === 0 ? 'ORGANIZATION' : 'DEPARTMENT';
    const parentReshId = type === 'ORGANIZATION' && step.other % 4 === 0 ? null : (this.pick(step.other) ?? null);
    const facts: Facts = {
      parentReshId,
      type,
      name: step.name,
      shortName: null,
      organizationNumber: type === 'ORGANIZATION' ? generateOrganizationNumber(this.units.size) : null,
      treatmentSiteNumber: modelSites[step.unit % 6] ?? null,
    };
    const targetSlots = this.affectedSlots(step);
    const slots = this.days.map((_day, slot) =>
      targetSlots.includes(slot) && this.canHaveParent(type, reshId, parentReshId, slot) ? facts : undefined,
    );
    if (slots.some((each) => each)) this.units.set(reshId, slots);
  }

  /** Merges adjacent slots with the same facts into one period; the last slot is open. */
  toState(): RegisterState {
    const timelines = new Map<number, DatedFacts[]>();
    for (const [reshId, slots] of this.units) {
      const timeline: DatedFacts[] = [];
      slots.forEach((facts, slot) => {
        const from = this.days[slot];
        if (!facts || from === undefined) return;
        const to = this.days[slot + 1] ?? null;
        const before = timeline.at(-1);
        if (
          before?.to === from &&
          JSON.stringify({ ...before, from: 0, to: 0 }) === JSON.stringify({ ...facts, from: 0, to: 0 })
        )
          timeline[timeline.length - 1] = { ...before, to };
        else timeline.push({ ...facts, from, to });
      });
      timelines.set(reshId, timeline);
    }
    return { timelines, redundantBoundaries: new Set(this.redundantBoundaries), successions: [] };
  }
}

// Spread out and close together, with one to seven digits, not in order of creation.
function generateReshId(n: number): number {
  return (((n * 37) % 101) + 1) * (n % 3 === 0 ? 40_000 : 1);
}

// Rule 5: each organization has its own number, or none.
function generateOrganizationNumber(n: number): string | null {
  const digits = String(91_000_000 + n);
  const check = computeCheckDigit(digits);
  return check === undefined ? null : `${digits}${check}`;
}

const openingStep = arbitraryStep(fc.constant('create' as const)).map((step) => ({
  ...step,
  from: step.from < 7 ? 0 : step.from,
}));

function arbitraryStep(kind: fc.Arbitrary<HistoryStep['kind']>, longest = 8): fc.Arbitrary<HistoryStep> {
  return fc.record({
    kind,
    unit: fc.nat(40),
    other: fc.nat(40),
    from: fc.nat(7),
    // Mostly open, which is the usual case.
    length: fc.oneof(
      { weight: 2, arbitrary: fc.constant(8) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: longest }) },
    ),
    name: fc.constantFrom(...norwegianNames),
    isOrganization: fc.nat(3).map((n) => n === 1),
  });
}

const laterStep = arbitraryStep(
  fc.oneof(
    ...(
      [
        ['create', 2],
        ['patch', 2],
        ['move', 8],
        ['close', 2],
        ['gap', 1],
        ['reopen', 2],
        ['withdraw', 1],
        ['cut', 1],
      ] as const
    ).map(([kind, weight]) => ({ weight, arbitrary: fc.constant<HistoryStep['kind']>(kind) })),
  ),
).map((step) =>
  step.kind === 'gap'
    ? { ...step, length: 1 + (step.length % 2) }
    : step.kind === 'close'
      ? { ...step, length: 8 }
      : step,
);

const firstDay = '2020-02-20';
const days = fc
  .uniqueArray(fc.oneof(fc.nat(12), fc.nat(3_000)), { minLength: 3, maxLength: 8 })
  .map((offsets) => [...offsets].sort((one, other) => one - other).map((offset) => addDays(firstDay, offset)));

/**
 * Random histories of trees: up to 25 units and 8 changes, with facts changing on up to 8 days. The rules of the tree
 * hold on every day at every revision.
 *
 * @param changes minimum number of changes after the first
 */
export function histories(changes = 0): fc.Arbitrary<History> {
  return fc
    .record({
      days,
      openings: fc.array(openingStep, { minLength: 6, maxLength: 16, size: 'max' }),
      changes: fc.array(fc.array(laterStep, { minLength: 1, maxLength: 5, size: 'max' }), {
        minLength: changes,
        maxLength: 7,
        size: 'max',
      }),
    })
    .map(({ days: boundaries, openings, changes: steps }) => {
      const slots = new Slots(boundaries);
      const revisions = [emptyState];
      for (const change of [openings, ...steps]) {
        for (const step of change) if (step.kind !== 'create' || slots.units.size < 25) slots.apply(step);
        revisions.push(slots.toState());
      }
      return { revisions, days: boundaries, reshIds: [...slots.units.keys()] };
    });
}

/** Returns a day near those on which a history changes: on one of them, the day before, or long before or after all. */
export function dayNear({ days: boundaries }: History, n: number): Day {
  return addDays(boundaries[n % boundaries.length] ?? firstDay, [0, 0, 0, -1, 1, 0, 4_000, -400][(n >> 3) % 8] ?? 0);
}
