import type { Day } from '../domain/time/day.ts';
import { organizationCheckDigit } from '../domain/text/organization-number.ts';
import { chanceOf, type Chance } from './random.ts';
import { plainUnit, type DemoUnit } from './demo-unit.ts';
import { generateDepartments, type Above, type Numbers } from './generate-departments.ts';
import { beneath, clip, type Placement } from './placements.ts';
import { BEGINNING, kongsvinger, regions, type Organization, type Region } from './top-of-tree.ts';
import {
  familyNames,
  givenNames,
  hospital,
  mentalHealthCentre,
  placeBeginnings,
  placeEndings,
  type Establishment,
} from './vocabulary.ts';

/** Invented RESH-ids begin here, far above those that are given. */
export const FIRST_INVENTED_ID = 50_000_000;

const specialistsOfRegion = 3;
const trustMove: Day = '2016-01-01';
/** Trusts with about three times as many units as others. */
const largeTrusts = new Set([4001031, 100082, 100320, 101719, 100089]);
/** Where a unit has its enterprise's own number as treatment site, as happens. */
const trustAsSite = 100084;

// Real organization numbers begin with 8 or 9; those of invented sites with 1, so that nobody takes one for the other.
const newNumbers = (): Numbers => {
  let nextReshId = FIRST_INVENTED_ID;
  let nextSite = 10_000_000;
  return {
    nextReshId: () => nextReshId++,
    nextSiteNumber: () => {
      for (;;) {
        const digits = String(nextSite++);
        const check = organizationCheckDigit(digits);
        if (check !== undefined) return `${digits}${check}`;
      }
    },
  };
};

const inEach = (names: Organization['names']): DemoUnit['names'] =>
  Object.entries(names).map(([language, name]: [string, string]) => ({ language, name }));

const inventedStreet = (chance: Chance): string => `Oppdiktet vei ${1 + chance.below(200)}`;

const organizationUnit = (of: Organization, path: readonly number[], chance: Chance): DemoUnit => ({
  ...plainUnit,
  reshId: of.reshId,
  type: 'ORGANIZATION',
  organizationNumber: of.organizationNumber,
  versions: [{ from: of.from, to: of.to, path, name: of.name }],
  names: inEach(of.names),
  herId: String(80_000_000 + of.reshId),
  responsiblePerson: `${chance.pick(givenNames)} ${chance.pick(familyNames)}`,
  address: { lines: ['Oppdiktet adresse', inventedStreet(chance)], city: 'Eksempelby' },
  contacts: [
    { type: 'WEB', value: `https://unit-${of.reshId}.example` },
    { type: 'EMAIL', value: `post@unit-${of.reshId}.example` },
  ],
});

/** A hospital or centre right beneath a trust, or beneath one trust after another. */
interface EstablishmentPlan {
  readonly reshId: number;
  readonly name: string;
  readonly place: string;
  readonly kind: Establishment;
  readonly placements: readonly Placement[];
  readonly size: number;
}

const establishmentUnit = (
  plan: EstablishmentPlan,
  siteNumber: string,
  isNorthern: boolean,
  chance: Chance,
): DemoUnit => {
  const { reshId, name, place, kind } = plan;
  return {
    ...plainUnit,
    reshId,
    type: 'DEPARTMENT',
    designation: kind.designation,
    responsiblePerson: `${chance.pick(givenNames)} ${chance.pick(familyNames)}`,
    versions: plan.placements.map((placement) => ({ ...placement, name })),
    siteNumber,
    newSite: { number: siteNumber, name, city: place },
    names: [
      { language: 'en', name: `${place} ${kind.english}` },
      ...(isNorthern ? [{ language: 'se', name: `${place} ${kind.sami}` }] : []),
    ],
    herId: String(80_000_000 + (reshId % 10_000_000)),
    address: chance.oneIn(2) ? { lines: ['Oppdiktet adresse', inventedStreet(chance)], city: place } : null,
    contacts: [{ type: 'WEB', value: `https://unit-${reshId}.example` }],
  };
};

/** Where an establishment of a trust stands: some were those of a trust that was taken over, one moved from its neighbour. */
const placementsOf = (trust: Organization, region: Region, index: number): Placement[] => {
  const at = ({ reshId, from, to }: Organization): Placement => ({ from, to, path: [region.reshId, reshId] });
  const before = region.organizations.filter(({ mergedInto }) => mergedInto === trust.reshId);
  const earlier = before[index % (before.length + 1)];
  if (earlier) return [at(earlier), at(trust)];
  const [first, second] = region.organizations.filter(({ from, to }) => from === BEGINNING && to === null);
  return trust === first && second && index === 1
    ? [...clip([at(first)], first.from, trustMove), ...clip([at(second)], trustMove, null)]
    : [at(trust)];
};

const kongsvingerPlan = (size: number): EstablishmentPlan => {
  const { reshId, name, from, to, movedOn } = kongsvinger;
  const path = (trust: number): number[] => [111919, trust, reshId];
  return {
    ...{ reshId, name, place: name, kind: hospital, size },
    placements: [
      { from: BEGINNING, to: movedOn, path: path(from) },
      { from: movedOn, to: null, path: path(to) },
    ],
  };
};

function* beneathTrust(
  trust: Organization,
  region: Region,
  share: number,
  numbers: Numbers,
  chance: Chance,
): Generator<DemoUnit> {
  const place = (): string => `${chance.pick(placeBeginnings)}${chance.pick(placeEndings)}`;
  const isNorthern = region.names.se !== undefined;
  const besides: Above[] = [];
  let made = 0;
  for (let index = 0; made < share; index++) {
    // Each third is a centre for mental health, the second of a trust first.
    const kind = index % 3 === 1 ? mentalHealthCentre : hospital;
    const most = kind === hospital ? 600 : 100;
    const usual = Math.min(most, Math.max(12, share / 4)) * (0.6 + 0.8 * chance.next());
    const size = Math.min(share - made, Math.ceil(usual));
    const at = place();
    const plan: EstablishmentPlan =
      trust.reshId === kongsvinger.from && index === 0
        ? kongsvingerPlan(size)
        : (() => {
            const reshId = numbers.nextReshId();
            const placements = beneath(placementsOf(trust, region, index), reshId);
            return { reshId, name: `${at} ${kind.noun}`, place: at, kind, placements, size };
          })();
    const unit = establishmentUnit(plan, numbers.nextSiteNumber(), isNorthern, chance);
    yield unit;
    made++;
    const above: Above = {
      reshId: plan.reshId,
      placements: plan.placements,
      establishment: plan.kind,
      place: plan.place,
      siteNumber: unit.siteNumber,
      field: undefined,
      besides: besides.slice(-3),
    };
    besides.push(above);
    let isNumberOfTrustTaken = trust.reshId !== trustAsSite || index > 0;
    for (const department of generateDepartments(above, 0, size - 1, numbers, chance)) {
      made++;
      yield isNumberOfTrustTaken ? department : { ...department, siteNumber: trust.organizationNumber };
      isNumberOfTrustTaken = true;
    }
  }
}

/** Private organizations of a region: specialists with an agreement, and a group with clinics of its own. */
function* privateOrganizations(region: Region, numbers: Numbers, chance: Chance): Generator<DemoUnit> {
  const invented = (name: string, from: Day, path: (reshId: number) => number[]): DemoUnit => {
    const reshId = numbers.nextReshId();
    return { ...plainUnit, reshId, type: 'ORGANIZATION', versions: [{ from, to: null, path: path(reshId), name }] };
  };
  const fields = hospital.groups.flat();
  for (let specialist = 0; specialist < specialistsOfRegion; specialist++) {
    const field = chance.pick(fields);
    const name = `${chance.pick(givenNames)} ${chance.pick(familyNames)}`;
    const place = `${chance.pick(placeBeginnings)}${chance.pick(placeEndings)}`;
    const number = numbers.nextSiteNumber();
    const from = chance.pastDay();
    yield {
      ...invented(`Avtalespesialist ${name}, ${field.subject}`, from, (reshId) => [region.reshId, reshId]),
      designation: '61',
      responsiblePerson: name,
      siteNumber: number,
      newSite: { number, name: `${name}, ${place}`, city: place },
      codes: [{ codeSet: 8451, code: field.specialty, attributes: [], from, to: null }],
    };
  }
  const group = invented('Eksempelhelse AS', BEGINNING, (reshId) => [region.reshId, reshId]);
  yield group;
  for (let clinic = 0; clinic < 2; clinic++)
    yield invented(
      `Eksempelhelse ${chance.pick(placeBeginnings)}${chance.pick(placeEndings)} AS`,
      chance.pastDay(),
      (reshId) => [region.reshId, group.reshId, reshId],
    );
}

const withTrusts = (region: Region, chance: Chance): DemoUnit[] => [
  organizationUnit(region, [region.reshId], chance),
  ...region.organizations.map((trust): DemoUnit => ({
    ...organizationUnit(trust, [region.reshId, trust.reshId], chance),
    newSite:
      trust.reshId === trustAsSite && trust.organizationNumber !== null
        ? { number: trust.organizationNumber, name: trust.name, city: null }
        : null,
    successions: region.organizations.flatMap((earlier) =>
      earlier.mergedInto === trust.reshId && earlier.to !== null
        ? [{ from: earlier.reshId, to: trust.reshId, kind: 'MERGE' as const, on: earlier.to }]
        : [],
    ),
  })),
];

/**
 * The units of the demo register, parents before children: same arguments, same units.
 *
 * @param units about how many
 * @param today day that planned changes are later than
 */
export function* generateUnits(units: number, today: Day, seed: number): Generator<DemoUnit> {
  const chance = chanceOf(seed, today);
  const numbers = newNumbers();
  const open = regions.flatMap(({ organizations }) => organizations.filter(({ to }) => to === null));
  const weightOf = ({ reshId }: Organization): number => (largeTrusts.has(reshId) ? 3 : 1);
  const weight = open.reduce((total, trust) => total + weightOf(trust), 0);
  const onTop = regions.reduce((total, { organizations }) => total + organizations.length + specialistsOfRegion + 4, 0);
  const share = Math.max(0, units - onTop) / weight;

  // All trusts first: a hospital may have been beneath any of them.
  for (const region of regions) yield* withTrusts(region, chance);
  let owed = 0;
  for (const region of regions) {
    for (const trust of region.organizations.filter(({ to }) => to === null)) {
      owed += share * weightOf(trust);
      for (const unit of beneathTrust(trust, region, Math.round(owed), numbers, chance)) {
        owed--;
        yield unit;
      }
    }
    yield* privateOrganizations(region, numbers, chance);
  }
}
