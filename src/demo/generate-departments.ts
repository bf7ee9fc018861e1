import type { Day } from '../domain/time/day.ts';
import { chooseCodes } from './choose-codes.ts';
import { unitDefaults, type DemoSite, type DemoSuccession, type DemoUnit } from './demo-unit.ts';
import { placeUnderParent, clipPeriods, assignNames, isOpenEndedFrom, type Placement } from './placements.ts';
import type { RandomSource } from './random.ts';
import {
  formatDepartmentName,
  familyNames,
  givenNames,
  formatNameBySubject,
  type Establishment,
  type MedicalField,
  type FieldGroup,
  type UnitKind,
} from './vocabulary.ts';

/** Ids and numbers of the generator, each assigned once. */
export interface IdSequence {
  nextReshId(): number;
  nextSiteNumber(): string;
}

/** A unit under which departments are generated. */
export interface ParentUnit {
  readonly reshId: number;
  /** Placements of the unit, followed by those of the unit that took over its children */
  readonly placements: readonly Placement[];
  readonly establishment: Establishment;
  readonly place: string;
  readonly siteNumber: string | null;
  /** Field of the unit; undefined above the clinics */
  readonly current: { readonly of: MedicalField; readonly group: FieldGroup } | undefined;
  /** Units that its children may move to */
  readonly moveTargets: readonly Pick<ParentUnit, 'reshId' | 'placements'>[];
}

/** The size, placements and successions of a department, before its name and facts are chosen. */
interface DepartmentPlan {
  readonly reshId: number;
  readonly size: number;
  readonly placements: readonly Placement[];
  /** Placements of its children once it is closed */
  readonly successorPlacements: readonly Placement[];
  readonly successions: readonly DemoSuccession[];
  readonly isInGroupEvent: boolean;
}

const maxDepth = 7;

type GroupEvent = { readonly kind: DemoSuccession['kind']; readonly on: Day } | undefined;

/**
 * Generates the departments under a unit: the children first, then the departments under each of them.
 *
 * @param depth number of departments above the children
 * @param count approximate number of departments
 */
export function* generateDepartments(
  parentUnit: ParentUnit,
  depth: number,
  count: number,
  idSequence: IdSequence,
  random: RandomSource,
): Generator<DemoUnit> {
  const { establishment, place } = parentUnit;
  const kinds = establishment.kinds[Math.min(depth, establishment.kinds.length - 1)] ?? [];
  const plans = planDepartments(parentUnit, distributeSizes(count, depth, random), idSequence, random);
  const offset = random.integerBelow(60);
  const nameCounts = new Map<string, number>();
  const parents: ParentUnit[] = [];

  for (const [index, plan] of plans.entries()) {
    const { reshId, placements } = plan;
    const kind = random.pick(kinds);
    const field = chooseField(parentUnit, index, offset, random);
    const generatedName =
      random.next() < 0.75 ? formatDepartmentName(field.of, kind) : formatNameBySubject(field.of, kind);
    const name = makeUniqueName(
      kind.alternativeNames && random.oneIn(3) ? random.pick(kind.alternativeNames) : generatedName,
      nameCounts,
    );
    const renamedOn = random.next() < 0.06 ? random.pastDay() : undefined;
    const end = placements.at(-1)?.to ?? null;
    const versions = assignNames(
      placements,
      name,
      renamedOn !== undefined && (end === null || renamedOn < end)
        ? { former: chooseFormerName(field, kind, name), on: renamedOn }
        : undefined,
    );
    const newSite: DemoSite | null =
      depth === 0 && random.oneIn(6)
        ? {
            number: idSequence.nextSiteNumber(),
            name: `${place} ${establishment.noun}, ${field.of.subject}`,
            city: place,
          }
        : null;
    const siteNumber = depth > 0 && random.oneIn(50) ? null : (newSite?.number ?? parentUnit.siteNumber);
    yield {
      ...unitDefaults,
      reshId,
      type: 'DEPARTMENT',
      designation: kind.designation,
      responsiblePerson: random.oneIn(8) ? `${random.pick(givenNames)} ${random.pick(familyNames)}` : null,
      versions,
      siteNumber,
      newSite,
      codes: depth === 0 ? [] : chooseCodes(field.of, versions, random),
      successions: plan.successions,
      isIndependent: plan.size === 1 && index > 0 && !plan.isInGroupEvent,
    };
    if (plan.size > 1)
      parents.push({
        reshId,
        establishment,
        place,
        siteNumber,
        current: field,
        placements: [...placements, ...plan.successorPlacements],
        moveTargets: [],
      });
  }

  const sizes = new Map(plans.map(({ reshId, size }) => [reshId, size - 1]));
  for (const parent of parents) {
    const moveTargets = parents.filter(({ reshId }) => reshId !== parent.reshId);
    yield* generateDepartments(
      { ...parent, moveTargets },
      depth + 1,
      sizes.get(parent.reshId) ?? 0,
      idSequence,
      random,
    );
  }
}

function planDepartments(
  parent: ParentUnit,
  sizes: readonly number[],
  idSequence: IdSequence,
  random: RandomSource,
): DepartmentPlan[] {
  const event = chooseGroupEvent(parent.placements, sizes.length, random);
  const reshIds = sizes.map(() => idSequence.nextReshId());
  const plans: DepartmentPlan[] = [];
  sizes.forEach((size, index) => {
    const reshId = reshIds[index] ?? idSequence.nextReshId();
    const [firstSibling] = plans;
    const ownPlacements = placeUnderParent(parent.placements, reshId);
    const createPlan = (placements: readonly Placement[], overrides: Partial<DepartmentPlan> = {}): DepartmentPlan => ({
      reshId,
      size,
      placements,
      successorPlacements: [],
      successions: [],
      isInGroupEvent: false,
      ...overrides,
    });
    const [first, second] = reshIds;
    const begin = ownPlacements[0]?.from;
    const partCount = event?.kind === 'SPLIT' ? 2 : 1;
    if (!event || begin === undefined || first === undefined || second === undefined)
      plans.push(createPlan(choosePlacements(reshId, parent, firstSibling, random)));
    else if (event.kind === 'MERGE' && index <= 2)
      plans.push(
        index === 0
          ? createPlan(ownPlacements, { isInGroupEvent: true })
          : createPlan(clipPeriods(ownPlacements, begin, event.on), {
              successorPlacements: clipPeriods(firstSibling?.placements ?? [], event.on, null),
              successions: [{ from: reshId, to: first, ...event }],
              isInGroupEvent: true,
            }),
      );
    else if (event.kind !== 'MERGE' && index === 0)
      plans.push(
        createPlan(clipPeriods(ownPlacements, begin, event.on), {
          successorPlacements: clipPeriods(placeUnderParent(parent.placements, second), event.on, null),
          isInGroupEvent: true,
        }),
      );
    else if (event.kind !== 'MERGE' && index <= partCount)
      plans.push(
        createPlan(clipPeriods(ownPlacements, event.on, null), {
          successions: [{ from: first, to: reshId, ...event }],
          isInGroupEvent: true,
        }),
      );
    else plans.push(createPlan(choosePlacements(reshId, parent, firstSibling, random)));
  });
  return plans;
}

function chooseGroupEvent(parent: readonly Placement[], siblings: number, random: RandomSource): GroupEvent {
  const draw = random.next();
  const on = random.pastDay();
  const [first] = parent;
  if (siblings < 4 || draw >= 0.14 || !first || first.from >= on || !isOpenEndedFrom(parent, on)) return undefined;
  return { kind: chooseEventKind(draw), on };
}

function chooseEventKind(draw: number): DemoSuccession['kind'] {
  if (draw < 0.07) return 'MERGE';
  return draw < 0.11 ? 'SPLIT' : 'REPLACEMENT';
}

/** Chooses the placements of a department that takes no part in a merger, split or replacement. */
function choosePlacements(
  reshId: number,
  parent: ParentUnit,
  firstSibling: DepartmentPlan | undefined,
  random: RandomSource,
): Placement[] {
  const parentPlacements = placeUnderParent(parent.placements, reshId);
  const openedOn = parentPlacements[0]?.from;
  const draw = firstSibling ? random.next() : 1;
  if (openedOn === undefined || draw >= 0.27) return parentPlacements;
  const isPlanned = draw < 0.01 || (draw >= 0.06 && draw < 0.07) || draw >= 0.26;
  const day = isPlanned ? random.plannedDay() : random.pastDay();
  if (draw < 0.06) {
    const target = parent.moveTargets.length > 0 ? random.pick(parent.moveTargets) : firstSibling;
    if (
      !target ||
      !isOpenEndedFrom(target.placements, day) ||
      day <= openedOn ||
      !isOpenEndedFrom(parentPlacements, day)
    )
      return parentPlacements;
    return [
      ...clipPeriods(parentPlacements, openedOn, day),
      ...clipPeriods(placeUnderParent(target.placements, reshId), day, null),
    ];
  }
  const clipped = draw < 0.12 ? clipPeriods(parentPlacements, openedOn, day) : clipPeriods(parentPlacements, day, null);
  return clipped.length > 0 ? clipped : parentPlacements;
}

function distributeSizes(count: number, depth: number, random: RandomSource): number[] {
  const childCount = Math.min(count, 2 + random.integerBelow(6));
  const sizes: number[] = [];
  let remaining = count;
  for (let child = 0; child < childCount && remaining > 0; child++) {
    const share =
      child === childCount - 1
        ? remaining
        : Math.max(1, Math.floor((remaining / (childCount - child)) * (0.5 + random.next())));
    const size = depth >= maxDepth ? 1 : Math.min(remaining, share);
    remaining -= size;
    sizes.push(size);
  }
  return sizes;
}

function chooseField(
  parent: ParentUnit,
  index: number,
  offset: number,
  random: RandomSource,
): NonNullable<ParentUnit['current']> {
  const { establishment, current } = parent;
  if (!current) {
    const group =
      establishment.groups[(offset + index) % establishment.groups.length] ?? random.pick(establishment.groups);
    return { of: group[0], group };
  }
  // The departments of a clinic have different fields; departments further down have the field of their parent.
  if (current.of !== current.group[0]) return current;
  return { of: current.group[(offset + index) % current.group.length] ?? current.of, group: current.group };
}

/** Adds a number to a name that another child of the parent has: 'Sengepost 2'. */
function makeUniqueName(name: string, nameCounts: Map<string, number>): string {
  const occurrence = (nameCounts.get(name) ?? 0) + 1;
  nameCounts.set(name, occurrence);
  return occurrence === 1 ? name : `${name} ${occurrence}`;
}

/** Chooses a former name for a department: that of the wider field, or the other wording of its field. */
function chooseFormerName(
  { of: current, group }: NonNullable<ParentUnit['current']>,
  kind: UnitKind,
  name: string,
): string {
  // Diagnostic and acute fields are not part of the first field in their group.
  const wider = current.service ? current : group[0];
  const names = [
    formatDepartmentName(wider, kind),
    formatNameBySubject(current, kind),
    formatDepartmentName(current, kind),
  ];
  return names.find((former) => former !== name) ?? name;
}
