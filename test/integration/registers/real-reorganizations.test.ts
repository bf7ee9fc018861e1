import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Draft } from '../../../src/domain/plan/draft.ts';
import type { GrantRow } from '../../../src/domain/plan/write-set.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import type { VersionRow } from '../../../src/domain/unit/state.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { advanceReshIdSequence, writeChange } from '../../../src/store/change/write-change.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { versionRow } from '../../support/builders/version-row.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { expectAccepted, expectRevision } from '../../support/mutations/change-assertions.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { graphql } from '../../support/generated/gql.ts';
import { mutationsAs, worldDay } from '../../support/world/world.ts';
import { findViolations } from '../../support/database/violations.ts';

// Regions and trusts before 2009 with their real RESH-ids; the departments of three trusts are fictional.
const southEastRegion = 111_919;
const middleRegion = 100_024;
const innlandet = 100_091;
const ahus = 100_089;
const kongsvinger = 108_597;
const trusts: Readonly<Record<number, readonly [name: string, region: number]>> = {
  [innlandet]: ['Sykehuset Innlandet HF', southEastRegion],
  [ahus]: ['Akershus universitetssykehus HF', southEastRegion],
  100_062: ['Rikshospitalet HF', southEastRegion],
  100_087: ['Ullevål universitetssykehus HF', southEastRegion],
  100_090: ['Sykehuset Asker og Bærum HF', southEastRegion],
  100_099: ['Sykehuset Buskerud HF', southEastRegion],
  100_318: ['Helse Nordmøre og Romsdal HF', middleRegion],
  100_319: ['Helse Sunnmøre HF', middleRegion],
};

function medicineReshId(trust: number): number {
  return trust + 1_000_000;
}

function wardReshId(unit: number): number {
  return unit + 2_000_000;
}

let database: Database;
let client: TestClient;

function buildVersion(name: string, parentReshId: number | null, type: VersionRow['type'] = 'DEPARTMENT'): VersionRow {
  return versionRow({ from: '2002-01-01', parentReshId, type, name });
}

function buildGrant(subject: string, reshId: number | null): GrantRow {
  return {
    subject,
    role: reshId === null ? 'OPERATOR' : 'ADMINISTRATOR',
    reshId,
    from: '2002-01-01',
    to: null,
  };
}

function buildRegisterBefore2009(): Draft {
  const draft = new Draft([]);
  const open = (reshId: number, version: VersionRow): void => {
    draft.addUnit(reshId);
    draft.set(reshId, { versions: [version] });
  };
  open(southEastRegion, buildVersion('Helse Sør-Øst RHF', null, 'ORGANIZATION'));
  open(middleRegion, buildVersion('Helse Midt-Norge RHF', null, 'ORGANIZATION'));
  for (const [id, [name, region]] of Object.entries(trusts)) {
    const trust = Number(id);
    open(trust, buildVersion(name, region, 'ORGANIZATION'));
    open(medicineReshId(trust), buildVersion(`Medisinsk avdeling, ${name}`, trust));
    open(wardReshId(trust), buildVersion(`Sengepost, ${name}`, medicineReshId(trust)));
  }
  open(kongsvinger, buildVersion('Kongsvinger', innlandet));
  open(wardReshId(kongsvinger), buildVersion('Kirurgi, Kongsvinger', kongsvinger));
  draft.grants = {
    superseded: [],
    added: [
      buildGrant('operator', null),
      buildGrant('south-east', southEastRegion),
      buildGrant('middle', middleRegion),
      ...Object.keys(trusts).map((id) => buildGrant(`of ${id}`, Number(id))),
    ],
  };
  return draft;
}

beforeAll(async () => {
  database = await openTestDatabase();
  client = createClient(database, { today: worldDay });
  const entry = changeEntry();
  await database.bulk((session) =>
    recordChange(session, entry, async (revision, transaction) => {
      const writes = buildRegisterBefore2009().buildWriteSet();
      await writeChange(transaction, revision, writes);
      advanceReshIdSequence(transaction, writes);
    }),
  );
});
afterAll(async () => {
  expect(await findViolations(database)).toEqual([]);
  await database.close();
});

const snapshotQuery = graphql(`
  query Story($reshId: ReshId!, $day: Date!, $revision: Revision, $items: [PlacementInput!]!) {
    register(validAt: $day, revision: $revision) {
      units(reshIds: [$reshId]) {
        outcome
        unit {
          name
          ancestors {
            reshId
          }
          enterprise {
            reshId
          }
          parentHistory {
            parent {
              reshId
            }
            validity {
              from
              to
            }
          }
          successors {
            to {
              reshId
            }
            kind
            extent
            effectiveOn
          }
        }
      }
    }
    placements(items: $items) {
      enterprise {
        reshId
      }
      region {
        reshId
      }
      warnings {
        code
        replacedBy {
          reshId
        }
      }
    }
  }
`);

/** Returns a unit on a day, and the placement of activity reported on that day. */
async function readSnapshot(reshId: number, day: Day, revision?: number) {
  const { register, placements } = await client.query(snapshotQuery, {
    reshId,
    day,
    items: [{ reshId, validAt: day }],
    ...(revision !== undefined && { revision }),
  });
  const unit = register.units[0]?.unit;
  const placement = placements[0];
  return {
    outcome: register.units[0]?.outcome,
    above: unit?.ancestors.map((ancestor) => ancestor.reshId),
    enterprise: unit?.enterprise?.reshId,
    parents: unit?.parentHistory.map(({ parent, validity }) => [parent?.reshId, validity.from, validity.to]),
    became: unit?.successors.map(({ to, kind, extent, effectiveOn }) => [to.reshId, kind, extent, effectiveOn]),
    reportedTo: [placement?.enterprise?.reshId, placement?.region?.reshId],
    replacedBy: placement?.warnings.flatMap(({ replacedBy }) => replacedBy.map((unitAtDay) => unitAtDay.reshId)),
  };
}

async function readTranslation(reshId: number, at: Day, to: Day) {
  const { register } = await client.query(
    graphql(`
      query StoryTranslated($items: [UnitAtInput!]!, $to: Date) {
        register(validAt: $to) {
          translateUnits(items: $items) {
            outcome
            units {
              reshId
            }
          }
        }
      }
    `),
    { items: [{ reshId, validAt: at }], to },
  );
  return register.translateUnits.map(({ outcome, units }) => [outcome, units.map((unit) => unit.reshId)]);
}

/** Returns whether a subject may change a unit on a day; the answer of the register and an attempt must agree. */
async function canEdit(subject: string, reshId: number, today: Day): Promise<boolean> {
  const response = await createClient(database, { today, as: subject }).query(
    graphql(`
      query StoryRights($reshId: ReshId!) {
        unit(reshId: $reshId) {
          viewerCan {
            edit {
              allowed
            }
          }
        }
      }
    `),
    { reshId },
  );
  const answer = await mutationsAs(database, subject, today).updateUnit({ reshId, shortName: 'K', dryRun: true });
  const isAllowed = answer.payload !== null;
  expect(response.unit?.viewerCan.edit.allowed).toBe(isAllowed);
  if (!isAllowed) expect(answer.errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
  return isAllowed;
}

describe('transfer of Kongsvinger', () => {
  let before: number;
  let decisionRevision: number;
  beforeAll(async () => {
    // Decided in 2018 for the following year.
    const move = { reshId: kongsvinger, newParentReshId: ahus, effectiveOn: '2019-02-01' };
    const trustResponse = await mutationsAs(database, `of ${innlandet}`, '2018-10-01').moveUnit(move);
    expect(trustResponse.errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
    const region = mutationsAs(database, 'south-east', '2018-10-01');
    const preview = expectAccepted(await region.moveUnit({ ...move, dryRun: true }));
    expect(preview.impact).toMatchObject({
      unitCount: 1,
      pathCount: 1,
      units: [{ reshId: kongsvinger, kinds: ['MOVED'], effectiveOn: '2019-02-01' }],
      grantsGained: [{ administrator: { subject: `of ${ahus}` }, unit: { reshId: ahus } }],
      grantsLost: [{ administrator: { subject: `of ${innlandet}` }, unit: { reshId: innlandet } }],
    });
    decisionRevision = expectRevision(await region.moveUnit({ ...move, reason: 'Opptaksområdet følger foretaket' }));
    before = decisionRevision - 1;
  });

  it('belongs to Innlandet until January 31, 2019 and to Ahus from February 1, with its descendants', async () => {
    for (const [day, trust] of [
      ['2019-01-31', innlandet],
      ['2019-02-01', ahus],
      ['2026-11-23', ahus],
    ] as const) {
      expect(await readSnapshot(kongsvinger, day)).toMatchObject({
        outcome: 'FOUND',
        above: [southEastRegion, trust],
        enterprise: trust,
        reportedTo: [trust, southEastRegion],
        became: [],
      });
      expect(await readSnapshot(wardReshId(kongsvinger), day)).toMatchObject({
        above: [southEastRegion, trust, kongsvinger],
        enterprise: trust,
        reportedTo: [trust, southEastRegion],
      });
    }
  });

  it('has both parents in its history, and one before the transfer was recorded', async () => {
    const expectedParents = [
      [innlandet, '2002-01-01', '2019-02-01'],
      [ahus, '2019-02-01', null],
    ];
    expect((await readSnapshot(kongsvinger, '2019-01-31')).parents).toEqual(expectedParents);
    expect((await readSnapshot(kongsvinger, '2019-02-01')).parents).toEqual(expectedParents);
    expect(await readSnapshot(kongsvinger, '2019-02-01', before)).toMatchObject({
      above: [southEastRegion, innlandet],
      parents: [[innlandet, '2002-01-01', null]],
    });
    expect(await readSnapshot(kongsvinger, '2019-02-01', decisionRevision)).toMatchObject({
      above: [southEastRegion, ahus],
    });
  });

  it('keeps its id and translates to itself', async () => {
    expect(await readTranslation(kongsvinger, '2018-06-01', '2020-06-01')).toEqual([['MOVED', [kongsvinger]]]);
    expect(await readTranslation(kongsvinger, '2020-06-01', '2018-06-01')).toEqual([['MOVED', [kongsvinger]]]);
  });

  it.each([
    ['2018-12-31', true, false],
    ['2019-01-31', true, false],
    ['2019-02-01', false, true],
    ['2026-11-23', false, true],
  ])('can be edited on %s by Innlandet: %s, by Ahus: %s', async (day, byInnlandet, byAhus) => {
    for (const unit of [kongsvinger, wardReshId(kongsvinger)]) {
      expect(await canEdit(`of ${innlandet}`, unit, day)).toBe(byInnlandet);
      expect(await canEdit(`of ${ahus}`, unit, day)).toBe(byAhus);
      expect(await canEdit('south-east', unit, day)).toBe(true);
      expect(await canEdit('middle', unit, day)).toBe(false);
    }
  });
});

describe.each([
  [
    'Oslo universitetssykehus HF',
    '993467049',
    '2009-01-01',
    '2008-12-31',
    [100_062, 100_087],
    southEastRegion,
    'south-east',
  ],
  ['Vestre Viken HF', '894166762', '2009-07-01', '2009-06-30', [100_090, 100_099], southEastRegion, 'south-east'],
  ['Helse Møre og Romsdal HF', '997005562', '2011-07-01', '2011-06-30', [100_318, 100_319], middleRegion, 'middle'],
] as const)('%s', (name, organizationNumber, day, dayBefore, sources, region, administrator) => {
  let trust: number;
  let before: number;
  beforeAll(async () => {
    const merge = {
      sourceReshIds: [...sources],
      newTarget: { name, organizationNumber, parentReshId: region },
      effectiveOn: day,
    };
    const payload = expectAccepted(await mutationsAs(database, administrator, dayBefore).mergeUnits(merge));
    before = (payload.change?.revision ?? 0) - 1;
    trust = payload.units?.[0]?.reshId ?? 0;
    expect(payload.impact?.units.map(({ reshId, kinds }) => [reshId, kinds.join(' ')])).toEqual([
      ...sources.map((source) => [source, 'CLOSED MERGED']),
      ...sources.map((source) => [medicineReshId(source), 'MOVED']),
      [trust, 'OPENED SUCCEEDED'],
    ]);
    expect(payload.impact?.pathCount).toBe(2);
  });

  it('creates a new trust with its own number, valid from its first day', async () => {
    const byNumber = graphql(`
      query StoryByNumber($number: OrganizationNumber!, $day: Date!) {
        register(validAt: $day) {
          organization(organizationNumber: $number) {
            reshId
            name
            type
          }
        }
      }
    `);
    const found = async (on: Day) =>
      (await client.query(byNumber, { number: organizationNumber, day: on })).register.organization;

    expect(sources).not.toContain(trust);
    expect(await found(dayBefore)).toBeNull();
    expect(await found(day)).toEqual({ reshId: trust, name, type: 'ORGANIZATION' });
  });

  it.each(sources)('moves the departments of %i', async (source) => {
    expect(await readSnapshot(medicineReshId(source), dayBefore)).toMatchObject({
      above: [region, source],
      enterprise: source,
    });
    expect(await readSnapshot(medicineReshId(source), day)).toMatchObject({
      above: [region, trust],
      enterprise: trust,
      reportedTo: [trust, region],
      parents: [
        [source, '2002-01-01', day],
        [trust, day, null],
      ],
    });
    expect(await readSnapshot(wardReshId(source), day)).toMatchObject({
      above: [region, trust, medicineReshId(source)],
    });
    expect(await readSnapshot(wardReshId(source), day, before)).toMatchObject({
      above: [region, source, medicineReshId(source)],
    });
  });

  it.each(sources)('succeeds %i, which keeps its id and history', async (source) => {
    expect(await readSnapshot(source, dayBefore)).toMatchObject({ outcome: 'FOUND', replacedBy: [] });
    expect(await readSnapshot(source, day)).toMatchObject({
      outcome: 'CLOSED',
      became: [[trust, 'MERGE', 'FULL', day]],
      replacedBy: [trust],
    });
    expect(await readSnapshot(source, day, before)).toMatchObject({ outcome: 'FOUND', became: [] });
    expect(await readTranslation(source, dayBefore, worldDay)).toEqual([['MERGED', [trust]]]);
    expect(await readTranslation(trust, worldDay, dayBefore)).toEqual([['MERGED', [...sources]]]);
    expect(await readTranslation(medicineReshId(source), dayBefore, day)).toEqual([
      ['MOVED', [medicineReshId(source)]],
    ]);
  });

  it.each(sources)(
    'can be edited by its region until it has an administrator, and leaves %i without units',
    async (source) => {
      expect(await canEdit(`of ${source}`, medicineReshId(source), dayBefore)).toBe(true);
      expect(await canEdit(`of ${source}`, medicineReshId(source), day)).toBe(false);
      expect(await canEdit(`of ${source}`, trust, day)).toBe(false);
      expect(await canEdit(administrator, medicineReshId(source), day)).toBe(true);
    },
  );
});

describe('replaced id', () => {
  it('names its successor on every later day, even when recorded years later', async () => {
    const old = wardReshId(ahus);
    const operator = mutationsAs(database, 'operator');
    const replacement =
      expectAccepted(
        await operator.createDepartment({
          name: 'Sengepost',
          parentReshId: medicineReshId(ahus),
          effectiveOn: '2016-01-01',
        }),
      ).unit?.reshId ?? 0;
    const before =
      expectRevision(
        await operator.closeUnit({ reshId: old, successorReshIds: [replacement], effectiveOn: '2016-01-01' }),
      ) - 1;

    expect(await readSnapshot(old, '2015-12-31')).toMatchObject({ outcome: 'FOUND', replacedBy: [] });
    expect(await readSnapshot(replacement, '2015-12-31')).toMatchObject({ outcome: 'NOT_YET_VALID' });
    expect(await readSnapshot(old, '2016-01-01')).toMatchObject({
      outcome: 'CLOSED',
      replacedBy: [replacement],
      became: [[replacement, 'REPLACEMENT', 'FULL', '2016-01-01']],
    });
    expect(await readSnapshot(old, worldDay)).toMatchObject({ replacedBy: [replacement] });
    expect(await readSnapshot(old, worldDay, before)).toMatchObject({ outcome: 'FOUND', became: [] });
    expect(await readTranslation(old, '2015-01-01', worldDay)).toEqual([['CLOSED', [replacement]]]);
  });
});
