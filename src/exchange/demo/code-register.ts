/** A code set of the demo register with some of its codes. */
export interface DemoCodeSet {
  readonly number: number;
  readonly name: string;
  readonly codes: readonly (readonly [code: string, name: string])[];
}

/** A subset of the national code sets, by name as the national catalogue has them. */
export const codeSets: readonly DemoCodeSet[] = [
  {
    number: 8451,
    name: 'Fagområde',
    codes: [
      ['010', 'Generell kirurgi'],
      ['020', 'Barnekirurgi (under 15 år)'],
      ['030', 'Gasteroenterologisk kirurgi'],
      ['040', 'Karkirurgi'],
    ],
  },
  {
    number: 8624,
    name: 'Organisatorisk betegnelse',
    codes: [
      ['01', 'Sykehus'],
      ['02', 'Klinikk'],
      ['05', 'Avdeling'],
      ['06', 'Seksjon'],
      ['08', 'Post'],
      ['11', 'Poliklinikk'],
      ['61', 'Privat avtalespesialist'],
    ],
  },
  {
    number: 8651,
    name: 'Enhetsfunksjon (OK 2007)',
    codes: [
      ['A01', 'Operasjon'],
      ['A02', 'Observasjonsenhet'],
      ['A03', 'Intensivenhet'],
    ],
  },
  {
    number: 8653,
    name: 'Pasienttjenester (OK 2007)',
    codes: [
      ['1', 'Pleietjenester'],
      ['2', 'Pasienthotell'],
    ],
  },
];
