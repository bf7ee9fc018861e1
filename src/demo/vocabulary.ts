/** A kind of establishment or department: its names, and its code in 8624. */
export interface UnitKind {
  readonly noun: string;
  readonly designation: string;
  /** Names of some units of the kind, without the field */
  readonly alternativeNames?: readonly string[];
}

/** A field of medicine: the names of its departments, and their codes. */
export interface MedicalField {
  /** 'Ortopedisk' in 'Ortopedisk avdeling' */
  readonly adjective: string;
  /** 'ortopedi' in 'Avdeling for ortopedi' */
  readonly subject: string;
  readonly specialty: string;
  /** Code of 8655 */
  readonly area?: string;
  /** Code of another set that departments of the field may also have */
  readonly service?: { readonly codeSet: number; readonly code: string };
}

/** Fields that share a clinic; the first one names the clinic. */
export type FieldGroup = readonly [MedicalField, ...MedicalField[]];

// Compounds of these look like Norwegian place names, but no such places exist.
export const placeNamePrefixes = splitWords(
  'Alm Ask Berg Bjørk Dyr Eik Elve Fager Fjell Furu Gran Hassel Hegg Hol Kvern Lang Lind Lyng Myr Nord ' +
    'Nøkle Or Rogne Selje Skjær Stor Tind Tran Ulve Vær Ytter Øst Øvre Åker',
);
export const placeNameSuffixes = splitWords(
  'bakken botn bygda dal eidet fjord haugen heim holmen lia moen nes osen rud setra sjøen stad stranda ' +
    'sund tangen tveit vik voll øya åsen',
);

export const givenNames = splitWords(
  'Ane Aslak Bjørn Elin Fatima Gro Håkon Ida Jørgen Kari Leif Máret Nils Ola Pål Ragnhild Sara Tor ' +
    'Unni Vegard Øyvind Åse',
);
/** Surnames that nobody has, so that a responsible person cannot be mistaken for a real one. */
export const familyNames = ['Eksempelsen', 'Prøvestad', 'Demovik', 'Testnes', 'Oppdiktet', 'Liksomdal', 'Mønstervoll'];

const surgery: FieldGroup = [
  { adjective: 'Kirurgisk', subject: 'kirurgi', specialty: '010', area: 'S0201' },
  { adjective: 'Ortopedisk', subject: 'ortopedi', specialty: '050', area: 'S0208' },
  { adjective: 'Gastrokirurgisk', subject: 'gastrokirurgi', specialty: '030', area: 'S0204' },
  { adjective: 'Urologisk', subject: 'urologi', specialty: '070', area: 'S0211' },
  { adjective: 'Karkirurgisk', subject: 'karkirurgi', specialty: '040', area: 'S0205' },
  { adjective: 'Plastikkirurgisk', subject: 'plastikkirurgi', specialty: '090', area: 'S0209' },
  { adjective: 'Nevrokirurgisk', subject: 'nevrokirurgi', specialty: '100', area: 'S0207' },
  { adjective: 'Thoraxkirurgisk', subject: 'hjerte- og lungekirurgi', specialty: '060', area: 'S0210' },
  { adjective: 'Barnekirurgisk', subject: 'barnekirurgi', specialty: '020', area: 'S0202' },
  { adjective: 'Endokrinkirurgisk', subject: 'bryst- og endokrinkirurgi', specialty: '105', area: 'S0203' },
];
const medicine: FieldGroup = [
  { adjective: 'Medisinsk', subject: 'indremedisin', specialty: '110', area: 'S03' },
  { adjective: 'Hjertemedisinsk', subject: 'hjertesykdommer', specialty: '150', area: 'S0306' },
  { adjective: 'Lungemedisinsk', subject: 'lungesykdommer', specialty: '170', area: 'S0307' },
  { adjective: 'Nyremedisinsk', subject: 'nyresykdommer', specialty: '180', area: 'S0308' },
  { adjective: 'Infeksjonsmedisinsk', subject: 'infeksjonssykdommer', specialty: '160', area: 'S0305' },
  { adjective: 'Gastromedisinsk', subject: 'fordøyelsessykdommer', specialty: '140', area: 'S0302' },
  { adjective: 'Endokrinologisk', subject: 'endokrinologi', specialty: '130', area: 'S0301' },
  { adjective: 'Hematologisk', subject: 'blodsykdommer', specialty: '120', area: 'S0304' },
  { adjective: 'Geriatrisk', subject: 'geriatri', specialty: '350', area: 'S0303' },
  { adjective: 'Revmatologisk', subject: 'revmatologi', specialty: '190', area: 'S12' },
  { adjective: 'Onkologisk', subject: 'kreftbehandling', specialty: '853', area: 'S11' },
  { adjective: 'Palliativ', subject: 'lindrende behandling', specialty: '380', area: 'S14' },
];
const womenAndChildren: FieldGroup = [
  { adjective: 'Gynekologisk', subject: 'kvinnesykdommer', specialty: '200', area: 'S0401' },
  { adjective: 'Obstetrisk', subject: 'fødselshjelp', specialty: '200', area: 'S0403' },
  { adjective: 'Barnemedisinsk', subject: 'barn og unge', specialty: '220', area: 'S06' },
  { adjective: 'Nyfødtmedisinsk', subject: 'nyfødtmedisin', specialty: '220', area: 'S0601' },
];
const headAndNerves: FieldGroup = [
  { adjective: 'Nevrologisk', subject: 'nevrologi', specialty: '250', area: 'S07' },
  { adjective: 'Nevrofysiologisk', subject: 'klinisk nevrofysiologi', specialty: '260', area: 'S0704' },
  { adjective: 'Øre-nese-hals', subject: 'øre-nese-halssykdommer', specialty: '290', area: 'S09' },
  { adjective: 'Øyemedisinsk', subject: 'øyesykdommer', specialty: '300', area: 'S10' },
  { adjective: 'Kjevekirurgisk', subject: 'munn- og kjevekirurgi', specialty: '080', area: 'S0206' },
];
const acute: FieldGroup = [
  {
    adjective: 'Akuttmedisinsk',
    subject: 'akuttmedisin',
    specialty: '500',
    service: { codeSet: 8653, code: '6' },
  },
  {
    adjective: 'Anestesiologisk',
    subject: 'anestesi',
    specialty: '210',
    area: 'S08',
    service: { codeSet: 8651, code: 'A01' },
  },
  {
    adjective: 'Intensivmedisinsk',
    subject: 'intensivmedisin',
    specialty: '210',
    area: 'S08',
    service: { codeSet: 8651, code: 'A03' },
  },
];
const diagnostics: FieldGroup = [
  {
    adjective: 'Radiologisk',
    subject: 'bildediagnostikk',
    specialty: '852',
    service: { codeSet: 8654, code: 'B01' },
  },
  {
    adjective: 'Medisinsk biokjemisk',
    subject: 'medisinsk biokjemi',
    specialty: '822',
    service: { codeSet: 8654, code: 'L03' },
  },
  {
    adjective: 'Mikrobiologisk',
    subject: 'medisinsk mikrobiologi',
    specialty: '823',
    service: { codeSet: 8654, code: 'L04' },
  },
  { adjective: 'Patologisk', subject: 'patologi', specialty: '860', service: { codeSet: 8654, code: 'L06' } },
];
const rehabilitation: FieldGroup = [
  { adjective: 'Fysikalskmedisinsk', subject: 'fysikalsk medisin og rehabilitering', specialty: '230', area: 'S16' },
  { adjective: 'Rehabiliterings', subject: 'rehabilitering', specialty: '230', area: 'H09' },
  { adjective: 'Habiliterings', subject: 'habilitering av barn og unge', specialty: '233', area: 'H07' },
  { adjective: 'Habiliterings', subject: 'habilitering av voksne', specialty: '234', area: 'H08' },
];
const mentalHealth: FieldGroup = [
  { adjective: 'Psykiatrisk', subject: 'psykisk helsevern', specialty: '320', area: 'PV' },
  { adjective: 'Alderspsykiatrisk', subject: 'alderspsykiatri', specialty: '320', area: 'PV04' },
  { adjective: 'Barne- og ungdomspsykiatrisk', subject: 'barn og unges psykiske helse', specialty: '310', area: 'PB' },
  { adjective: 'Akuttpsykiatrisk', subject: 'akuttpsykiatri', specialty: '320', area: 'PV06' },
  { adjective: 'Psykose', subject: 'psykosebehandling', specialty: '320', area: 'PV08' },
];
const dependence: FieldGroup = [
  { adjective: 'Rus', subject: 'rus og avhengighet', specialty: '360', area: 'R11' },
  { adjective: 'Avrusnings', subject: 'avrusning', specialty: '360', area: 'R06' },
  { adjective: 'LAR', subject: 'legemiddelassistert rehabilitering', specialty: '365', area: 'R08' },
];

/** A kind of establishment under a trust, with its fields and the kinds of its departments. */
export interface Establishment extends UnitKind {
  readonly english: string;
  readonly sami: string;
  readonly groups: readonly FieldGroup[];
  /** Kinds of department at each depth under it; the last entry is for all further depths */
  readonly kinds: readonly (readonly UnitKind[])[];
}

const clinic: UnitKind = { noun: 'klinikk', designation: '02' };
const department: UnitKind = { noun: 'avdeling', designation: '05' };
const section: UnitKind = { noun: 'seksjon', designation: '06' };
const ward: UnitKind = {
  noun: 'sengepost',
  designation: '08',
  alternativeNames: ['Sengepost A', 'Sengepost B', 'Post 1', 'Post 2', 'Korttidsposten', 'Døgnposten'],
};
const day: UnitKind = { noun: 'dagpost', designation: '08' };
const outpatients: UnitKind = { noun: 'poliklinikk', designation: '11' };
const team: UnitKind = {
  noun: 'team',
  designation: '09',
  alternativeNames: [
    'Ambulant team',
    'Tverrfaglig team',
    'Oppfølgingsteamet',
    'Inntaksteamet',
    'Team Nord',
    'Team Sør',
  ],
};
const unit: UnitKind = { noun: 'avsnitt', designation: '10' };

export const hospital: Establishment = {
  noun: 'sykehus',
  designation: '01',
  english: 'Hospital',
  sami: 'buohcceviessu',
  groups: [surgery, medicine, womenAndChildren, headAndNerves, acute, diagnostics, rehabilitation, mentalHealth],
  kinds: [
    [clinic, clinic, { noun: 'divisjon', designation: '04' }, { noun: 'senter', designation: '03' }],
    [department, department, department, { noun: 'fagenhet', designation: '07' }],
    [section, section, ward, outpatients],
    [ward, day, outpatients, unit],
    [team, unit, outpatients],
  ],
};

export const mentalHealthCentre: Establishment = {
  noun: 'DPS',
  designation: '31',
  english: 'District Psychiatric Centre',
  sami: 'DPS',
  groups: [mentalHealth, dependence],
  kinds: [[department, section], [outpatients, ward, section, team], [team, unit, outpatients], [team]],
};

/**
 * Returns the name of a department by its field: 'Ortopedisk avdeling'. A stem and the noun are joined:
 * 'Rehabiliteringsavdeling'.
 */
export function formatDepartmentName({ adjective }: MedicalField, { noun }: UnitKind): string {
  if (adjective === 'LAR' || adjective === 'Øre-nese-hals') return `${adjective}-${noun}`;
  return adjective.endsWith('sk') || adjective === 'Palliativ' ? `${adjective} ${noun}` : `${adjective}${noun}`;
}

/** Returns the name of a department with the field after the noun: 'Avdeling for ortopedi'. */
export function formatNameBySubject({ subject }: MedicalField, { noun }: UnitKind): string {
  return `${noun.slice(0, 1).toUpperCase()}${noun.slice(1)} for ${subject}`;
}

function splitWords(text: string): string[] {
  return text.split(' ');
}
