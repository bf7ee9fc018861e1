import { computeCheckDigit } from '../../../src/domain/text/organization-number.ts';

/** A unit of the generated tree. */
export interface TreeUnit {
  readonly id: number;
  readonly parent: TreeUnit | undefined;
  /** Number of units on the path from the root, 1 for a root */
  readonly depth: number;
  readonly name: string;
  readonly organizationNumber: string;
  readonly siteNumber: string | undefined;
  readonly codes: readonly string[];
  /** Number of units in the subtree, with the unit itself */
  readonly size: number;
  /** Interval that contains the intervals of all units under the unit */
  readonly left: number;
  readonly right: number;
}

export interface TreatmentSite {
  readonly number: string;
  readonly name: string;
}

export interface Tree {
  readonly units: readonly TreeUnit[];
  readonly sites: readonly TreatmentSite[];
}

interface Draft {
  readonly parent: Draft | undefined;
  readonly depth: number;
  readonly children: Draft[];
}

type RandomInteger = (least: number, greatest: number) => number;

const REGIONS = 4;
/** Numbers of units in the subtrees of the trusts, in turn. */
const trustSizes = [5000, 3000, 2000, 1500, 1000, 800, 500, 500, 300, 200, 150, 50];
/** Least and greatest number of children of a unit, by its depth. */
const childCounts: Readonly<Record<number, readonly [number, number]>> = {
  2: [4, 8],
  3: [6, 16],
  4: [4, 12],
  5: [3, 9],
  6: [2, 7],
  7: [2, 6],
  8: [1, 5],
};
const CLINIC_DEPTH = 3;
const GREATEST_DEPTH = 10;
const fields = (
  'Medisinsk Kirurgisk Ortopedisk Psykiatrisk Barne Føde Nevrologisk Onkologisk Radiologisk Anestesi Hjerte Lunge ' +
  'Øye Hud Rehabiliterings'
).split(' ');
const kinds = 'regionforetak foretak klinikk avdeling seksjon sengepost team enhet post pult'.split(' ');

/** Generates a tree like the register of health organizations; the same number of units gives the same tree. */
export function generateTree(count: number): Tree {
  const random = createRandom(42);
  const randomInteger: RandomInteger = (least, greatest) => least + Math.floor(random() * (greatest - least + 1));
  const drafts = draftTree(count, random, randomInteger);
  const ids = shuffle(drafts.length, randomInteger);
  const numbers = generateOrganizationNumbers();
  const units = new Map<Draft, TreeUnit>();
  const sites: TreatmentSite[] = [];
  const siteNumbers = new Map<Draft, string>();
  const intervals = computeIntervals(drafts);
  for (const [index, draft] of drafts.entries()) {
    const parent = draft.parent && units.get(draft.parent);
    const id = ids[index] ?? 0;
    const name = `${pick(fields, randomInteger)} ${kinds[draft.depth - 1] ?? 'enhet'} ${id}`;
    const interval = intervals.get(draft) ?? { left: 0, right: 0 };
    const organizationNumber = nextNumber(numbers);
    if (draft.depth === CLINIC_DEPTH) {
      const site = { number: nextNumber(numbers), name: `${name} behandlingssted` };
      sites.push(site);
      siteNumbers.set(draft, site.number);
    }
    units.set(draft, {
      id,
      parent,
      depth: draft.depth,
      name,
      organizationNumber,
      siteNumber: id % 5 === 0 ? undefined : siteNumbers.get(findClinic(draft)),
      codes: draft.depth >= CLINIC_DEPTH ? pickCodes(random) : [],
      size: (interval.right - interval.left + 1) / 2,
      ...interval,
    });
  }
  return { units: [...units.values()].sort((one, other) => one.id - other.id), sites };
}

/** Returns a random generator (mulberry32) of numbers from 0 to 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function draftTree(count: number, random: () => number, randomInteger: RandomInteger): Draft[] {
  const drafts: Draft[] = [];
  const add = (parent: Draft | undefined): Draft => {
    const draft: Draft = { parent, depth: (parent?.depth ?? 0) + 1, children: [] };
    parent?.children.push(draft);
    drafts.push(draft);
    return draft;
  };
  // Adds as many units under a unit, distributed unevenly.
  const grow = (unit: Draft, descendants: number): void => {
    if (descendants <= 0) return;
    const [least, greatest] = childCounts[unit.depth] ?? [descendants, descendants];
    const isLast = unit.depth === GREATEST_DEPTH - 1;
    const childCount = isLast ? descendants : Math.min(descendants, randomInteger(least, greatest));
    const weights = Array.from({ length: childCount }, () => {
      const isLeaf = unit.depth > 3 && random() < 0.25;
      return isLeaf ? 0 : 0.15 - Math.log(1 - random());
    });
    if (!weights.some((weight) => weight > 0)) weights[0] = 1;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const rest = descendants - childCount;
    const shares = weights.map((weight) => Math.floor((rest * weight) / total));
    const heaviest = weights.indexOf(Math.max(...weights));
    shares[heaviest] = (shares[heaviest] ?? 0) + rest - shares.reduce((sum, share) => sum + share, 0);
    const children = weights.map(() => add(unit));
    for (const [index, child] of children.entries()) grow(child, shares[index] ?? 0);
  };
  const regions = Array.from({ length: REGIONS }, () => add(undefined));
  for (let trust = 0; drafts.length < count; trust += 1) {
    const region = regions[trust % REGIONS];
    const size = (trustSizes[trust % trustSizes.length] ?? 1) + (trust === 0 ? 0 : randomInteger(-9, 9));
    const descendants = Math.min(size, count - drafts.length) - 1;
    grow(add(region), descendants);
  }
  return drafts;
}

/** Returns the numbers from 1 in random order, so that the order of the ids is not that of the tree. */
function shuffle(count: number, randomInteger: RandomInteger): number[] {
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  for (let index = count - 1; index > 0; index -= 1) {
    const other = randomInteger(0, index);
    [ids[index], ids[other]] = [ids[other] ?? 0, ids[index] ?? 0];
  }
  return ids;
}

function* generateOrganizationNumbers(): Generator<string, undefined> {
  for (let number = 80_000_000; number < 99_999_999; number += 1) {
    const checkDigit = computeCheckDigit(`${number}`);
    if (checkDigit !== undefined) yield `${number}${checkDigit}`;
  }
}

function nextNumber(numbers: Generator<string, undefined>): string {
  const { value } = numbers.next();
  if (value === undefined) throw new Error('There are no more organization numbers.');
  return value;
}

function computeIntervals(drafts: readonly Draft[]): Map<Draft, { left: number; right: number }> {
  const intervals = new Map<Draft, { left: number; right: number }>();
  let bound = 0;
  const visit = (draft: Draft): void => {
    bound += 1;
    const interval = { left: bound, right: 0 };
    intervals.set(draft, interval);
    for (const child of draft.children) visit(child);
    bound += 1;
    interval.right = bound;
  };
  for (const draft of drafts) if (!draft.parent) visit(draft);
  return intervals;
}

function pick(values: readonly string[], randomInteger: RandomInteger): string {
  return values[randomInteger(0, values.length - 1)] ?? '';
}

/** Finds the clinic of a unit: the units under a clinic share its treatment site. */
function findClinic(draft: Draft): Draft {
  return draft.parent && draft.depth > CLINIC_DEPTH ? findClinic(draft.parent) : draft;
}

/** Picks up to four codes; low numbers are frequent. */
function pickCodes(random: () => number): string[] {
  const count = Math.floor(random() * random() * 4.5);
  const numbers = Array.from({ length: count }, () => Math.floor(60 * random() * random()));
  return [...new Set(numbers)].map((number) => `S${String(number).padStart(2, '0')}`).sort();
}
