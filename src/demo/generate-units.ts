import { computeCheckDigit } from '../domain/text/organization-number.ts';
import type { Day } from '../domain/time/day.ts';
import { unitDefaults, type DemoUnit } from './demo-unit.ts';
import { generateDepartments, type ParentUnit, type IdSequence } from './generate-departments.ts';
import { DEMO_START, kongsvinger, regions, type Organization, type Region } from './organizations.ts';
import { placeUnderParent, clipPeriods, type Placement } from './placements.ts';
import { createRandomSource, type RandomSource } from './random.ts';
import { shortNames } from './short-names.ts';
import {
  familyNames,
  givenNames,
  hospital,
  mentalHealthCentre,
  placeNamePrefixes,
  placeNameSuffixes,
  type Establishment,
} from './vocabulary.ts';

/** The first invented RESH-id, far above the real ones. */
export const FIRST_INVENTED_ID = 50_000_000;

const specialistsPerRegion = 3;
const trustMoveDay: Day = '2016-01-01';
/** Trusts with about three times as many units as others. */
const largeTrusts = new Set([4001031, 100082, 100320, 101719, 100089]);
/** A trust with a unit whose treatment site has the organization number of the trust, a common error. */
const trustUsedAsSite = 100084;

/** A hospital or centre under a trust, or under several trusts one after another. */
interface EstablishmentPlan {
  readonly reshId: number;
  readonly name: string;
  readonly place: string;
  readonly kind: Establishment;
  readonly placements: readonly Placement[];
  readonly size: number;
}

/**
 * Generates the units of the demo register, parents before children; the same arguments give the same units.
 *
 * @param units approximate number of units
 * @param today day before all planned changes
 */
export function* generateUnits(units: number, today: Day, seed: number): Generator<DemoUnit> {
  const random = createRandomSource(seed, today);
  const idSequence = createIdSequence();
  const openTrusts = regions.flatMap(({ organizations }) => organizations.filter(({ to }) => to === null));
  const getWeight = ({ reshId }: Organization): number => (largeTrusts.has(reshId) ? 3 : 1);
  const totalWeight = openTrusts.reduce((total, trust) => total + getWeight(trust), 0);
  const topLevelCount = regions.reduce(
    (total, { organizations }) => total + organizations.length + specialistsPerRegion + 4,
    0,
  );
  const share = Math.max(0, units - topLevelCount) / totalWeight;

  // All trusts come first, because a hospital may have been under any of them.
  for (const region of regions) yield* buildRegionUnits(region, random);
  let remainingUnits = 0;
  for (const region of regions) {
    for (const trust of region.organizations.filter(({ to }) => to === null)) {
      remainingUnits += share * getWeight(trust);
      for (const unit of generateTrustUnits(trust, region, Math.round(remainingUnits), idSequence, random)) {
        remainingUnits--;
        yield unit;
      }
    }
    yield* generatePrivateOrganizations(region, idSequence, random);
  }
}

// Real organization numbers begin with 8 or 9, those of invented sites with 1, so they cannot be confused.
function createIdSequence(): IdSequence {
  let nextReshId = FIRST_INVENTED_ID;
  let nextSite = 10_000_000;
  return {
    nextReshId: () => nextReshId++,
    nextSiteNumber: () => {
      while (computeCheckDigit(String(nextSite)) === undefined) nextSite++;
      const digits = String(nextSite++);
      return `${digits}${computeCheckDigit(digits)}`;
    },
  };
}

function buildRegionUnits(region: Region, random: RandomSource): DemoUnit[] {
  return [
    buildOrganizationUnit(region, [region.reshId], random),
    ...region.organizations.map((trust): DemoUnit => ({
      ...buildOrganizationUnit(trust, [region.reshId, trust.reshId], random),
      newSite:
        trust.reshId === trustUsedAsSite && trust.organizationNumber !== null
          ? { number: trust.organizationNumber, name: trust.name, city: null }
          : null,
      successions: region.organizations.flatMap((predecessor) =>
        predecessor.mergedInto === trust.reshId && predecessor.to !== null
          ? [{ from: predecessor.reshId, to: trust.reshId, kind: 'MERGE' as const, on: predecessor.to }]
          : [],
      ),
    })),
  ];
}

function buildOrganizationUnit(organization: Organization, path: readonly number[], random: RandomSource): DemoUnit {
  return {
    ...unitDefaults,
    reshId: organization.reshId,
    type: 'ORGANIZATION',
    shortName: shortNames.get(organization.reshId) ?? null,
    organizationNumber: organization.organizationNumber,
    versions: [{ from: organization.from, to: organization.to, path, name: organization.name }],
    names: toInternationalNames(organization.names),
    herId: String(80_000_000 + organization.reshId),
    responsiblePerson: `${random.pick(givenNames)} ${random.pick(familyNames)}`,
    address: { lines: ['Oppdiktet adresse', inventStreet(random)], city: 'Eksempelby' },
    contacts: [
      { type: 'WEB', value: `https://unit-${organization.reshId}.example` },
      { type: 'EMAIL', value: `post@unit-${organization.reshId}.example` },
    ],
  };
}

function toInternationalNames(names: Organization['names']): DemoUnit['names'] {
  return Object.entries(names).map(([language, name]: [string, string]) => ({ language, name }));
}

function inventStreet(random: RandomSource): string {
  return `Oppdiktet vei ${1 + random.integerBelow(200)}`;
}

function* generateTrustUnits(
  trust: Organization,
  region: Region,
  targetCount: number,
  idSequence: IdSequence,
  random: RandomSource,
): Generator<DemoUnit> {
  const isNorthern = region.names.se !== undefined;
  const moveTargets: ParentUnit[] = [];
  let unitCount = 0;
  for (let index = 0; unitCount < targetCount; index++) {
    // The second establishment of a trust, and every third one after it, is a centre for mental health.
    const kind = index % 3 === 1 ? mentalHealthCentre : hospital;
    const maxSize = kind === hospital ? 600 : 100;
    const typicalSize = Math.min(maxSize, Math.max(12, targetCount / 4)) * (0.6 + 0.8 * random.next());
    const size = Math.min(targetCount - unitCount, Math.ceil(typicalSize));
    // The name is also chosen for Kongsvinger, which does not use it, so that the later choices stay the same.
    const place = inventPlaceName(random);
    const plan =
      trust.reshId === kongsvinger.from && index === 0
        ? buildKongsvingerPlan(size)
        : planEstablishment({ place, kind, size }, idSequence.nextReshId(), planPlacements(trust, region, index));
    const unit = buildEstablishmentUnit(plan, idSequence.nextSiteNumber(), isNorthern, random);
    yield unit;
    unitCount++;
    const parent: ParentUnit = {
      reshId: plan.reshId,
      placements: plan.placements,
      establishment: plan.kind,
      place: plan.place,
      siteNumber: unit.siteNumber,
      current: undefined,
      moveTargets: moveTargets.slice(-3),
    };
    moveTargets.push(parent);
    let isTrustNumberUsed = trust.reshId !== trustUsedAsSite || index > 0;
    for (const department of generateDepartments(parent, 0, size - 1, idSequence, random)) {
      unitCount++;
      yield isTrustNumberUsed ? department : { ...department, siteNumber: trust.organizationNumber };
      isTrustNumberUsed = true;
    }
  }
}

function inventPlaceName(random: RandomSource): string {
  return `${random.pick(placeNamePrefixes)}${random.pick(placeNameSuffixes)}`;
}

function planEstablishment(
  facts: Pick<EstablishmentPlan, 'place' | 'kind' | 'size'>,
  reshId: number,
  parentPlacements: readonly Placement[],
): EstablishmentPlan {
  const placements = placeUnderParent(parentPlacements, reshId);
  return { ...facts, reshId, name: `${facts.place} ${facts.kind.noun}`, placements };
}

function buildKongsvingerPlan(size: number): EstablishmentPlan {
  const { reshId, name, from, to, movedOn } = kongsvinger;
  const buildPath = (trust: number): number[] => [111919, trust, reshId];
  return {
    reshId,
    name,
    place: name,
    kind: hospital,
    size,
    placements: [
      { from: DEMO_START, to: movedOn, path: buildPath(from) },
      { from: movedOn, to: null, path: buildPath(to) },
    ],
  };
}

/**
 * Plans the placements of an establishment of a trust: some belonged to a trust that was taken over, and one moved from
 * another trust.
 */
function planPlacements(trust: Organization, region: Region, index: number): Placement[] {
  const toPlacement = ({ reshId, from, to }: Organization): Placement => ({ from, to, path: [region.reshId, reshId] });
  const predecessors = region.organizations.filter(({ mergedInto }) => mergedInto === trust.reshId);
  const predecessor = predecessors[index % (predecessors.length + 1)];
  if (predecessor) return [toPlacement(predecessor), toPlacement(trust)];
  const [first, second] = region.organizations.filter(({ from, to }) => from === DEMO_START && to === null);
  return trust === first && second && index === 1
    ? [
        ...clipPeriods([toPlacement(first)], first.from, trustMoveDay),
        ...clipPeriods([toPlacement(second)], trustMoveDay, null),
      ]
    : [toPlacement(trust)];
}

function buildEstablishmentUnit(
  plan: EstablishmentPlan,
  siteNumber: string,
  isNorthern: boolean,
  random: RandomSource,
): DemoUnit {
  const { reshId, name, place, kind } = plan;
  return {
    ...unitDefaults,
    reshId,
    type: 'DEPARTMENT',
    designation: kind.designation,
    responsiblePerson: `${random.pick(givenNames)} ${random.pick(familyNames)}`,
    versions: plan.placements.map((placement) => ({ ...placement, name })),
    siteNumber,
    newSite: { number: siteNumber, name, city: place },
    names: [
      { language: 'en', name: `${place} ${kind.english}` },
      ...(isNorthern ? [{ language: 'se', name: `${place} ${kind.sami}` }] : []),
    ],
    herId: String(80_000_000 + (reshId % 10_000_000)),
    address: random.oneIn(2) ? { lines: ['Oppdiktet adresse', inventStreet(random)], city: place } : null,
    contacts: [{ type: 'WEB', value: `https://unit-${reshId}.example` }],
  };
}

/** Generates the private organizations of a region: contract specialists, and a group with its own clinics. */
function* generatePrivateOrganizations(
  region: Region,
  idSequence: IdSequence,
  random: RandomSource,
): Generator<DemoUnit> {
  const inventOrganization = (name: string, from: Day, path: (reshId: number) => number[]): DemoUnit => {
    const reshId = idSequence.nextReshId();
    return { ...unitDefaults, reshId, type: 'ORGANIZATION', versions: [{ from, to: null, path: path(reshId), name }] };
  };
  const fields = hospital.groups.flat();
  for (let specialist = 0; specialist < specialistsPerRegion; specialist++) {
    const field = random.pick(fields);
    const name = `${random.pick(givenNames)} ${random.pick(familyNames)}`;
    const place = inventPlaceName(random);
    const siteNumber = idSequence.nextSiteNumber();
    const from = random.pastDay();
    yield {
      ...inventOrganization(`Avtalespesialist ${name}, ${field.subject}`, from, (reshId) => [region.reshId, reshId]),
      designation: '61',
      responsiblePerson: name,
      siteNumber: siteNumber,
      newSite: { number: siteNumber, name: `${name}, ${place}`, city: place },
      codes: [{ codeSet: 8451, code: field.specialty, attributes: [], from, to: null }],
    };
  }
  const group = inventOrganization('Eksempelhelse AS', DEMO_START, (reshId) => [region.reshId, reshId]);
  yield group;
  for (let clinic = 0; clinic < 2; clinic++)
    yield inventOrganization(`Eksempelhelse ${inventPlaceName(random)} AS`, random.pastDay(), (reshId) => [
      region.reshId,
      group.reshId,
      reshId,
    ]);
}
