import { kongsvinger } from './top-of-tree.ts';

/** Somebody invented who may change the demo register. */
export interface DemoPerson {
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'OPERATOR' | 'SPECIALIST_REGISTRAR' | 'ADMINISTRATOR';
  /** Unit that the grant is on, null where it is on the whole register */
  readonly reshId: number | null;
  /** What the grant lets them do, in a few words */
  readonly may: string;
}

/** First day of the grants. */
export const GRANTED_FROM = '2020-01-01';

const person = (
  subject: string,
  name: string,
  role: DemoPerson['role'],
  reshId: number | null,
  may: string,
): DemoPerson => ({ subject, name, email: `${subject}@example.org`, role, reshId, may });

/** One of each kind that may change something. */
export const demoPeople: readonly DemoPerson[] = [
  person('operator', 'Oda Eksempel', 'OPERATOR', null, 'everything'),
  person('registrar', 'Rolf Eksempel', 'SPECIALIST_REGISTRAR', null, 'contract specialists and their sites'),
  person('region-admin', 'Rakel Eksempel', 'ADMINISTRATOR', 111919, 'Helse Sør-Øst RHF and beneath'),
  person('trust-admin', 'Trygve Eksempel', 'ADMINISTRATOR', 100089, 'Akershus universitetssykehus HF and beneath'),
  person('private-admin', 'Petra Eksempel', 'ADMINISTRATOR', 107505, 'Diakonhjemmet Sykehus AS and beneath'),
  person('clinic-admin', 'Kristin Eksempel', 'ADMINISTRATOR', kongsvinger.reshId, 'Kongsvinger and beneath'),
];
