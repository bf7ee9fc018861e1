import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { rebuildPaths } from '../../src/store/verify/rebuild-paths.ts';
import { verifyRegister, type Violation } from '../../src/store/verify/verify.ts';
import type { ChangeAnswer, Changes } from '../support/changes.ts';
import { createClient, type TestClient } from '../support/client.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';
import { everythingStored } from '../support/everything-stored.ts';
import { mutationDays, mutationOf, wishes, type KnownUnit, type Sent } from '../support/model/mutations.ts';
import { tried } from '../support/model/runs.ts';
import { actor, buildWorld, worldDay } from '../support/world.ts';

let database: Database;
let reader: TestClient;
const actors = new Map<string, Changes>();
beforeAll(async () => {
  database = await openTestDatabase();
  reader = createClient(database, { today: worldDay });
});
afterAll(() => database.close());

const send = ({ subject, name, input }: Sent, dryRun: boolean): Promise<ChangeAnswer> => {
  const changes = actors.get(subject) ?? actor(database, subject);
  actors.set(subject, changes);
  return (changes[name] as (given: object) => Promise<ChangeAnswer>)({ ...input, dryRun });
};

const violations = async (): Promise<Violation[]> => {
  const found: Violation[] = [];
  await database.bulk((session) =>
    verifyRegister(
      session,
      (batch) => found.push(...batch),
      () => {},
    ),
  );
  return found;
};

/** Everything stored, RESH-ids that were handed out among it. Rows have numbers too, which no answer shows: those may be lost. */
const stored = async (): Promise<[string, string][]> =>
  Object.entries(await everythingStored(database)).filter(
    ([name]) => name === 'resh_id_seq' || !name.endsWith('_id_seq'),
  );

interface ShownUnit {
  readonly name: string;
  readonly ancestors: readonly { readonly reshId: number }[];
  readonly addresses: readonly { readonly inherited: boolean }[];
  readonly contactPoints: readonly { readonly inherited: boolean }[];
  readonly [field: string]: unknown;
}
type Tree = readonly { readonly reshId: number; readonly outcome: string; readonly unit: ShownUnit | null }[];

const treeOn = (day: string): string => `d${day.replaceAll('-', '')}: register(validAt: "${day}", revision: $revision) {
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
      }
    }
  }`;
const treesQuery = `query Trees($reshIds: [ReshId!]!, $revision: Revision!) {
  ${mutationDays.map(treeOn).join('\n  ')}
}`;

/** What the register answers of every unit on every day on which anything happens, as known at a revision, by day. */
const treesAt = async (revision: number, reshIds: readonly number[]): Promise<ReadonlyMap<string, Tree>> => {
  const { data, errors } = await reader.send({ query: treesQuery, variables: { reshIds, revision } });
  expect(errors).toBeUndefined();
  const byDay = data as Record<string, { units: Tree }>;
  return new Map(mutationDays.map((day) => [day, byDay[`d${day.replaceAll('-', '')}`]?.units ?? []]));
};

const own = <Item extends { readonly inherited: boolean }>(items: readonly Item[]): Item[] =>
  items.filter(({ inherited }) => !inherited);

/** What a unit itself says on a day, a text for each field of the ledger; nothing where it is not valid. */
const factsOf = (tree: Tree | undefined, reshId: number): Record<string, string> => {
  const found = tree?.find((place) => place.reshId === reshId);
  if (found?.outcome !== 'FOUND' || !found.unit) return {};
  const { unit } = found;
  const facts: Record<string, unknown> = {
    validity: true,
    parent: unit.ancestors.at(-1)?.reshId,
    ...Object.fromEntries(
      [
        'type',
        'name',
        'shortName',
        'organizationNumber',
        'responsiblePerson',
        'designationText',
        'designation',
        'treatmentSite',
        'codes',
        'identifiers',
        'internationalNames',
      ].map((field) => [field, unit[field]]),
    ),
    addresses: own(unit.addresses),
    contactPoints: own(unit.contactPoints),
  };
  return Object.fromEntries(Object.entries(facts).map(([field, value]) => [field, JSON.stringify(value ?? null)]));
};

const pathOf = (tree: Tree | undefined, reshId: number): string => {
  const found = tree?.find((place) => place.reshId === reshId);
  return found?.outcome === 'FOUND' ? JSON.stringify(found.unit?.ancestors.map((above) => above.reshId)) : '';
};

type Trees = ReadonlyMap<string, Tree>;

/** Units that themselves differ between two revisions, with the first day on which they do, and those of which only the path does. */
const differences = (before: Trees, after: Trees, reshIds: readonly number[]) => {
  const changed: { reshId: number; effectiveOn: string }[] = [];
  let paths = 0;
  for (const reshId of reshIds) {
    const effectiveOn = mutationDays.find(
      (day) => JSON.stringify(factsOf(before.get(day), reshId)) !== JSON.stringify(factsOf(after.get(day), reshId)),
    );
    if (effectiveOn) changed.push({ reshId, effectiveOn });
    else if (mutationDays.some((day) => pathOf(before.get(day), reshId) !== pathOf(after.get(day), reshId))) paths += 1;
  }
  return { changed, paths };
};

type ToldChanges = NonNullable<NonNullable<ChangeAnswer['payload']>['impact']>['units'];

const unitsOfChange = async (revision: number): Promise<{ totalCount: number; nodes: ToldChanges }> => {
  const { data, errors } = await reader.send({
    query: `query Changed($revision: Revision!) {
      change(revision: $revision) { units(first: 100) { totalCount nodes { reshId kinds effectiveOn fields { field old new } } } }
    }`,
    variables: { revision },
  });
  expect(errors).toBeUndefined();
  return (data as { change: { units: { totalCount: number; nodes: ToldChanges } } }).change.units;
};

const knownUnits = async (): Promise<KnownUnit[]> => {
  const ids = await database.prisma.unit.findMany({ orderBy: { reshId: 'asc' } });
  const rows = await database.prisma.unitVersion.findMany({ where: { supersededRev: null } });
  return ids.map(({ reshId }) => ({
    reshId,
    children: [...new Set(rows.filter((row) => row.parentReshId === reshId).map((row) => row.reshId))],
  }));
};

const knownIds = async (): Promise<number[]> => (await knownUnits()).map(({ reshId }) => reshId);

// What an answer says whether it is a dry run or not. A unit that only the change opens is not there to be shown before.
const toldBy = ({ payload, errors }: ChangeAnswer, known: readonly KnownUnit[]) => ({
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
});

describe('random changes by random people', () => {
  it('keep every rule and every earlier answer; a dry run foretells the change, and leaves nothing, as a refusal does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wishes, { minLength: 1, maxLength: 8 }), async (wished) => {
        await emptyRegister(database);
        await buildWorld(database);
        const snapshots = [await treesAt(1, await knownIds())];
        for (const wish of wished) {
          const revision = snapshots.length;
          const known = await knownUnits();
          const mutation = mutationOf(wish, known);
          const before = await stored();

          const foretold = await send(mutation, true);
          expect(await stored(), 'after a dry run').toEqual(before);
          expect(foretold.payload?.change ?? null).toBeNull();
          expect(foretold.errors.map(({ extensions }) => extensions?.['code'])).toEqual(
            foretold.payload ? [] : ['FORBIDDEN'],
          );
          if (wish.isDryRun) continue;
          const answer = await send(mutation, false);
          expect(toldBy(answer, known)).toEqual(toldBy(foretold, known));

          const made = answer.payload?.change;
          if (!made) {
            expect([...(answer.payload?.userErrors ?? []), ...answer.errors]).not.toEqual([]);
            expect(await stored(), 'after a refusal').toEqual(before);
            continue;
          }
          expect(made.revision).toBe(revision + 1);
          expect(await violations()).toEqual([]);

          const reshIds = await knownIds();
          const trees = await treesAt(made.revision, reshIds);
          const { changed, paths } = differences(await treesAt(revision, reshIds), trees, reshIds);
          const told = await unitsOfChange(made.revision);
          expect(told.nodes.map(({ reshId, effectiveOn }) => ({ reshId, effectiveOn }))).toEqual(changed);
          expect(told.totalCount).toBe(changed.length);
          expect(answer.payload.impact).toMatchObject({
            unitCount: changed.length,
            pathCount: paths,
            units: told.nodes,
          });
          snapshots.push(trees);
        }
        for (const [place, trees] of snapshots.entries()) {
          const reshIds = [...(trees.values().next().value ?? [])].map(({ reshId }) => reshId);
          expect(await treesAt(place + 1, reshIds), `revision ${place + 1}`).toEqual(trees);
        }
        expect(await database.bulk((session) => rebuildPaths(session, () => {}))).toEqual({ changed: 0, notMended: 0 });
      }),
      tried(8),
    );
  });
});
