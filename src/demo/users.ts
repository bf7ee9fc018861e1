import { kongsvinger } from './organizations.ts';

/** An invented person who may change the demo register. */
export interface DemoUser {
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'OPERATOR' | 'SPECIALIST_REGISTRAR' | 'ADMINISTRATOR';
  /** Unit of the grant; null for a national role */
  readonly reshId: number | null;
  /** What the user may change, in a few words */
  readonly accessSummary: string;
}

/** First day of the grants. */
export const GRANTS_VALID_FROM = '2020-01-01';

/** Users with every role, and administrators at several levels of the tree. */
export const demoUsers: readonly DemoUser[] = [
  createUser('operator', 'Oda Eksempel', 'OPERATOR', null, 'everything'),
  createUser('registrar', 'Rolf Eksempel', 'SPECIALIST_REGISTRAR', null, 'contract specialists and their sites'),
  createAdministrator('region-admin', 'Rakel Eksempel', 111919, 'Helse Sør-Øst RHF'),
  createAdministrator('trust-admin', 'Trygve Eksempel', 100089, 'Akershus universitetssykehus HF'),
  createAdministrator('private-admin', 'Petra Eksempel', 107505, 'Diakonhjemmet Sykehus AS'),
  createAdministrator('clinic-admin', 'Kristin Eksempel', kongsvinger.reshId, 'Kongsvinger'),
];

function createAdministrator(subject: string, name: string, reshId: number, unitName: string): DemoUser {
  return createUser(subject, name, 'ADMINISTRATOR', reshId, `${unitName} and all units under it`);
}

function createUser(
  subject: string,
  name: string,
  role: DemoUser['role'],
  reshId: number | null,
  accessSummary: string,
): DemoUser {
  return { subject, name, email: `${subject}@example.org`, role, reshId, accessSummary };
}
