import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { createClient, type TestClient } from '../support/http/client.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { graphql } from '../support/generated/gql.ts';
import { dayNear, histories } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { RegisterModel } from '../support/model/register-model.ts';
import { emptyState, pathOn } from '../support/model/register-state.ts';

graphql(`
  fragment PageOfUnits on UnitConnection {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        id
        reshId
        name
        seenOn
        ancestors {
          reshId
          name
        }
        childCount
      }
    }
  }
`);

const pageQueries = {
  byName: graphql(`
    query PageByName($reshId: ReshId!, $first: Int!, $after: String) {
      unit(reshId: $reshId, includeClosed: true) {
        page: children(first: $first, after: $after) {
          ...PageOfUnits
        }
      }
    }
  `),
  byNameBackwards: graphql(`
    query PageByNameBackwards($reshId: ReshId!, $first: Int!, $after: String) {
      unit(reshId: $reshId, includeClosed: true) {
        page: children(first: $first, after: $after, orderBy: { field: NAME, direction: DESC }) {
          ...PageOfUnits
        }
      }
    }
  `),
  byIdBackwards: graphql(`
    query PageByIdBackwards($reshId: ReshId!, $first: Int!, $after: String) {
      unit(reshId: $reshId, includeClosed: true) {
        page: children(first: $first, after: $after, orderBy: { field: RESH_ID, direction: DESC }) {
          ...PageOfUnits
        }
      }
    }
  `),
  descendants: graphql(`
    query PageOfDescendants($reshId: ReshId!, $first: Int!, $after: String) {
      unit(reshId: $reshId, includeClosed: true) {
        page: descendants(first: $first, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            depth
            node {
              id
              reshId
              name
              seenOn
              ancestors {
                reshId
                name
              }
            }
          }
        }
      }
    }
  `),
  nearDescendants: graphql(`
    query PageOfNearDescendants($reshId: ReshId!, $first: Int!, $after: String) {
      unit(reshId: $reshId, includeClosed: true) {
        page: descendants(first: $first, after: $after, maxDepth: 2, filter: { types: [DEPARTMENT] }) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            depth
            node {
              id
              reshId
              name
            }
          }
        }
      }
    }
  `),
  formerChildren: graphql(`
    query PageOfFormerChildren($reshId: ReshId!, $first: Int!, $after: String) {
      unit(reshId: $reshId, includeClosed: true) {
        page: formerChildren(first: $first, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            until
            reason
            node {
              id
              reshId
              name
              seenOn
            }
          }
        }
      }
    }
  `),
};
type Kind = keyof typeof pageQueries;

interface Page {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly unknown[];
}

async function queryPage(
  client: TestClient,
  kind: Kind,
  variables: { reshId: number; first: number; after?: string },
): Promise<Page | undefined> {
  const { unit } = await client.query<{ unit: { page: Page } | null }, typeof variables>(pageQueries[kind], variables);
  return unit?.page;
}

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

describe('pages of any size', () => {
  it('add up to one full page, whatever is recorded in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(3),
        fc.nat(),
        fc.nat(),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
        fc.nat(2),
        async (history, on, n, sizes, changesBefore) => {
          await clearRegister(database);
          const { revisions } = history;
          let recorded = 0;
          const recordNextRevision = async (): Promise<void> => {
            const after = revisions[recorded + 1];
            if (!after) return;
            await recordState(database, revisions[recorded] ?? emptyState, after);
            recorded += 1;
          };
          for (let change = 0; change <= changesBefore; change += 1) await recordNextRevision();

          const today = dayNear(history, on);
          const client = createClient(database, { today });
          const model = new RegisterModel(revisions, recorded);
          const shownDay = (reshId: number): string | undefined => {
            const { outcome, seenOn } = model.lookUp(reshId, today);
            return outcome === 'FOUND' || outcome === 'CLOSED' ? (seenOn ?? undefined) : undefined;
          };
          const parents = history.reshIds.filter((reshId) => {
            const day = shownDay(reshId);
            return (
              day !== undefined &&
              (model.children(reshId, day).length > 0 || model.formerChildren(reshId, day).length > 0)
            );
          });
          // Every other time a unit that the next change moves, if there is one.
          const readPath = (revision: number, reshId: number): string =>
            JSON.stringify(pathOn(revisions[revision] ?? emptyState, reshId, shownDay(reshId) ?? today));
          const moved = parents.filter((parent) => readPath(recorded, parent) !== readPath(recorded + 1, parent));
          const candidates = n % 2 === 0 && moved.length > 0 ? moved : parents;
          const reshId = candidates[(n >> 1) % Math.max(1, candidates.length)];
          if (reshId === undefined) return;

          const kinds = Object.keys(pageQueries) as Kind[];
          const wholeLists = new Map<Kind, Page | undefined>();
          for (const kind of kinds) wholeLists.set(kind, await queryPage(client, kind, { reshId, first: 100 }));

          const progress = new Map(kinds.map((kind) => [kind, { edges: [] as unknown[], after: '', hasMore: true }]));
          for (let turn = 0; [...progress.values()].some(({ hasMore }) => hasMore); turn += 1) {
            for (const [kind, progressOfKind] of progress) {
              if (!progressOfKind.hasMore) continue;
              const first = sizes[turn % sizes.length] ?? 1;
              const page = await queryPage(client, kind, {
                reshId,
                first,
                ...(progressOfKind.after && { after: progressOfKind.after }),
              });
              // What the unit itself became may leave no place to ask for the next page from; nothing is then shown wrongly.
              if (!page) {
                progressOfKind.hasMore = false;
                wholeLists.delete(kind);
                continue;
              }
              expect(page.totalCount, `${kind}: total`).toBe(wholeLists.get(kind)?.totalCount);
              progressOfKind.edges.push(...page.edges);
              progressOfKind.hasMore = page.pageInfo.hasNextPage;
              progressOfKind.after = page.pageInfo.endCursor ?? '';
            }
            await recordNextRevision();
          }
          for (const [kind, page] of wholeLists) expect(progress.get(kind)?.edges, kind).toEqual(page?.edges);
        },
      ),
      propertyOptions(10),
    );
  });
});
