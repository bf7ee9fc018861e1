import type { Day } from '../domain/time/day.ts';

/** Names in other languages, as used by the organizations. */
export interface InternationalNames {
  readonly en?: string;
  readonly se?: string;
}

/** A region or an organization under it, with public facts from the national registers. */
export interface Organization {
  readonly reshId: number;
  readonly name: string;
  readonly organizationNumber: string | null;
  readonly names: InternationalNames;
  /** First day, and the first day on which it no longer exists */
  readonly from: Day;
  readonly to: Day | null;
  /** Organization of the same region that took it over on its last day */
  readonly mergedInto: number | null;
}

export interface Region extends Organization {
  readonly organizations: readonly Organization[];
}

/** The first day of the demo register: the day on which the state's health trusts were founded. */
export const DEMO_START: Day = '2002-01-01';

/** Kongsvinger moved from one trust to another and kept its id. */
export const kongsvinger = {
  reshId: 108597,
  name: 'Kongsvinger',
  from: 100091,
  to: 100089,
  movedOn: '2019-02-01',
} as const;

/**
 * The four regions with their trusts and a few private organizations; an organization that was taken over comes before
 * its successor.
 */
export const regions: readonly Region[] = [
  {
    ...createOrganization(100021, 'Helse Vest RHF', null, { en: 'Western Norway Regional Health Authority' }),
    organizations: [
      createOrganization(100082, 'Helse Bergen HF', '983974724', { en: 'Bergen Hospital Trust' }),
      createOrganization(100083, 'Helse Stavanger HF', '983974678', { en: 'Stavanger Hospital Trust' }),
      createOrganization(100084, 'Helse Fonna HF', '983974694', { en: 'Fonna Hospital Trust' }),
      createOrganization(100085, 'Helse Førde HF', '983974732', { en: 'Førde Hospital Trust' }),
      createOrganization(100170, 'Haraldsplass diakonale sykehus AS', '974316285', {
        en: 'Haraldsplass Deaconess Hospital',
      }),
    ],
  },
  {
    ...createOrganization(100022, 'Helse Nord RHF', null, {
      en: 'Northern Norway Regional Health Authority',
      se: 'Davvi Dearvvašvuohta',
    }),
    organizations: [
      createOrganization(100065, 'Helgelandssykehuset HF', '983974929', {
        en: 'Helgeland Hospital Trust',
        se: 'Helgelánda buohcceviessu',
      }),
      createOrganization(101051, 'Nordlandssykehuset HF', '983974910', {
        en: 'Nordland Hospital Trust',
        se: 'Nordlándda buohcceviessu',
      }),
      createOrganization(101719, 'Universitetssykehuset i Nord-Norge HF', '983974899', {
        en: 'University Hospital of North Norway',
        se: 'Davvi-Norgga universitehtabuohcceviessu',
      }),
      createOrganization(101971, 'Finnmarksykehuset HF', '983974880', {
        en: 'Finnmark Hospital Trust',
        se: 'Finnmárkku buohcceviessu',
      }),
    ],
  },
  {
    ...createOrganization(100024, 'Helse Midt-Norge RHF', null, { en: 'Central Norway Regional Health Authority' }),
    organizations: [
      createOrganization(100317, 'Helse Nord-Trøndelag HF', '983974791', { en: 'Nord-Trøndelag Hospital Trust' }),
      createMergedOrganization(100318, 'Helse Nordmøre og Romsdal HF', '2011-07-01', 4201115),
      createMergedOrganization(100319, 'Helse Sunnmøre HF', '2011-07-01', 4201115),
      createOrganization(100320, 'St. Olavs Hospital HF', '883974832', { en: 'St. Olavs University Hospital' }),
      createOrganization(
        4201115,
        'Helse Møre og Romsdal HF',
        '997005562',
        { en: 'Møre and Romsdal Hospital Trust' },
        '2011-07-01',
      ),
    ],
  },
  {
    ...createOrganization(111919, 'Helse Sør-Øst RHF', null, { en: 'South-Eastern Norway Regional Health Authority' }),
    organizations: [
      createMergedOrganization(100062, 'Rikshospitalet HF', '2009-01-01', 4001031),
      createMergedOrganization(100087, 'Ullevål universitetssykehus HF', '2009-01-01', 4001031),
      createMergedOrganization(100090, 'Sykehuset Asker og Bærum HF', '2009-07-01', 700272),
      createMergedOrganization(100099, 'Sykehuset Buskerud HF', '2009-07-01', 700272),
      createOrganization(100089, 'Akershus universitetssykehus HF', '983971636', {
        en: 'Akershus University Hospital',
      }),
      createOrganization(100091, 'Sykehuset Innlandet HF', '983971709', { en: 'Innlandet Hospital Trust' }),
      createOrganization(100092, 'Sykehuset Østfold HF', '983971768', { en: 'Østfold Hospital Trust' }),
      createOrganization(100093, 'Sunnaas sykehus HF', '883971752', { en: 'Sunnaas Rehabilitation Hospital' }),
      createOrganization(100100, 'Sykehuset i Vestfold HF', '983975259', { en: 'Vestfold Hospital Trust' }),
      createOrganization(100132, 'Sykehuset Telemark HF', '983975267', { en: 'Telemark Hospital Trust' }),
      createOrganization(100133, 'Sørlandet sykehus HF', '983975240', { en: 'Sørlandet Hospital Trust' }),
      createOrganization(107505, 'Diakonhjemmet Sykehus AS', '974116804', { en: 'Diakonhjemmet Hospital' }),
      createOrganization(700272, 'Vestre Viken HF', '894166762', { en: 'Vestre Viken Hospital Trust' }, '2009-07-01'),
      createOrganization(
        4001031,
        'Oslo universitetssykehus HF',
        '993467049',
        { en: 'Oslo University Hospital' },
        '2009-01-01',
      ),
    ],
  },
];

function createOrganization(
  reshId: number,
  name: string,
  organizationNumber: string | null = null,
  names: InternationalNames = {},
  from: Day = DEMO_START,
): Organization {
  return { reshId, name, organizationNumber, names, from, to: null, mergedInto: null };
}

// The public sources lack the organization numbers of these organizations.
function createMergedOrganization(reshId: number, name: string, to: Day, mergedInto: number): Organization {
  return {
    ...createOrganization(reshId, name),
    to,
    mergedInto,
  };
}
