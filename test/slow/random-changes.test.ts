import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { rebuildPaths } from '../../src/store/verify/rebuild-paths.ts';
import { createClient, type TestClient } from '../support/http/client.ts';
import { fieldChangeSelection, withFieldTexts } from '../support/http/field-texts.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { mutationDays, mutationDraws, type MutationDraw } from '../support/model/mutation-draws.ts';
import type { KnownUnit } from '../support/model/mutation-parts.ts';
import { buildMutation, type MutationRequest } from '../support/model/mutations.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import type { ChangeResponse, Mutations } from '../support/mutations/mutations.ts';
import { readTableDigests } from '../support/database/table-digests.ts';
import { mutationsAs, buildWorld, numbers, subjects, worldDay } from '../support/world/world.ts';
import { findViolations } from '../support/database/violations.ts';

let database: Database;
let reader: TestClient;
const actors = new Map<string, Mutations>();
beforeAll(async () => {
  database = await openTestDatabase();
  reader = createClient(database, { today: worldDay });
});
afterAll(() => database.close());

function send({ subject, name, input }: MutationRequest, dryRun: boolean): Promise<ChangeResponse> {
  const changes = actors.get(subject) ?? mutationsAs(database, subject);
  actors.set(subject, changes);
  return (changes[name] as (sentInput: object) => Promise<ChangeResponse>)({ ...input, dryRun });
}

/**
 * Returns digests of everything stored and the RESH-id sequence. Row ids appear in no response, so their sequences may
 * advance.
 */
async function readRowDigests(): Promise<[string, string][]> {
  return Object.entries(await readTableDigests(database)).filter(
    ([name]) => name === 'resh_id_seq' || !name.endsWith('_id_seq'),
  );
}

interface ShownUnit {
  readonly name: string;
  readonly ancestors: readonly { readonly reshId: number }[];
  readonly treatmentSite: { readonly organizationNumber: string } | null;
  readonly addresses: readonly { readonly inherited: boolean }[];
  readonly contactPoints: readonly { readonly inherited: boolean }[];
  readonly successors: readonly { readonly effectiveOn: string }[];
  readonly predecessors: readonly { readonly effectiveOn: string }[];
  readonly [field: string]: unknown;
}
type Tree = readonly { readonly reshId: number; readonly outcome: string; readonly unit: ShownUnit | null }[];

function buildTreeField(day: string): string {
  return `d${day.replaceAll('-', '')}: register(validAt: "${day}", revision: $revision) {
    units(reshIds: $reshIds) {
      reshId
      outcome
      unit {
        seenOn type name shortName organizationNumber responsiblePerson designationText
        designation { code }
        treatmentSite { organizationNumber name }
        ancestors { reshId name }
        children { nodes { reshId } }
        descendantCount
        codes { code { code codeSet { number } } attributes { code } }
        identifiers { system value }
        internationalNames { language name }
        addresses { inherited type lines postalCode city country }
        contactPoints { inherited type value }
        successors { effectiveOn kind extent to { reshId } }
        predecessors { effectiveOn kind extent from { reshId } }
      }
    }
  }`;
}

const treesQuery = `query Trees($reshIds: [ReshId!]!, $revision: Revision!) {
  ${mutationDays.map(buildTreeField).join('\n  ')}
}`;

/** Returns the tree on every day on which anything happens, as known at a revision. */
async function readTrees(revision: number, reshIds: readonly number[]): Promise<ReadonlyMap<string, Tree>> {
  const { data, errors } = await reader.send({ query: treesQuery, variables: { reshIds, revision } });
  expect(errors).toBeUndefined();
  const byDay = data as Record<string, { units: Tree }>;
  return new Map(mutationDays.map((day) => [day, byDay[`d${day.replaceAll('-', '')}`]?.units ?? []]));
}

function withoutInherited<Item extends { readonly inherited: boolean }>(items: readonly Item[]): Item[] {
  return items.filter(({ inherited }) => !inherited);
}

/**
 * Returns the successions from and to a unit that take effect on a day. They change the unit even if it keeps its
 * facts, as in a split that keeps it.
 */
function listSuccessions(tree: Tree | undefined, reshId: number, day: string): readonly object[] {
  const found = tree?.find((entry) => entry.reshId === reshId);
  const { successors = [], predecessors = [] } = found?.unit ?? {};
  return [...successors, ...predecessors].filter(({ effectiveOn }) => effectiveOn === day);
}

/** Returns the facts of a unit on a day as text, by field of the ledger; empty if it is not valid. */
function listFacts(tree: Tree | undefined, reshId: number): Record<string, string> {
  const found = tree?.find((entry) => entry.reshId === reshId);
  if (found?.outcome !== 'FOUND' || !found.unit) return {};
  const { unit } = found;
  const facts: Record<string, unknown> = {
    validity: true,
    parent: unit.ancestors.at(-1)?.reshId,
    // The name of a site is a fact of the site.
    treatmentSite: unit.treatmentSite?.organizationNumber,
    ...Object.fromEntries(
      [
        'type',
        'name',
        'shortName',
        'organizationNumber',
        'responsiblePerson',
        'designationText',
        'designation',
        'codes',
        'identifiers',
        'internationalNames',
      ].map((field) => [field, unit[field]]),
    ),
    addresses: withoutInherited(unit.addresses),
    contactPoints: withoutInherited(unit.contactPoints),
  };
  return Object.fromEntries(Object.entries(facts).map(([field, value]) => [field, JSON.stringify(value ?? null)]));
}

function formatPath(tree: Tree | undefined, reshId: number): string {
  const found = tree?.find((entry) => entry.reshId === reshId);
  return found?.outcome === 'FOUND' ? JSON.stringify(found.unit?.ancestors.map((ancestor) => ancestor.reshId)) : '';
}

type Trees = ReadonlyMap<string, Tree>;

/**
 * Returns the units whose facts or successions differ between two revisions, with the first such day, and the number of
 * other units that have another path.
 */
function compareTrees(before: Trees, after: Trees, reshIds: readonly number[]) {
  const changed: { reshId: number; effectiveOn: string }[] = [];
  let pathCount = 0;
  const formatUnitOn = (trees: Trees, reshId: number, day: string): string =>
    JSON.stringify([listFacts(trees.get(day), reshId), listSuccessions(trees.get(day), reshId, day)]);
  for (const reshId of reshIds) {
    const effectiveOn = mutationDays.find(
      (day) => formatUnitOn(before, reshId, day) !== formatUnitOn(after, reshId, day),
    );
    if (effectiveOn) changed.push({ reshId, effectiveOn });
    else if (mutationDays.some((day) => formatPath(before.get(day), reshId) !== formatPath(after.get(day), reshId)))
      pathCount += 1;
  }
  return { changed, paths: pathCount };
}

type ChangedUnits = NonNullable<NonNullable<ChangeResponse['payload']>['impact']>['units'];

async function readChangedUnits(revision: number): Promise<{ totalCount: number; nodes: ChangedUnits }> {
  const { data, errors } = await reader.send({
    query: `query Changed($revision: Revision!) {
      change(revision: $revision) {
        units(first: 100) {
          totalCount
          nodes { reshId kinds effectiveOn fields { ${fieldChangeSelection} } }
        }
      }
    }`,
    variables: { revision },
  });
  expect(errors).toBeUndefined();
  return withFieldTexts((data as { change: { units: { totalCount: number; nodes: ChangedUnits } } }).change.units);
}

async function readKnownUnits(): Promise<KnownUnit[]> {
  const ids = await database.prisma.unit.findMany({ orderBy: { reshId: 'asc' } });
  const rows = await database.prisma.unitVersion.findMany({ where: { supersededRev: null } });
  return ids.map(({ reshId }) => ({
    reshId,
    children: [...new Set(rows.filter((row) => row.parentReshId === reshId).map((row) => row.reshId))],
  }));
}

async function readKnownIds(): Promise<number[]> {
  return (await readKnownUnits()).map(({ reshId }) => reshId);
}

// The part of a response that is the same for a dry run. A dry run cannot show a unit that the change creates.
function toImpactSummary({ payload, errors }: ChangeResponse, known: readonly KnownUnit[]) {
  return {
    impact: payload?.impact && {
      ...payload.impact,
      grantsGained: payload.impact.grantsGained.map((grant) => ({
        ...grant,
        unit: known.some(({ reshId }) => reshId === grant.unit?.reshId) ? grant.unit : null,
      })),
    },
    userErrors: payload?.userErrors,
    warnings: payload?.warnings,
    errors: errors.map(({ message }) => message),
  };
}

/** A split that keeps the unit with its facts, so that it only gets successions. */
const splitKeepingUnit: MutationDraw = {
  name: 'splitUnit',
  subject: subjects.operator,
  unit: 2,
  other: 291,
  day: '2016-02-29',
  end: undefined,
  isDryRun: false,
  isWide: false,
  text: 'Ward A',
  otherText: null,
  code: '010',
  otherCode: '010',
  number: numbers.unregistered,
  grantee: subjects.operator,
};

describe('random changes by random users', () => {
  it('keep every rule and earlier answer, and dry runs predict them and write nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutationDraws, { minLength: 1, maxLength: 8 }), async (draws) => {
        await clearRegister(database);
        await buildWorld(database);
        const snapshots = [await readTrees(1, await readKnownIds())];
        for (const draw of draws) {
          const revision = snapshots.length;
          const known = await readKnownUnits();
          const mutation = buildMutation(draw, known);
          const before = await readRowDigests();

          const preview = await send(mutation, true);
          expect(await readRowDigests(), 'after a dry run').toEqual(before);
          expect(preview.payload?.change ?? null).toBeNull();
          expect(preview.errors.map(({ extensions }) => extensions?.['code'])).toEqual(
            preview.payload ? [] : ['FORBIDDEN'],
          );
          if (draw.isDryRun) continue;
          const answer = await send(mutation, false);
          expect(toImpactSummary(answer, known)).toEqual(toImpactSummary(preview, known));

          const change = answer.payload?.change;
          if (!change) {
            expect([...(answer.payload?.userErrors ?? []), ...answer.errors]).not.toEqual([]);
            expect(await readRowDigests(), 'after a refusal').toEqual(before);
            continue;
          }
          expect(change.revision).toBe(revision + 1);
          expect(await findViolations(database)).toEqual([]);

          const reshIds = await readKnownIds();
          const trees = await readTrees(change.revision, reshIds);
          const { changed, paths } = compareTrees(await readTrees(revision, reshIds), trees, reshIds);
          const changedUnits = await readChangedUnits(change.revision);
          expect(changedUnits.nodes.map(({ reshId, effectiveOn }) => ({ reshId, effectiveOn }))).toEqual(changed);
          expect(changedUnits.totalCount).toBe(changed.length);
          expect(answer.payload.impact).toMatchObject({
            unitCount: changed.length,
            pathCount: paths,
            units: changedUnits.nodes,
          });
          snapshots.push(trees);
        }
        for (const [index, trees] of snapshots.entries()) {
          const reshIds = [...(trees.values().next().value ?? [])].map(({ reshId }) => reshId);
          expect(await readTrees(index + 1, reshIds), `revision ${index + 1}`).toEqual(trees);
        }
        expect(await database.bulk((session) => rebuildPaths(session, () => {}))).toEqual({
          changed: 0,
          notRepaired: 0,
        });
      }),
      { ...propertyOptions(8), examples: [[[splitKeepingUnit]]] },
    );
  });
});
