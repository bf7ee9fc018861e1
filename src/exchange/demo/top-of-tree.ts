/** A region or an organization under it: public facts of the national registers. */
export interface Organization {
  readonly reshId: number;
  readonly name: string;
  readonly organizationNumber: string | null;
}

export interface Region extends Organization {
  readonly english: string;
  readonly organizations: readonly Organization[];
}

const organization = (reshId: number, name: string, organizationNumber: string | null = null): Organization => ({
  reshId,
  name,
  organizationNumber,
});

/** The four regions with their trusts and a few private organizations, in tree order (by RESH-id). */
export const regions: readonly Region[] = [
  {
    ...organization(100021, 'Helse Vest RHF'),
    english: 'Western Norway Regional Health Authority',
    organizations: [
      organization(100082, 'Helse Bergen HF', '983974724'),
      organization(100083, 'Helse Stavanger HF', '983974678'),
      organization(100084, 'Helse Fonna HF', '983974694'),
      organization(100085, 'Helse Førde HF', '983974732'),
      organization(100170, 'Haraldsplass diakonale sykehus AS', '974316285'),
    ],
  },
  {
    ...organization(100022, 'Helse Nord RHF'),
    english: 'Northern Norway Regional Health Authority',
    organizations: [
      organization(100065, 'Helgelandssykehuset HF', '983974929'),
      organization(101051, 'Nordlandssykehuset HF', '983974910'),
      organization(101719, 'Universitetssykehuset i Nord-Norge HF', '983974899'),
      organization(101971, 'Finnmarksykehuset HF', '983974880'),
    ],
  },
  {
    ...organization(100024, 'Helse Midt-Norge RHF'),
    english: 'Central Norway Regional Health Authority',
    organizations: [
      organization(100317, 'Helse Nord-Trøndelag HF', '983974791'),
      organization(100320, 'St. Olavs Hospital HF', '883974832'),
      organization(4201115, 'Helse Møre og Romsdal HF', '997005562'),
    ],
  },
  {
    ...organization(111919, 'Helse Sør-Øst RHF'),
    english: 'South-Eastern Norway Regional Health Authority',
    organizations: [
      organization(100089, 'Akershus Universitetssykehus HF', '983971636'),
      organization(100091, 'Sykehuset Innlandet HF', '983971709'),
      organization(100092, 'Sykehuset Østfold HF', '983971768'),
      organization(100093, 'Sunnaas sykehus HF', '883971752'),
      organization(100100, 'Sykehuset i Vestfold HF', '983975259'),
      organization(100132, 'Sykehuset Telemark HF', '983975267'),
      organization(100133, 'Sørlandet sykehus HF', '983975240'),
      organization(107505, 'Diakonhjemmet Sykehus AS', '974116804'),
      organization(700272, 'Vestre Viken HF', '894166762'),
      organization(4001031, 'Oslo Universitetssykehus HF', '993467049'),
    ],
  },
];
