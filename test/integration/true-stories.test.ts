import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/time/day.ts';
import { Draft, type GrantRow } from '../../src/domain/plan/draft.ts';
import type { VersionRow } from '../../src/domain/unit/state.ts';
import type { Database } from '../../src/store/database/database.ts';
import { recordChange } from '../../src/store/change/ledger.ts';
import { verifyRegister, type Violation } from '../../src/store/verify/verify.ts';
import { keepReshIds, writeChange } from '../../src/store/change/write-change.ts';
import { made, revisionOf } from '../support/changing-world.ts';
import { createClient, type TestClient } from '../support/client.ts';
import { openTestDatabase } from '../support/database.ts';
import { graphql } from '../support/generated/gql.ts';
import { actor, worldDay } from '../support/world.ts';

// Regions and trusts as they were before 2009, by their real RESH-ids; departments of three of them are made up.
const southEast = 111_919;
const middle = 100_024;
const innlandet = 100_091;
const ahus = 100_089;
const kongsvinger = 108_597;
const trusts: Readonly<Record<number, readonly [name: string, region: number]>> = {
  [innlandet]: ['Sykehuset Innlandet HF', southEast],
  [ahus]: ['Akershus universitetssykehus HF', southEast],
  100_062: ['Rikshospitalet HF', southEast],
  100_087: ['Ullevål universitetssykehus HF', southEast],
  100_090: ['Sykehuset Asker og Bærum HF', southEast],
  100_099: ['Sykehuset Buskerud HF', southEast],
  100_318: ['Helse Nordmøre og Romsdal HF', middle],
  100_319: ['Helse Sunnmøre HF', middle],
};
const medicineOf = (trust: number): number => trust + 1_000_000;
const wardOf = (unit: number): number => unit + 2_000_000;

let database: Database;
let client: TestClient;

const versionOf = (name: string, parentReshId: number | null, type: VersionRow['type'] = 'DEPARTMENT'): VersionRow => ({
  ...{ from: '2002-01-01', to: null, parentReshId, type, name, path: [] },
  ...{ shortName: null, designationCode: null, designationText: null, organizationNumber: null },
  ...{ treatmentSiteNumber: null, responsiblePerson: null },
});

const grantTo = (subject: string, reshId: number | null): GrantRow => ({
  ...{ subject, role: reshId === null ? 'OPERATOR' : 'ADMINISTRATOR', reshId, from: '2002-01-01', to: null },
});

const registerBefore2009 = (): Draft => {
  const draft = new Draft([]);
  const open = (reshId: number, version: VersionRow): void => {
    draft.open(reshId);
    draft.set(reshId, { versions: [version] });
  };
  open(southEast, versionOf('Helse Sør-Øst RHF', null, 'ORGANIZATION'));
  open(middle, versionOf('Helse Midt-Norge RHF', null, 'ORGANIZATION'));
  for (const [id, [name, region]] of Object.entries(trusts)) {
    const trust = Number(id);
    open(trust, versionOf(name, region, 'ORGANIZATION'));
    open(medicineOf(trust), versionOf(`Medisinsk avdeling, ${name}`, trust));
    open(wardOf(trust), versionOf(`Sengepost, ${name}`, medicineOf(trust)));
  }
  open(kongsvinger, versionOf('Kongsvinger', innlandet));
  open(wardOf(kongsvinger), versionOf('Kirurgi, Kongsvinger', kongsvinger));
  draft.grants = {
    superseded: [],
    added: [
      grantTo('operator', null),
      grantTo('south-east', southEast),
      grantTo('middle', middle),
      ...Object.keys(trusts).map((id) => grantTo(`of ${id}`, Number(id))),
    ],
  };
  return draft;
};

beforeAll(async () => {
  database = await openTestDatabase();
  client = createClient(database, { today: worldDay });
  const entry = { actor: { subject: 'test', name: 'Test' }, effectiveOn: null, reason: null, input: {} } as const;
  await database.bulk((session) =>
    recordChange(session, { ...entry, operation: 'DEMO' }, async (revision) => {
      const writes = registerBefore2009().writes();
      await writeChange(session, revision, writes);
      await keepReshIds(session, writes);
    }),
  );
});
afterAll(async () => {
  const found: Violation[] = [];
  await database.bulk((session) =>
    verifyRegister(
      session,
      (batch) => found.push(...batch),
      () => {},
    ),
  );
  expect(found).toEqual([]);
  await database.close();
});

const story = graphql(`
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
            from
            to
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

/** What the register says of a unit on a day, and of activity reported on it then. */
const told = async (reshId: number, day: Day, revision?: number) => {
  const { register, placements } = await client.ask(story, {
    ...{ reshId, day, items: [{ reshId, date: day }] },
    ...(revision !== undefined && { revision }),
  });
  const unit = register.units[0]?.unit;
  const placement = placements[0];
  return {
    outcome: register.units[0]?.outcome,
    above: unit?.ancestors.map((ancestor) => ancestor.reshId),
    enterprise: unit?.enterprise?.reshId,
    parents: unit?.parentHistory.map(({ parent, from, to }) => [parent?.reshId, from, to]),
    became: unit?.successors.map(({ to, kind, extent, effectiveOn }) => [to.reshId, kind, extent, effectiveOn]),
    reportedTo: [placement?.enterprise?.reshId, placement?.region?.reshId],
    replacedBy: placement?.warnings.flatMap(({ replacedBy }) => replacedBy.map((unitThen) => unitThen.reshId)),
  };
};

const translation = async (reshId: number, at: Day, to: Day) => {
  const { translateUnits } = await client.ask(
    graphql(`
      query StoryTranslated($items: [UnitAtInput!]!, $to: Date) {
        translateUnits(items: $items, to: $to) {
          outcome
          units {
            reshId
          }
        }
      }
    `),
    { items: [{ reshId, at }], to },
  );
  return translateUnits.map(({ outcome, units }) => [outcome, units.map((unit) => unit.reshId)]);
};

/** Whether somebody may change a unit on a day: as the register says, and as it does. */
const mayEdit = async (subject: string, reshId: number, today: Day): Promise<boolean> => {
  const asked = await createClient(database, { today, as: subject }).ask(
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
  const answer = await actor(database, subject, today).updateUnit({ reshId, shortName: 'K', dryRun: true });
  const isAllowed = answer.payload !== null;
  expect(asked.unit?.viewerCan.edit.allowed).toBe(isAllowed);
  if (!isAllowed) expect(answer.errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
  return isAllowed;
};

describe('Kongsvinger', () => {
  let before: number;
  let decided: number;
  beforeAll(async () => {
    // Decided in 2018 for the year after.
    const move = { reshId: kongsvinger, newParentReshId: ahus, effectiveOn: '2019-02-01' };
    const ofTrust = await actor(database, `of ${innlandet}`, '2018-10-01').moveUnit(move);
    expect(ofTrust.errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
    const region = actor(database, 'south-east', '2018-10-01');
    const foretold = made(await region.moveUnit({ ...move, dryRun: true }));
    expect(foretold.impact).toMatchObject({
      ...{ unitCount: 1, pathCount: 1 },
      units: [{ reshId: kongsvinger, kinds: ['MOVED'], effectiveOn: '2019-02-01' }],
      grantsGained: [{ administrator: { subject: `of ${ahus}` }, unit: { reshId: ahus } }],
      grantsLost: [{ administrator: { subject: `of ${innlandet}` }, unit: { reshId: innlandet } }],
    });
    decided = revisionOf(await region.moveUnit({ ...move, reason: 'Opptaksområdet følger foretaket' }));
    before = decided - 1;
  });

  it('belongs to Innlandet to the last of January 2019, and to Ahus from the first of February, with all beneath it', async () => {
    for (const [day, trust] of [
      ['2019-01-31', innlandet],
      ['2019-02-01', ahus],
      ['2026-11-23', ahus],
    ] as const) {
      expect(await told(kongsvinger, day)).toMatchObject({
        ...{ outcome: 'FOUND', above: [southEast, trust], enterprise: trust, reportedTo: [trust, southEast] },
        became: [],
      });
      expect(await told(wardOf(kongsvinger), day)).toMatchObject({
        ...{ above: [southEast, trust, kongsvinger], enterprise: trust, reportedTo: [trust, southEast] },
      });
    }
  });

  it('has both parents in its history, and one of them before the transfer was decided', async () => {
    const both = [
      [innlandet, '2002-01-01', '2019-02-01'],
      [ahus, '2019-02-01', null],
    ];
    expect((await told(kongsvinger, '2019-01-31')).parents).toEqual(both);
    expect((await told(kongsvinger, '2019-02-01')).parents).toEqual(both);
    expect(await told(kongsvinger, '2019-02-01', before)).toMatchObject({
      above: [southEast, innlandet],
      parents: [[innlandet, '2002-01-01', null]],
    });
    expect(await told(kongsvinger, '2019-02-01', decided)).toMatchObject({ above: [southEast, ahus] });
  });

  it('kept its id, so that it is translated to itself', async () => {
    expect(await translation(kongsvinger, '2018-06-01', '2020-06-01')).toEqual([['MOVED', [kongsvinger]]]);
    expect(await translation(kongsvinger, '2020-06-01', '2018-06-01')).toEqual([['MOVED', [kongsvinger]]]);
  });

  it.each([
    ['2018-12-31', true, false],
    ['2019-01-31', true, false],
    ['2019-02-01', false, true],
    ['2026-11-23', false, true],
  ])('on %s may be changed by Innlandet: %s, and by Ahus: %s', async (day, byInnlandet, byAhus) => {
    for (const unit of [kongsvinger, wardOf(kongsvinger)]) {
      expect(await mayEdit(`of ${innlandet}`, unit, day)).toBe(byInnlandet);
      expect(await mayEdit(`of ${ahus}`, unit, day)).toBe(byAhus);
      expect(await mayEdit('south-east', unit, day)).toBe(true);
      expect(await mayEdit('middle', unit, day)).toBe(false);
    }
  });
});

describe.each([
  ['Oslo universitetssykehus HF', '993467049', '2009-01-01', '2008-12-31', [100_062, 100_087], southEast, 'south-east'],
  ['Vestre Viken HF', '894166762', '2009-07-01', '2009-06-30', [100_090, 100_099], southEast, 'south-east'],
  ['Helse Møre og Romsdal HF', '997005562', '2011-07-01', '2011-06-30', [100_318, 100_319], middle, 'middle'],
] as const)('%s', (name, organizationNumber, day, dayBefore, sources, region, administrator) => {
  let trust: number;
  let before: number;
  beforeAll(async () => {
    const merge = {
      ...{ sourceReshIds: [...sources], target: { name, organizationNumber, parentReshId: region } },
      effectiveOn: day,
    };
    const payload = made(await actor(database, administrator, dayBefore).mergeUnits(merge));
    before = (payload.change?.revision ?? 0) - 1;
    trust = payload.units?.[0]?.reshId ?? 0;
    expect(payload.impact?.units.map(({ reshId, kinds }) => [reshId, kinds.join(' ')])).toEqual([
      ...sources.map((source) => [source, 'CLOSED MERGED']),
      ...sources.map((source) => [medicineOf(source), 'MOVED']),
      [trust, 'OPENED'],
    ]);
    expect(payload.impact?.pathCount).toBe(2);
  });

  it('is a new trust with a number of its own, found by it from its first day', async () => {
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
      (await client.ask(byNumber, { number: organizationNumber, day: on })).register.organization;

    expect(sources).not.toContain(trust);
    expect(await found(dayBefore)).toBeNull();
    expect(await found(day)).toEqual({ reshId: trust, name, type: 'ORGANIZATION' });
  });

  it.each(sources)('has the departments that %i had', async (source) => {
    expect(await told(medicineOf(source), dayBefore)).toMatchObject({ above: [region, source], enterprise: source });
    expect(await told(medicineOf(source), day)).toMatchObject({
      ...{ above: [region, trust], enterprise: trust, reportedTo: [trust, region] },
      parents: [
        [source, '2002-01-01', day],
        [trust, day, null],
      ],
    });
    expect(await told(wardOf(source), day)).toMatchObject({ above: [region, trust, medicineOf(source)] });
    expect(await told(wardOf(source), day, before)).toMatchObject({ above: [region, source, medicineOf(source)] });
  });

  it.each(sources)('took over %i, which keeps its id and its history', async (source) => {
    expect(await told(source, dayBefore)).toMatchObject({ outcome: 'FOUND', replacedBy: [] });
    expect(await told(source, day)).toMatchObject({
      outcome: 'CLOSED',
      became: [[trust, 'MERGE', 'FULL', day]],
      replacedBy: [trust],
    });
    expect(await told(source, day, before)).toMatchObject({ outcome: 'FOUND', became: [] });
    expect(await translation(source, dayBefore, worldDay)).toEqual([['MERGED', [trust]]]);
    expect(await translation(trust, worldDay, dayBefore)).toEqual([['MERGED', [...sources]]]);
    expect(await translation(medicineOf(source), dayBefore, day)).toEqual([['MOVED', [medicineOf(source)]]]);
  });

  it.each(sources)(
    'is changed by its region until it has an administrator; that of %i has nothing left',
    async (source) => {
      expect(await mayEdit(`of ${source}`, medicineOf(source), dayBefore)).toBe(true);
      expect(await mayEdit(`of ${source}`, medicineOf(source), day)).toBe(false);
      expect(await mayEdit(`of ${source}`, trust, day)).toBe(false);
      expect(await mayEdit(administrator, medicineOf(source), day)).toBe(true);
    },
  );
});

describe('an id that was replaced by another', () => {
  it('says which, on every day after, also where it was told years later', async () => {
    const old = wardOf(ahus);
    const operator = actor(database, 'operator');
    const replacement =
      made(
        await operator.createDepartment({
          name: 'Sengepost',
          parentReshId: medicineOf(ahus),
          effectiveOn: '2016-01-01',
        }),
      ).unit?.reshId ?? 0;
    const before =
      revisionOf(
        await operator.closeUnit({ reshId: old, successorReshIds: [replacement], effectiveOn: '2016-01-01' }),
      ) - 1;

    expect(await told(old, '2015-12-31')).toMatchObject({ outcome: 'FOUND', replacedBy: [] });
    expect(await told(replacement, '2015-12-31')).toMatchObject({ outcome: 'NOT_YET_VALID' });
    expect(await told(old, '2016-01-01')).toMatchObject({
      ...{ outcome: 'CLOSED', replacedBy: [replacement] },
      became: [[replacement, 'REPLACEMENT', 'FULL', '2016-01-01']],
    });
    expect(await told(old, worldDay)).toMatchObject({ replacedBy: [replacement] });
    expect(await told(old, worldDay, before)).toMatchObject({ outcome: 'FOUND', became: [] });
    expect(await translation(old, '2015-01-01', worldDay)).toEqual([['CLOSED', [replacement]]]);
  });
});
