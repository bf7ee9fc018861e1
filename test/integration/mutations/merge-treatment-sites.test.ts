import { afterAll, describe, expect, it } from 'vitest';
import { expectAccepted, expectRevision } from '../../support/mutations/change-assertions.ts';
import { useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { readSite, registerSite } from '../../support/world/treatment-sites.ts';
import { units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

async function registerTrust(name: string): Promise<number> {
  const { unit } = expectAccepted(
    await world.as('operator').registerOrganization({
      name,
      parentReshId: units.north,
      organizationNumber: nextOrganizationNumber(),
      effectiveOn: lastYear,
      administrator: { subject: 'kari', name: 'Kari' },
    }),
  );
  return unit?.reshId ?? 0;
}

async function readLegalEntity(site: string, day: string): Promise<number | undefined> {
  return (await readSite(world, site, day))?.legalEntity?.reshId;
}

describe('mergeUnits with treatment sites', () => {
  it('passes the sites of the sources on to the target from the day on, and undoing gives them back', async () => {
    const [first, second, target] = [await registerTrust('A'), await registerTrust('B'), await registerTrust('C')];
    const site = await registerSite(world, { legalEntityReshId: first });
    const planned = await registerSite(world, { legalEntityReshId: second, validFrom: nextYear });
    const other = await registerSite(world, { legalEntityReshId: target });

    const merged = await world
      .as('operator')
      .mergeUnits({ sourceReshIds: [first, second], targetReshId: target, effectiveOn: worldDay });

    const { impact } = expectAccepted(merged);
    const [example] = [site, planned].sort();
    expect(impact?.notes).toContain(
      `2 treatment sites, such as ${example}, belong to unit ${target} "C" as legal entity from ${worldDay} on.`,
    );
    expect(await readLegalEntity(site, lastYear)).toBe(first);
    expect(await readLegalEntity(site, worldDay)).toBe(target);
    expect(await readLegalEntity(planned, nextYear)).toBe(target);
    expect(await readLegalEntity(other, worldDay)).toBe(target);

    expectAccepted(await world.as('operator').undoChange({ revision: expectRevision(merged) }));
    expect(await readLegalEntity(site, worldDay)).toBe(first);
    expect(await readLegalEntity(planned, nextYear)).toBe(second);
  });

  it('passes a site on through two mergers of one change', async () => {
    const [first, second, third] = [await registerTrust('A'), await registerTrust('B'), await registerTrust('C')];
    const site = await registerSite(world, { legalEntityReshId: first });

    expectAccepted(
      await world.as('operator').reorganize({
        effectiveOn: worldDay,
        steps: [
          { mergeUnits: { sources: [{ reshId: first }], target: { reshId: second } } },
          { mergeUnits: { sources: [{ reshId: second }], target: { reshId: third } } },
        ],
      }),
    );

    expect(await readLegalEntity(site, lastYear)).toBe(first);
    expect(await readLegalEntity(site, worldDay)).toBe(third);
  });
});
