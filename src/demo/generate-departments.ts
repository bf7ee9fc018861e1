import type { Day } from '../domain/time/day.ts';
import type { Chance } from './random.ts';
import {
  plainUnit,
  type DemoCodeOfUnit,
  type DemoSite,
  type DemoSuccession,
  type DemoUnit,
  type DemoVersion,
} from './demo-unit.ts';
import { beneath, clip, named, staysFrom, type Placement } from './placements.ts';
import {
  departmentName,
  familyNames,
  givenNames,
  nameBySubject,
  type Establishment,
  type Field,
  type FieldGroup,
  type Kind,
} from './vocabulary.ts';

/** What a run of the generator hands out once. */
export interface Numbers {
  nextReshId(): number;
  nextSiteNumber(): string;
}

/** A unit that departments are made beneath. */
export interface Above {
  readonly reshId: number;
  /** Placements of the unit, longer than its own validity where its children went over to another unit */
  readonly placements: readonly Placement[];
  readonly establishment: Establishment;
  readonly place: string;
  readonly siteNumber: string | null;
  /** Undefined above the clinics */
  readonly field: { readonly of: Field; readonly group: FieldGroup } | undefined;
  /** Units that its children may move to */
  readonly besides: readonly Pick<Above, 'reshId' | 'placements'>[];
}

/** A department before its name and facts: its days and what becomes of it. */
interface Plan {
  readonly reshId: number;
  readonly size: number;
  readonly placements: readonly Placement[];
  /** What its children are beneath once it is closed */
  readonly heir: readonly Placement[];
  readonly successions: readonly DemoSuccession[];
  readonly isInvolved: boolean;
}

const deepest = 7;

/** The same name again beneath the same parent gets a number: 'Sengepost 2'. */
const distinct = (name: string, used: Map<string, number>): string => {
  const times = (used.get(name) ?? 0) + 1;
  used.set(name, times);
  return times === 1 ? name : `${name} ${times}`;
};

const sizesOf = (count: number, depth: number, chance: Chance): number[] => {
  const fan = Math.min(count, 2 + chance.below(6));
  const sizes: number[] = [];
  let left = count;
  for (let child = 0; child < fan && left > 0; child++) {
    const share = child === fan - 1 ? left : Math.max(1, Math.floor((left / (fan - child)) * (0.5 + chance.next())));
    const size = depth >= deepest ? 1 : Math.min(left, share);
    left -= size;
    sizes.push(size);
  }
  return sizes;
};

type GroupEvent = { readonly kind: DemoSuccession['kind']; readonly on: Day } | undefined;

const groupEvent = (parent: readonly Placement[], siblings: number, chance: Chance): GroupEvent => {
  const event = chance.next();
  const on = chance.pastDay();
  const [first] = parent;
  if (siblings < 4 || event >= 0.14 || !first || first.from >= on || !staysFrom(parent, on)) return undefined;
  return { kind: event < 0.07 ? 'MERGE' : event < 0.11 ? 'SPLIT' : 'REPLACEMENT', on };
};

/** The days of one department that no other one's end or beginning decides. */
const placementsAlone = (reshId: number, above: Above, eldest: Plan | undefined, chance: Chance): Placement[] => {
  const all = beneath(above.placements, reshId);
  const opened = all[0]?.from;
  const event = eldest ? chance.next() : 1;
  if (opened === undefined || event >= 0.27) return all;
  const isPlanned = event < 0.01 || (event >= 0.06 && event < 0.07) || event >= 0.26;
  const day = isPlanned ? chance.plannedDay() : chance.pastDay();
  if (event < 0.06) {
    const target = above.besides.length > 0 ? chance.pick(above.besides) : eldest;
    if (!target || !staysFrom(target.placements, day) || day <= opened || !staysFrom(all, day)) return all;
    return [...clip(all, opened, day), ...clip(beneath(target.placements, reshId), day, null)];
  }
  const changed = event < 0.12 ? clip(all, opened, day) : clip(all, day, null);
  return changed.length > 0 ? changed : all;
};

const plansOf = (above: Above, sizes: readonly number[], numbers: Numbers, chance: Chance): Plan[] => {
  const event = groupEvent(above.placements, sizes.length, chance);
  const ids = sizes.map(() => numbers.nextReshId());
  const plans: Plan[] = [];
  sizes.forEach((size, index) => {
    const reshId = ids[index] ?? numbers.nextReshId();
    const [eldest] = plans;
    const own = beneath(above.placements, reshId);
    const plan = (placements: readonly Placement[], rest: Partial<Plan> = {}): Plan => ({
      ...{ reshId, size, placements, heir: [], successions: [], isInvolved: false },
      ...rest,
    });
    const [first, second] = ids;
    const begin = own[0]?.from;
    const parts = event?.kind === 'SPLIT' ? 2 : 1;
    if (!event || begin === undefined || first === undefined || second === undefined)
      plans.push(plan(placementsAlone(reshId, above, eldest, chance)));
    else if (event.kind === 'MERGE' && index <= 2)
      plans.push(
        index === 0
          ? plan(own, { isInvolved: true })
          : plan(clip(own, begin, event.on), {
              heir: clip(eldest?.placements ?? [], event.on, null),
              successions: [{ from: reshId, to: first, ...event }],
              isInvolved: true,
            }),
      );
    else if (event.kind !== 'MERGE' && index === 0)
      plans.push(
        plan(clip(own, begin, event.on), {
          heir: clip(beneath(above.placements, second), event.on, null),
          isInvolved: true,
        }),
      );
    else if (event.kind !== 'MERGE' && index <= parts)
      plans.push(
        plan(clip(own, event.on, null), {
          successions: [{ from: first, to: reshId, ...event }],
          isInvolved: true,
        }),
      );
    else plans.push(plan(placementsAlone(reshId, above, eldest, chance)));
  });
  return plans;
};

const fieldOf = (above: Above, index: number, offset: number, chance: Chance): NonNullable<Above['field']> => {
  const { establishment, field } = above;
  if (!field) {
    const group =
      establishment.groups[(offset + index) % establishment.groups.length] ?? chance.pick(establishment.groups);
    return { of: group[0], group };
  }
  // Beneath the head of a clinic its departments differ; further down they keep to their field.
  if (field.of !== field.group[0]) return field;
  return { of: field.group[(offset + index) % field.group.length] ?? field.of, group: field.group };
};

/** A name of before, for a department that has got another: by the wider field, or worded the other way. */
const formerName = ({ of, group }: NonNullable<Above['field']>, kind: Kind, name: string): string => {
  // Diagnostic and acute fields are no parts of the first in their group.
  const wider = of.service ? of : group[0];
  const names = [departmentName(wider, kind), nameBySubject(of, kind), departmentName(of, kind)];
  return names.find((former) => former !== name) ?? name;
};

const codesOf = (field: Field, versions: readonly DemoVersion[], chance: Chance): DemoCodeOfUnit[] => {
  const from = versions[0]?.from;
  if (from === undefined || chance.next() < 0.3) return [];
  const days = { from, to: versions.at(-1)?.to ?? null };
  // 231 went out of use at the beginning of 2017; who had it kept it.
  const specialty = field.subject === 'rehabilitering' && from < '2017-01-01' ? '231' : field.specialty;
  const codes: DemoCodeOfUnit[] = [{ codeSet: 8451, code: specialty, attributes: [], ...days }];
  if (field.area !== undefined && chance.next() < 0.4) {
    const later = chance.oneIn(6) ? chance.pastDay() : from;
    const isWithin = later > from && (days.to === null || later < days.to);
    codes.push({
      codeSet: 8655,
      code: field.area,
      attributes: chance.oneIn(8) ? [`8451:${specialty}`] : [],
      from: isWithin ? later : from,
      to: days.to,
    });
  }
  if (field.service)
    codes.push({ ...field.service, attributes: chance.oneIn(4) ? [`8451:${specialty}`] : [], ...days });
  return codes;
};

/**
 * Departments beneath a unit and beneath each other, siblings first, then what is beneath each of them.
 *
 * @param depth how many departments are above them
 * @param count about how many
 */
export function* generateDepartments(
  above: Above,
  depth: number,
  count: number,
  numbers: Numbers,
  chance: Chance,
): Generator<DemoUnit> {
  const { establishment, place } = above;
  const kinds = establishment.kinds[Math.min(depth, establishment.kinds.length - 1)] ?? [];
  const plans = plansOf(above, sizesOf(count, depth, chance), numbers, chance);
  const offset = chance.below(60);
  const used = new Map<string, number>();
  const parents: Above[] = [];

  for (const [index, plan] of plans.entries()) {
    const { reshId, placements } = plan;
    const kind = chance.pick(kinds);
    const field = fieldOf(above, index, offset, chance);
    const worded = chance.next() < 0.75 ? departmentName(field.of, kind) : nameBySubject(field.of, kind);
    const name = distinct(kind.alsoCalled && chance.oneIn(3) ? chance.pick(kind.alsoCalled) : worded, used);
    const renamedOn = chance.next() < 0.06 ? chance.pastDay() : undefined;
    const end = placements.at(-1)?.to ?? null;
    const versions = named(
      placements,
      name,
      renamedOn !== undefined && (end === null || renamedOn < end)
        ? { former: formerName(field, kind, name), on: renamedOn }
        : undefined,
    );
    const newSite: DemoSite | null =
      depth === 0 && chance.oneIn(6)
        ? { number: numbers.nextSiteNumber(), name: `${place} ${establishment.noun}, ${field.of.subject}`, city: place }
        : null;
    const siteNumber = depth > 0 && chance.oneIn(50) ? null : (newSite?.number ?? above.siteNumber);
    yield {
      ...plainUnit,
      reshId,
      type: 'DEPARTMENT',
      designation: kind.designation,
      responsiblePerson: chance.oneIn(8) ? `${chance.pick(givenNames)} ${chance.pick(familyNames)}` : null,
      versions,
      siteNumber,
      newSite,
      codes: depth === 0 ? [] : codesOf(field.of, versions, chance),
      successions: plan.successions,
      standsAlone: plan.size === 1 && index > 0 && !plan.isInvolved,
    };
    if (plan.size > 1)
      parents.push({
        ...{ reshId, establishment, place, siteNumber, field },
        placements: [...placements, ...plan.heir],
        besides: [],
      });
  }

  const sizes = new Map(plans.map(({ reshId, size }) => [reshId, size - 1]));
  for (const parent of parents) {
    const besides = parents.filter(({ reshId }) => reshId !== parent.reshId);
    yield* generateDepartments({ ...parent, besides }, depth + 1, sizes.get(parent.reshId) ?? 0, numbers, chance);
  }
}
