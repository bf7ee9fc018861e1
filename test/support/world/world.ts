import { Draft } from '../../../src/domain/plan/draft.ts';
import type { GrantRow } from '../../../src/domain/plan/write-set.ts';
import { FIRST_DAY } from '../../../src/domain/time/day.ts';
import { emptyFacts } from '../../../src/domain/unit/facts.ts';
import type { VersionRow } from '../../../src/domain/unit/state.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { advanceReshIdSequence, writeChange } from '../../../src/store/change/write-change.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { changeEntry } from '../builders/change-entry.ts';
import { createClient } from '../http/client.ts';
import { createMutations, type Mutations } from '../mutations/mutations.ts';

/** Day on which the tests read and change the register. */
export const worldDay = '2026-11-23';
/** First day of every unit. */
export const worldStart = '2010-01-01';

/**
 * Units of the tests' register, by name. There are two regions: the north has two trusts, the south a trust and a
 * private hospital. The first trust of the north has two clinics, one of them with two wards.
 */
export const units = {
  north: 100,
  northTrust: 110,
  clinic: 111,
  ward: 112,
  secondWard: 113,
  secondClinic: 114,
  siblingTrust: 120,
  siblingClinic: 121,
  specialist: 130,
  south: 200,
  southTrust: 210,
  southClinic: 211,
  privateHospital: 220,
  privateClinic: 221,
} as const;
export type UnitName = keyof typeof units;

/**
 * Organization numbers: of two trusts, of two treatment sites, of nothing in the register, and one with a wrong check
 * digit.
 */
export const numbers = {
  northTrust: '983974880',
  southTrust: '983971636',
  site: '974747138',
  laterSite: '974557746',
  unregistered: '974749025',
  invalid: '974747139',
} as const;

/** Subjects of tokens, by role or by the unit they administer. */
export const subjects = {
  operator: 'operator',
  registrar: 'registrar',
  regional: 'north-region',
  trust: 'north-trust',
  clinic: 'north-clinic',
  south: 'south-region',
} as const;

const departments: readonly UnitName[] = [
  'clinic',
  'ward',
  'secondWard',
  'secondClinic',
  'siblingClinic',
  'southClinic',
  'privateClinic',
];

const parents: Readonly<Record<UnitName, UnitName | null>> = {
  north: null,
  northTrust: 'north',
  clinic: 'northTrust',
  ward: 'clinic',
  secondWard: 'clinic',
  secondClinic: 'northTrust',
  siblingTrust: 'north',
  siblingClinic: 'siblingTrust',
  specialist: 'north',
  south: null,
  southTrust: 'south',
  southClinic: 'southTrust',
  privateHospital: 'south',
  privateClinic: 'privateHospital',
};

/** Fills an empty register with the tests' world, as revision 1. Code 030 of 8451 is retired. */
export function buildWorld(database: Database): Promise<{ revision: number }> {
  return database.bulk((session) =>
    recordChange(session, changeEntry(), async (revision, transaction) => {
      await transaction.execute(`
          insert into code_set (number, oid, name, registered_rev)
          values
            (8451, '2.16.578.1.12.4.1.1.8451', 'Fagområde', ${revision}),
            (8624, '2.16.578.1.12.4.1.1.8624', 'Betegnelse', ${revision});
          insert into code (code_set, code, registered_rev)
          values
            (8451, '010', ${revision}),
            (8451, '020', ${revision}),
            (8451, '030', ${revision}),
            (8451, '040', ${revision}),
            (8624, '01', ${revision}), (8624, '05', ${revision}), (8624, '61', ${revision});
          insert into code_version (code_set, code, name, retired, valid_to, recorded_rev)
          values
            (8451, '010', 'Kirurgi', false, null, ${revision}),
            (8451, '020', 'Barnekirurgi', false, null, ${revision}),
            (8451, '030', 'Utgått', true, null, ${revision}),
            (8451, '040', 'Til 2020', false, '2020-01-01', ${revision}),
            (8624, '01', 'Sykehus', false, null, ${revision}),
            (8624, '05', 'Avdeling', false, null, ${revision}),
            (8624, '61', 'Privat avtalespesialist', false, null, ${revision})`);
      const writes = buildWorldDraft().buildWriteSet();
      await writeChange(transaction, revision, writes);
      advanceReshIdSequence(transaction, writes);
    }),
  );
}

function buildWorldDraft(): Draft {
  const draft = new Draft([]);
  for (const [name, reshId] of Object.entries(units) as [UnitName, number][]) {
    draft.addUnit(reshId);
    draft.set(reshId, { versions: [buildVersion(name)] });
  }
  draft.set(units.clinic, { codes: [{ from: worldStart, to: null, codeSet: 8451, code: '010', attributes: [] }] });
  const site = { municipality: null, addressLines: [], postalCode: null, city: null, country: null };
  draft.addSites(
    {
      ...site,
      organizationNumber: numbers.site,
      name: 'Site',
      legalEntityReshId: units.northTrust,
      from: FIRST_DAY,
      to: null,
    },
    {
      ...site,
      organizationNumber: numbers.laterSite,
      name: 'Later site',
      legalEntityReshId: null,
      from: '2027-01-01',
      to: null,
    },
    {
      ...site,
      organizationNumber: numbers.northTrust,
      name: 'northTrust',
      legalEntityReshId: null,
      from: FIRST_DAY,
      to: null,
    },
  );
  draft.grants = {
    superseded: [],
    added: [
      buildGrant(subjects.operator, 'OPERATOR'),
      buildGrant(subjects.registrar, 'SPECIALIST_REGISTRAR'),
      buildGrant(subjects.regional, 'ADMINISTRATOR', units.north),
      buildGrant(subjects.trust, 'ADMINISTRATOR', units.northTrust),
      buildGrant(subjects.clinic, 'ADMINISTRATOR', units.clinic),
      buildGrant(subjects.south, 'ADMINISTRATOR', units.south),
    ],
  };
  draft.administrators = {
    superseded: [],
    added: Object.values(subjects).map((subject) => ({
      subject,
      name: `Name of ${subject}`,
      email: `${subject}@example.org`,
      from: worldStart,
      to: null,
    })),
  };
  return draft;
}

function buildVersion(name: UnitName): VersionRow {
  const parent = parents[name];
  return {
    ...emptyFacts,
    from: worldStart,
    to: null,
    parentReshId: parent && units[parent],
    type: departments.includes(name) ? 'DEPARTMENT' : 'ORGANIZATION',
    name,
    designationCode: name === 'specialist' ? '61' : departments.includes(name) ? '05' : null,
    organizationNumber: name === 'northTrust' || name === 'southTrust' ? numbers[name] : null,
    treatmentSiteNumber: name === 'clinic' ? numbers.site : null,
    path: [],
  };
}

function buildGrant(subject: string, role: GrantRow['role'], reshId: number | null = null): GrantRow {
  return {
    subject,
    role,
    reshId,
    from: worldStart,
    to: null,
  };
}

/** Returns the mutations as a subject sends them; without a subject, requests have no token. */
export function mutationsAs(database: Database, subject?: string, today: string = worldDay): Mutations {
  return createMutations(createClient(database, { today, ...(subject !== undefined && { as: subject }) }));
}
