import { addDays, type Day } from '../../domain/day.ts';
import { organizationCheckDigit } from '../../domain/organization-number.ts';
import { familyNames, fields, givenNames, kinds, places } from './vocabulary.ts';
import { regions } from './top-of-tree.ts';

/** A period in which a unit has one path, the unit itself last. */
export interface Placement {
  readonly from: Day;
  readonly to: Day | null;
  readonly path: readonly number[];
}

export interface DemoVersion extends Placement {
  readonly name: string;
}

/** A unit of the demo register with all its history. */
export interface DemoUnit {
  readonly reshId: number;
  readonly type: 'ORGANIZATION' | 'DEPARTMENT';
  readonly organizationNumber: string | null;
  readonly designation: string | null;
  readonly responsiblePerson: string | null;
  /** Number of the site the unit is tied to, and whether this unit is the first to use it */
  readonly site: { readonly number: string; readonly name: string; readonly isNew: boolean } | null;
  readonly versions: readonly DemoVersion[];
  readonly specialty: string | null;
  readonly englishName: string | null;
  /** Unit that this one went over to on its last day */
  readonly mergedInto: number | null;
}

/** Invented RESH-ids begin here, far above those that are given. */
export const FIRST_INVENTED_ID = 50_000_000;
const START = '2002-01-01';

const randomFrom = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

// Real numbers begin with 8 or 9; those of invented sites with 1, so that nobody takes one for the other.
const siteNumbers = (): (() => string) => {
  let next = 10_000_000;
  return () => {
    for (;;) {
      const digits = String(next++);
      const check = organizationCheckDigit(digits);
      if (check !== undefined) return `${digits}${check}`;
    }
  };
};

const within = (placements: readonly Placement[], from: Day, to: Day | null, reshId: number): Placement[] =>
  placements.flatMap((above) => {
    const begin = above.from > from ? above.from : from;
    const end = above.to === null ? to : to === null || above.to < to ? above.to : to;
    return end !== null && end <= begin ? [] : [{ from: begin, to: end, path: [...above.path, reshId] }];
  });

const renamed = (placements: readonly Placement[], name: string, former: string | null, day: Day): DemoVersion[] =>
  placements.flatMap((placement) => {
    if (former === null || day <= placement.from) return [{ ...placement, name }];
    if (placement.to !== null && day >= placement.to) return [{ ...placement, name: former }];
    return [
      { ...placement, to: day, name: former },
      { ...placement, from: day, name },
    ];
  });

/**
 * The units of the demo register in tree order, parents before children: same arguments, same units.
 *
 * @param units about how many
 * @param today day that planned changes are later than
 */
export function* generateUnits(units: number, today: Day, seed: number): Generator<DemoUnit> {
  const random = randomFrom(seed);
  const pick = <T>(from: readonly [T, ...T[]] | readonly T[]): T => {
    const item = from[Math.floor(random() * from.length)];
    if (item === undefined) throw new Error('Nothing to pick from.');
    return item;
  };
  const newSite = siteNumbers();
  let nextId = FIRST_INVENTED_ID;
  const pastDay = (): Day => addDays(START, 365 + Math.floor(random() * 7_500));
  const plannedDay = (): Day => addDays(today, 30 + Math.floor(random() * 365));
  const none = { designation: null, responsiblePerson: null, site: null, specialty: null, mergedInto: null } as const;

  type Parent = { readonly placements: readonly Placement[]; readonly site: DemoUnit['site']; readonly place: string };

  function* below(parent: Parent, depth: number, count: number): Generator<DemoUnit> {
    const fan = Math.min(count, 2 + Math.floor(random() * 5));
    const elders: (Parent & { reshId: number })[] = [];
    let left = count;
    for (let child = 0; child < fan && left > 0; child++) {
      const share = child === fan - 1 ? left : Math.max(1, Math.floor((left / (fan - child)) * (0.5 + random())));
      const size = depth >= 7 ? 1 : Math.min(left, share);
      left -= size;
      const reshId = nextId++;
      const [noun, designation] = kinds[Math.min(depth, kinds.length - 1)] ?? ['enhet', '05'];
      const place = depth === 0 ? pick(places) : parent.place;
      const name =
        depth === 0
          ? `${place} ${noun}`
          : `${pick(fields)} ${noun}${depth > 2 ? ` ${1 + Math.floor(random() * 4)}` : ''}, ${place}`;
      const [elder] = elders;
      const event = elder ? random() : 1;
      const opened = parent.placements[0]?.from ?? START;
      const moveDay = event < 0.05 ? pastDay() : event < 0.06 ? plannedDay() : null;
      const closing = event >= 0.06 && event < 0.11 ? pastDay() : event >= 0.11 && event < 0.12 ? plannedDay() : null;
      const openDay = event >= 0.12 && event < 0.25 ? pastDay() : event >= 0.25 && event < 0.26 ? plannedDay() : opened;
      let placements = within(parent.placements, openDay, closing, reshId);
      if (moveDay && elder) {
        placements = [
          ...within(parent.placements, opened, moveDay, reshId),
          ...within(elder.placements, moveDay, null, reshId),
        ];
      }
      // Nothing is left where the parent is closed before the child would open.
      if (placements.length === 0) placements = within(parent.placements, opened, null, reshId);
      const site =
        depth === 0
          ? { number: newSite(), name: `${place} behandlingssted`, isNew: true }
          : parent.site && { ...parent.site, isNew: false };
      const former = random() < 0.06 ? `${name} (tidligere ${pick(fields).toLowerCase()})` : null;
      const last = placements.at(-1)?.to ?? null;
      const elderCovers =
        elder?.placements.every(({ to }) => to === null) && elder.placements.some(({ from }) => from === opened);
      yield {
        reshId,
        type: 'DEPARTMENT',
        organizationNumber: null,
        designation,
        responsiblePerson: random() < 0.1 ? `${pick(givenNames)} ${pick(familyNames)}` : null,
        site: depth > 1 && random() < 0.02 ? null : site,
        versions: renamed(placements, name, former, pastDay()),
        specialty: depth >= 2 && random() < 0.5 ? pick(['010', '020', '030', '040']) : null,
        englishName: null,
        mergedInto: elder && elderCovers && closing !== null && last === closing ? elder.reshId : null,
      };
      elders.push({ reshId, placements, site, place });
      if (size > 1) yield* below({ placements, site, place }, depth + 1, size - 1);
    }
  }

  const trusts = regions.reduce((total, region) => total + region.organizations.length, 0);
  const share = Math.max(0, Math.floor((units - trusts - regions.length) / trusts));
  for (const region of regions) {
    const regionPlacement: Placement = { from: START, to: null, path: [region.reshId] };
    yield {
      ...none,
      ...organizationPart(region, [{ ...regionPlacement, name: region.name }]),
      englishName: region.english,
    };
    for (const trust of region.organizations) {
      const placement: Placement = { from: START, to: null, path: [region.reshId, trust.reshId] };
      yield organizationUnit(trust, [{ ...placement, name: trust.name }]);
      // Branches stop at depth 7, so a trust gets rounds of them until it has its share.
      const before = nextId;
      while (nextId - before < share)
        yield* below({ placements: [placement], site: null, place: '' }, 0, Math.min(share - (nextId - before), 400));
    }
    const specialist = nextId++;
    yield {
      ...none,
      ...organizationPart({ reshId: specialist, organizationNumber: null }, [
        {
          from: '2015-01-01',
          to: null,
          path: [region.reshId, specialist],
          name: `Avtalespesialist ${pick(givenNames)} ${pick(familyNames)}`,
        },
      ]),
      designation: '61',
      englishName: null,
      specialty: '010',
    };
  }

  function organizationPart(
    of: { reshId: number; organizationNumber: string | null },
    versions: readonly DemoVersion[],
  ) {
    return { reshId: of.reshId, type: 'ORGANIZATION' as const, organizationNumber: of.organizationNumber, versions };
  }
  function organizationUnit(
    of: { reshId: number; organizationNumber: string | null },
    versions: readonly DemoVersion[],
  ): DemoUnit {
    return { ...none, ...organizationPart(of, versions), englishName: null };
  }
}
