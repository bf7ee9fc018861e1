import { describe, expect, it } from 'vitest';
import { administratorGrant, specialty } from '../../support/builders/mutation-inputs.ts';
import { grantImpact, impactOf, impactOnUnit } from '../../support/builders/impact.ts';
import { readAccessOn, readFacts } from '../../support/database/facts-of-revision.ts';
import {
  expectAccepted,
  expectRevision,
  formatUserErrors,
  kindsByUnit,
} from '../../support/mutations/change-assertions.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import type { ChangeResponse } from '../../support/mutations/mutations.ts';
import { addTwoWards } from '../../support/world/add-units.ts';
import { expectNoWrites } from '../../support/world/changing-world-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { readSite, registerSite } from '../../support/world/treatment-sites.ts';
import { mutationsAs, numbers, units, worldDay } from '../../support/world/world.ts';

const { north, northTrust, siblingClinic } = units;
const world = useChangingWorld();
const surgery = specialty('010');

function operator() {
  return world.as('operator');
}

async function undo(revision: number, input: { effectiveOn?: string; dryRun?: boolean } = {}) {
  return expectAccepted(await operator().undoChange({ revision, ...input }));
}

describe('undoChange', () => {
  it('gives a field its former value and keeps what later changes did to others', async () => {
    const ward = await world.department('Ward', homeClinic);
    const renaming = expectRevision(
      await operator().updateUnit({ reshId: ward, name: 'Wrong', effectiveOn: lastYear }),
    );
    expectRevision(await operator().updateUnit({ reshId: ward, responsiblePerson: 'Siri', effectiveOn: '2025-12-24' }));

    const { change, impact, warnings } = await undo(renaming);

    expect(change).toEqual({ revision: renaming + 2, effectiveOn: lastYear, operation: 'UNDO_CHANGE' });
    expect(impact).toEqual(impactOnUnit(ward, ['RENAMED'], { name: ['Wrong', 'Ward'] }, lastYear));
    expect(warnings).toEqual([]);
    expect(await world.readUnit(ward, worldDay)).toMatchObject({ name: 'Ward', responsiblePerson: 'Siri' });
    expect(await world.readUnit(ward, lastYear)).toMatchObject({ name: 'Ward', responsiblePerson: null });
    expect(await world.readUnit(ward, worldDay, renaming + 1)).toMatchObject({ name: 'Wrong' });
  });

  it('records the revision in the stored input', async () => {
    const ward = await world.department('Ward', homeClinic);
    const revision = expectRevision(await operator().updateUnit({ reshId: ward, name: 'Wrong' }));
    const undoing = expectRevision(await operator().undoChange({ revision, reason: 'Wrong unit' }));

    const stored = await world.database.prisma.change.findUniqueOrThrow({ where: { revision: undoing } });
    expect(stored).toMatchObject({
      operation: 'UNDO_CHANGE',
      reason: 'Wrong unit',
      input: { revision, reason: 'Wrong unit' },
    });
  });

  it('takes a change back from a day on', async () => {
    const ward = await world.department('Ward', homeClinic);
    const closing = expectRevision(await operator().closeUnit({ reshId: ward, effectiveOn: lastYear }));

    const { change } = await undo(closing, { effectiveOn: yesterday });

    expect(change?.effectiveOn).toBe(yesterday);
    expect((await world.readUnit(ward, '2024-01-01'))?.validity).toBe(`2020-01-01/${lastYear}`);
    expect(await world.readUnit(ward, lastYear)).toBeNull();
    expect((await world.readUnit(ward, worldDay))?.validity).toBe(`${yesterday}/`);
  });

  it('closes a unit that the change created if it is taken back from a later day on', async () => {
    const created = expectAccepted(
      await operator().createDepartment({ name: 'Ward', parentReshId: homeClinic, effectiveOn: lastYear }),
    );

    const payload = await undo(created.change?.revision ?? 0, { effectiveOn: nextYear });

    expect(kindsByUnit(payload, nextYear)).toEqual({ [created.unit?.reshId ?? 0]: 'CLOSED' });
    expect((await world.readUnit(created.unit?.reshId ?? 0, worldDay))?.validity).toBe(`${lastYear}/${nextYear}`);
  });

  it('keeps the closing of a unit that had a field changed before it closed', async () => {
    const ward = await world.department('Ward', homeClinic);
    const renaming = expectRevision(
      await operator().updateUnit({ reshId: ward, name: 'Wrong', effectiveOn: lastYear }),
    );
    expectRevision(await operator().closeUnit({ reshId: ward, effectiveOn: nextYear }));

    await undo(renaming);

    expect(await world.readUnit(ward, worldDay)).toMatchObject({ name: 'Ward', validity: `2020-01-01/${nextYear}` });
    expect(await world.readUnit(ward, nextYear)).toBeNull();
  });

  it('changes nothing where the former value already holds again', async () => {
    const ward = await world.department('Ward', homeClinic);
    const renaming = expectRevision(await operator().updateUnit({ reshId: ward, name: 'Wrong' }));
    expectRevision(await operator().updateUnit({ reshId: ward, name: 'Ward' }));

    const { warnings, change, impact } = await undo(renaming);

    expect(warnings.map(({ code }) => code)).toEqual(['NO_CHANGES']);
    expect(change?.effectiveOn).toBeNull();
    expect(impact).toEqual(impactOf({}));
  });

  it('gives a merged unit its days back with all that it had, and ends its succession', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    await operator().updateUnitCodes({ reshId: east, add: [specialty('010')], effectiveOn: '2021-01-01' });
    const facts = await readFacts(world.database);
    const merging = expectRevision(
      await operator().mergeUnits({ sourceReshIds: [east], targetReshId: west, effectiveOn: lastYear }),
    );

    const { impact } = await undo(merging);

    expect(impact?.notes).toEqual([`Unit ${east} "East" no longer becomes unit ${west} "West" on ${lastYear}.`]);
    expect(await readFacts(world.database)).toEqual(facts);
    expect((await world.readUnit(eastRoom, worldDay))?.ancestors).toEqual([north, northTrust, homeClinic, east]);
  });

  it('does not give a code back on a day on which the code is no longer valid', async () => {
    const ward = await world.department('Ward', homeClinic, { from: '2015-01-01' });
    await world.insertCode(ward, specialty('040'), '2015-01-01');
    const ending = expectRevision(
      await operator().updateUnitCodes({ reshId: ward, end: [specialty('040')], effectiveOn: '2016-01-01' }),
    );

    const { impact } = await undo(ending, { effectiveOn: '2021-01-01' });

    expect(impact?.notes).toEqual([
      `Unit ${ward} "Ward" does not get code 8451:040 back on 2021-01-01: the code cannot be assigned on that day.`,
    ]);
    expect((await world.readUnit(ward, worldDay))?.codes).toEqual({});
    expect(await world.findViolations()).toEqual([]);
  });

  it('gives a retired code back to the unit that had it', async () => {
    const ward = await world.department('Ward', homeClinic);
    await world.insertCode(ward, specialty('030'), '2020-01-01');
    const withdrawal = expectRevision(await operator().withdrawUnit({ reshId: ward }));

    await undo(withdrawal);

    expect((await world.readUnit(ward, worldDay))?.codes).toEqual({ '8451:030': '2020-01-01/' });
    expect(await world.findViolations()).toEqual([]);
  });
});

/** Makes a change of each kind. */
const kinds: readonly (readonly [string, () => Promise<ChangeResponse>])[] = [
  ['createDepartment', () => operator().createDepartment({ name: 'New', parentReshId: homeClinic, codes: [surgery] })],
  [
    'registerOrganization',
    () =>
      operator().registerOrganization({
        name: 'New',
        organizationNumber: nextOrganizationNumber(),
        parentReshId: north,
        administrator: { subject: 'anne', name: 'Anne' },
      }),
  ],
  ['registerContractSpecialist', () => operator().registerContractSpecialist({ name: 'Dr', regionReshId: north })],
  [
    'updateUnit',
    async () =>
      operator().updateUnit({
        reshId: await world.department('Ward', homeClinic),
        name: 'Other',
        shortName: 'O',
        designation: '05',
        internationalNames: [{ language: 'en', name: 'Other' }],
        addresses: [{ type: 'VISITING', lines: ['Street 1'] }],
        contactPoints: [{ type: 'EMAIL', value: 'other@example.org' }],
        effectiveOn: lastYear,
      }),
  ],
  [
    'moveUnit',
    async () => {
      const { east, west } = await addTwoWards(world);
      return operator().moveUnit({ reshId: east, newParentReshId: west, effectiveOn: lastYear });
    },
  ],
  [
    'closeUnit',
    async () => {
      const { east, west } = await addTwoWards(world);
      return operator().closeUnit({ reshId: east, withDescendants: true, successorReshIds: [west] });
    },
  ],
  [
    'reopenUnit',
    async () => {
      const { east } = await addTwoWards(world);
      await operator().closeUnit({ reshId: east, withDescendants: true, effectiveOn: lastYear });
      return operator().reopenUnit({ reshId: east, withDescendants: true, effectiveOn: lastYear });
    },
  ],
  [
    'mergeUnits',
    async () => {
      const { east, west } = await addTwoWards(world);
      const newTarget = { name: 'Both', parentReshId: homeClinic };
      return operator().mergeUnits({ sourceReshIds: [east, west], newTarget, effectiveOn: nextYear });
    },
  ],
  [
    'splitUnit',
    async () => {
      const { east, eastRoom } = await addTwoWards(world);
      return operator().splitUnit({ reshId: east, into: [{ name: 'A', childReshIds: [eastRoom] }, { name: 'B' }] });
    },
  ],
  [
    'withdrawUnit',
    async () => {
      const ward = await world.department('Ward', homeClinic);
      await operator().updateUnitCodes({ reshId: ward, add: [surgery] });
      return operator().withdrawUnit({ reshId: ward });
    },
  ],
  [
    'reorganize',
    async () => {
      const { east, west, eastRoom } = await addTwoWards(world);
      return operator().reorganize({
        steps: [
          { createDepartment: { key: 'new', name: 'New', parent: { reshId: homeClinic } } },
          { moveUnit: { unit: { reshId: eastRoom }, newParent: { key: 'new' } } },
          { moveUnit: { unit: { reshId: west }, newParent: { reshId: eastRoom } } },
          { closeUnit: { unit: { reshId: east } } },
        ],
      });
    },
  ],
  ['updateUnitCodes', () => operator().updateUnitCodes({ reshId: siblingClinic, add: [surgery] })],
  [
    'connectTreatmentSite',
    () => operator().connectTreatmentSite({ reshId: siblingClinic, organizationNumber: numbers.site }),
  ],
  ['disconnectTreatmentSite', () => operator().disconnectTreatmentSite({ reshId: units.clinic })],
  [
    'updateTreatmentSite',
    async () =>
      operator().updateTreatmentSite({
        organizationNumber: await registerSite(world, { validFrom: lastYear }),
        name: 'New',
        address: { lines: ['Gate 1'] },
        legalEntityReshId: siblingClinic,
      }),
  ],
  [
    'registerTreatmentSite',
    () => operator().registerTreatmentSite({ organizationNumber: nextOrganizationNumber(), name: 'Site' }),
  ],
  [
    'closeTreatmentSite',
    async () => operator().closeTreatmentSite({ organizationNumber: await registerSite(world), effectiveOn: nextYear }),
  ],
  [
    'reopenTreatmentSite',
    async () =>
      operator().reopenTreatmentSite({ organizationNumber: await registerSite(world, { validTo: lastYear }) }),
  ],
  ['setIdentifier', () => operator().setIdentifier({ reshId: siblingClinic, system: 'urn:x', value: '17' })],
  [
    'setMappingNode',
    async () => {
      await operator().setMappingNode({ systemId: 'urn:tree', nodeId: '1', name: 'Top', reshId: homeClinic });
      const node = { systemId: 'urn:tree', nodeId: '1', name: 'Other', reshId: siblingClinic };
      return operator().setMappingNode({ ...node, effectiveOn: nextYear });
    },
  ],
  [
    'removeMappingNode',
    async () => {
      await operator().setMappingNode({ systemId: 'urn:gone', nodeId: '1', name: 'Top', reshId: homeClinic });
      return operator().removeMappingNode({ systemId: 'urn:gone', nodeId: '1' });
    },
  ],
];
describe('undoing each kind of change', () => {
  it.each(kinds)('makes every day what it was before: %s', async (_kind, makeChange) => {
    const revision = expectRevision(await makeChange());
    const after = await readFacts(world.database);
    const before = await readFacts(world.database, revision - 1);

    const undoing = await undo(revision);

    expect(await readFacts(world.database)).toEqual(before);
    expect(await world.findViolations()).toEqual([]);

    await undo(undoing.change?.revision ?? 0);

    expect(await readFacts(world.database)).toEqual(after);
    expect(await world.findViolations()).toEqual([]);
  });

  it('unregisters a treatment site, whose number can be registered again', async () => {
    const site = { organizationNumber: numbers.unregistered, name: 'Site' };
    const revision = expectRevision(await operator().registerTreatmentSite(site));

    const { impact } = await undo(revision);

    expect(impact).toEqual(
      impactOf({
        notes: [`Treatment site ${numbers.unregistered} is no longer registered; its number can be registered again.`],
      }),
    );
    expect(await readSite(world, numbers.unregistered, worldDay)).toBeNull();
    expect(await readSite(world, numbers.unregistered, worldDay, revision)).toMatchObject({ name: 'Site' });
    expectAccepted(await operator().registerTreatmentSite({ ...site, name: 'Again' }));
    expect(await readSite(world, numbers.unregistered, worldDay)).toMatchObject({ name: 'Again' });
  });

  it('keeps a treatment site that units use, with a note', async () => {
    const organizationNumber = nextOrganizationNumber();
    const revision = expectRevision(await operator().registerTreatmentSite({ organizationNumber, name: 'Site' }));
    const ward = await world.department('Ward', homeClinic);
    expectAccepted(await operator().connectTreatmentSite({ reshId: ward, organizationNumber }));

    const { impact, warnings } = await undo(revision);

    expect(impact).toEqual(
      impactOf({ notes: [`Treatment site ${organizationNumber} stays registered, because units use it.`] }),
    );
    expect(warnings.map(({ code }) => code)).toEqual(['NO_CHANGES']);
  });

  it('refuses to take days from a treatment site that units use on them', async () => {
    const site = await registerSite(world, { validTo: lastYear });
    const revision = expectRevision(await operator().reopenTreatmentSite({ organizationNumber: site }));
    const ward = await world.department('Ward', homeClinic);
    expectAccepted(await operator().connectTreatmentSite({ reshId: ward, organizationNumber: site }));

    expect(formatUserErrors(await operator().undoChange({ revision }))).toEqual([
      `SITE_IN_USE at revision: Treatment site ${site} would not be valid on ${worldDay}, but unit ${ward} "Ward" is ` +
        'connected to it on that day; connect the unit to another site first, or disconnect it with ' +
        'disconnectTreatmentSite.',
    ]);
  });

  it('names the later change of the same field of a treatment site', async () => {
    const site = await registerSite(world);
    const address = { lines: ['Gate 1'], postalCode: '7030', city: 'Trondheim' };
    const revision = expectRevision(
      await operator().updateTreatmentSite({ organizationNumber: site, name: 'New', address }),
    );
    const later = expectRevision(
      await operator().updateTreatmentSite({
        organizationNumber: site,
        municipality: 'Oslo',
        address: { ...address, lines: ['Gate 2'] },
      }),
    );

    expect(formatUserErrors(await operator().undoChange({ revision }))).toEqual([
      `CONFLICT at revision: Treatment site ${site}: "address" was changed again in revision ${later}; ` +
        'undo that revision first.',
    ]);
    await undo(later);
    await undo(revision);
    expect(await readSite(world, site, worldDay)).toMatchObject({ name: 'Site', municipality: null, address: null });
  });
});

describe('undoing a change of access', () => {
  it('ends access that the change gave, today', async () => {
    const ward = await world.department('Ward', homeClinic);
    const granting = expectRevision(
      await operator().grantAccess(administratorGrant('clinic-2', ward, { name: 'Kari', effectiveOn: lastYear })),
    );

    const { impact } = await undo(granting);

    expect(impact).toEqual(impactOf({ grantsLost: [grantImpact('clinic-2', ward)] }));
    expect(await readAccessOn(world.database, yesterday)).toContain(`clinic-2 ADMINISTRATOR ${ward}`);
    expect(await readAccessOn(world.database, worldDay)).not.toContain(`clinic-2 ADMINISTRATOR ${ward}`);
  });

  it('ends it on a later day if asked to', async () => {
    const ward = await world.department('Ward', homeClinic);
    const granting = expectRevision(await operator().grantAccess(administratorGrant('north-clinic', ward)));

    await undo(granting, { effectiveOn: nextYear });

    expect(await readAccessOn(world.database, worldDay)).toContain(`north-clinic ADMINISTRATOR ${ward}`);
    expect(await readAccessOn(world.database, nextYear)).not.toContain(`north-clinic ADMINISTRATOR ${ward}`);
  });

  it('does not give access back that the change ended, and says so', async () => {
    const ward = await world.department('Ward', homeClinic);
    await operator().grantAccess(administratorGrant('north-clinic', ward));
    const closing = expectRevision(await operator().closeUnit({ reshId: ward }));

    const { impact } = await undo(closing);

    expect(impact?.notes).toEqual([
      `"north-clinic" does not get role administrator on unit ${ward} "Ward" back, which the change ended; ` +
        'grant it again if needed.',
    ]);
    expect(impact?.grantsGained).toEqual([]);
    expect(await readAccessOn(world.database, worldDay)).not.toContain(`north-clinic ADMINISTRATOR ${ward}`);
  });

  it('ends later access to a unit that the change created', async () => {
    const created = expectAccepted(await operator().createDepartment({ name: 'New', parentReshId: homeClinic }));
    const reshId = created.unit?.reshId ?? 0;
    expectAccepted(await operator().grantAccess(administratorGrant('north-clinic', reshId)));

    const { impact } = await undo(created.change?.revision ?? 0);

    expect(impact?.grantsLost).toEqual([grantImpact('north-clinic', reshId)]);
    expect(await world.readUnit(reshId, worldDay)).toBeNull();
  });

  it('gives a person the former name, and keeps the name of a new one', async () => {
    const ward = await world.department('Ward', homeClinic);
    const grant = administratorGrant('nina', ward, { name: 'Nina Berg' });
    const first = expectRevision(await operator().grantAccess(grant));
    const second = expectRevision(await operator().grantAccess({ ...grant, name: 'Nina Dahl' }));
    const readName = async () =>
      (await world.database.prisma.administrator.findFirstOrThrow({ where: { subject: 'nina', supersededRev: null } }))
        .name;

    await undo(second);
    expect(await readName()).toBe('Nina Berg');

    await undo(first);
    expect(await readName()).toBe('Nina Berg');
  });

  it('keeps an operator in the register', async () => {
    const granting = expectRevision(
      await operator().grantAccess({ subject: 'second', role: 'OPERATOR', name: 'Second' }),
    );
    const second = mutationsAs(world.database, 'second');
    expectAccepted(await second.revokeAccess({ subject: 'operator', role: 'OPERATOR' }));

    const { payload } = await second.undoChange({ revision: granting });

    expect(payload?.userErrors).toEqual([
      {
        code: 'LAST_OPERATOR',
        message: '"second" is the last operator; add another one first, with grantAccess or "resh operator".',
        field: ['revision'],
      },
    ]);
    expectAccepted(await second.grantAccess({ subject: 'operator', role: 'OPERATOR' }));
    await undo(granting);
  });
});

describe('dry run of an undo', () => {
  it('writes nothing and predicts the impact', async () => {
    const { east, west } = await addTwoWards(world);
    const moving = expectRevision(await operator().moveUnit({ reshId: east, newParentReshId: west }));

    const preview = await expectNoWrites(world, () => undo(moving, { dryRun: true }));

    expect(preview.change).toBeNull();
    expect((await undo(moving)).impact).toEqual(preview.impact);
  });
});

describe('every undo', () => {
  const unitByRevision = new Map<number, number>();

  testMutationLaws({
    world,
    name: 'undoChange',
    createInput: async (parent) => {
      const reshId = await world.department('Ward', parent);
      const revision = expectRevision(await operator().updateUnit({ reshId, name: 'Wrong' }));
      unitByRevision.set(revision, reshId);
      return { revision };
    },
    alterInput: ({ revision }) => ({ revision: revision + 1 }),
    readReshId: ({ revision }) => unitByRevision.get(revision) ?? 0,
  });
});
