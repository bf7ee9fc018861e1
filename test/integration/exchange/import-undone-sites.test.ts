import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { importFolder } from '../../../src/exchange/import/import-folder.ts';
import { importOptions } from '../../support/builders/file-options.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { useFolder } from '../../support/use-folder.ts';
import { useChangingWorld } from '../../support/world/changing-world.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { readSite } from '../../support/world/treatment-sites.ts';
import { worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));
const folder = useFolder();

async function registerAndUndo(): Promise<string> {
  const organizationNumber = nextOrganizationNumber();
  const operator = world.as('operator');
  expectAccepted(await operator.registerTreatmentSite({ organizationNumber, name: 'Mistake' }));
  expectAccepted(await operator.undoChange({ revision: await world.readNewestRevision() }));
  return organizationNumber;
}

async function importFiles(units: string, sites: string) {
  const files = {
    'units.csv': `resh_id,type,name,parent_resh_id,treatment_site_number\n${units}`,
    'treatment_sites.csv': `organization_number,name\n${sites}`,
    'codes.csv': 'code_set,code,name\n',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder(), name), content);
  return importFolder(world.database, importOptions({ folder: folder(), validFrom: '2020-01-01' }));
}

describe('importing the number of a treatment site whose registration was undone', () => {
  it('registers it again', async () => {
    const site = await registerAndUndo();

    const { files } = await importFiles('', `${site},Clinic\n`);

    expect(files).toContainEqual({ file: 'treatment_sites.csv', imported: 1, rejected: 0, alreadyRegistered: 0 });
    expect(await readSite(world, site, worldDay)).toMatchObject({ name: 'Clinic' });
  });

  it('registers it under its number if only a unit names it', async () => {
    const site = await registerAndUndo();

    const { missingSites } = await importFiles(`990001,ORGANIZATION,Clinic,,${site}\n`, '');

    expect(missingSites).toBe(1);
    expect(await readSite(world, site, worldDay)).toMatchObject({ name: site });
  });
});
