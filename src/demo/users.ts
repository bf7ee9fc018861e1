import { kongsvinger } from './organizations.ts';

/** Somebody invented who may change the demo register. */
export interface DemoUser {
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'OPERATOR' | 'SPECIALIST_REGISTRAR' | 'ADMINISTRATOR';
  /** Unit that the grant is on, null where it is on the whole register */
  readonly reshId: number | null;
  /** What the grant lets them do, in a few words */
  readonly accessSummary: string;
}

/** First day of the grants. */
export const GRANTS_VALID_FROM = '2020-01-01';

/** One of each kind that may change something. */
export const demoUsers: readonly DemoUser[] = [
  createUser('operator', 'Oda Eksempel', 'OPERATOR', null, 'everything'),
  createUser('registrar', 'Rolf Eksempel', 'SPECIALIST_REGISTRAR', null, 'contract specialists and their sites'),
  createUser('region-admin', 'Rakel Eksempel', 'ADMINISTRATOR', 111919, 'Helse Sør-Øst RHF and beneath'),
  createUser('trust-admin', 'Trygve Eksempel', 'ADMINISTRATOR', 100089, 'Akershus universitetssykehus HF and beneath'),
  createUser('private-admin', 'Petra Eksempel', 'ADMINISTRATOR', 107505, 'Diakonhjemmet Sykehus AS and beneath'),
  createUser('clinic-admin', 'Kristin Eksempel', 'ADMINISTRATOR', kongsvinger.reshId, 'Kongsvinger and beneath'),
];

function createUser(
  subject: string,
  name: string,
  role: DemoUser['role'],
  reshId: number | null,
  accessSummary: string,
): DemoUser {
  return { subject, name, email: `${subject}@example.org`, role, reshId, accessSummary };
}
