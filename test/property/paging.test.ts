import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClient, type TestClient } from '../support/http/client.ts';
import { clearRegister } from '../support/database/database.ts';
import { graphql } from '../support/generated/gql.ts';
import type { UnitOrder } from '../support/generated/graphql.ts';
import { dayNear, histories } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { RegisterModel } from '../support/model/register-model.ts';
import { emptyState, pathOn } from '../support/model/register-state.ts';
import { useRegister } from '../support/registers/use-register.ts';

graphql(`
  fragment PagedUnit on Unit {
    id
    reshId
    name
    seenOn
    ancestors {
      reshId
      name
    }
  }
`);

graphql(`
  fragment PageOfUnits on UnitConnection {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...PagedUnit
        childCount
      }
    }
  }
`);

graphql(`
  fragment PageOfDescendants on UnitDescendantConnection {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      depth
      node {
        ...PagedUnit
      }
    }
  }
`);

const childrenQuery = graphql(`
  query PageOfChildren($reshId: ReshId!, $first: Int!, $after: String, $orderBy: UnitOrder) {
    unit(reshId: $reshId, includeClosed: true) {
      page: children(first: $first, after: $after, orderBy: $orderBy) {
        ...PageOfUnits
      }
    }
  }
`);

const pageQueries = {
  byName: childrenQuery,
  byNameBackwards: childrenQuery,
  byIdBackwards: childrenQuery,
  descendants: graphql(`
    query PageOfAllDescendants($reshId: ReshId!, $first: Int!, $after: String) {
      unit(reshId: $reshId, includeClosed: true) {
        page: descendants(first: $first, after: $after) {
          ...PageOfDescendants
        }
      }
    }
  `),
  nearDescendants: graphql(`
    query PageOfNearDescendants($reshId: ReshId!, $first: Int!, $after: String) {
      unit(reshId: $reshId, includeClosed: true) {
        page: descendants(first: $first, after: $after, maxDepth: 2, filter: { types: [DEPARTMENT] }) {
          ...PageOfDescendants
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
            effectiveOn
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

const orders: { readonly [Each in Kind]?: UnitOrder } = {
  byNameBackwards: { field: 'NAME', direction: 'DESC' },
  byIdBackwards: { field: 'RESH_ID', direction: 'DESC' },
};

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
  const orderBy = orders[kind];
  const ordered: typeof variables & { orderBy?: UnitOrder } = { ...variables, ...(orderBy && { orderBy }) };
  const { unit } = await client.query<{ unit: { page: Page } | null }, typeof ordered>(pageQueries[kind], ordered);
  return unit?.page;
}

const register = useRegister();

describe('pages of any size', () => {
  it('add up to one full page, even with changes in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(3),
        fc.nat(),
        fc.nat(),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
        fc.nat(2),
        async (history, on, n, sizes, changesBefore) => {
          await clearRegister(register.database);
          const { revisions } = history;
          let recorded = 0;
          const recordNextRevision = async (): Promise<void> => {
            const after = revisions[recorded + 1];
            if (!after) return;
            await recordState(register.database, revisions[recorded] ?? emptyState, after);
            recorded += 1;
          };
          for (let change = 0; change <= changesBefore; change += 1) await recordNextRevision();

          const today = dayNear(history, on);
          const client = createClient(register.database, { today });
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
          // Every other time, a unit that the next change moves, if there is one.
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
              // A change may withdraw the unit. Then there is no next page to ask for, and nothing wrong is shown.
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
