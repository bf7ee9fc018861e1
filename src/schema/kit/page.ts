import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { decodeCursor, encodeCursor, type Position } from './cursor.ts';
import { inputError } from './errors.ts';
import { defaultPage, heavyCost } from './limits.ts';
import type { View } from './view.ts';

/** The arguments of every connection. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** Description of a connection's `first`. */
export const firstDescription = (limit: number): string =>
  `Places in the page; ${defaultPage} when left out, and at most ${limit}`;

/** Description of a connection's `after`. */
export const afterDescription =
  "Cursor to go on from (endCursor of the page before); everything in the page is then seen at that page's snapshot";

/** What a connection is made of: how it is bound, and how its places are read and counted. */
export interface PageSource<Item, Place extends Position> {
  /** What cursors are bound to, from connectionKey() */
  readonly key: string;
  /** The view of the first page; later pages keep their cursor's */
  readonly view: View;
  /** Greatest page */
  readonly limit: number;
  readonly place: z.ZodType<Place>;
  readonly placeOf: (item: Item) => Place;
  /** Reads up to `first` items behind `after` */
  readonly read: (view: View, first: number, after: Place | undefined) => Promise<readonly Item[]>;
  readonly count: (view: View) => Promise<number>;
}

/**
 * Number of places a page is to have.
 *
 * @param goOn how what lies beyond the page is asked for
 * @throws BAD_INPUT, LIMIT_EXCEEDED
 */
export const pageSize = (first: number | null | undefined, limit: number, goOn = 'go on with «after»'): number => {
  const size = first ?? Math.min(defaultPage, limit);
  if (size < 0) throw inputError('BAD_INPUT', `«first» is ${size}; ask for 0 to ${limit}.`);
  if (size > limit)
    throw inputError(
      'LIMIT_EXCEEDED',
      `«first» is ${size}, and a page here has ${limit} at most. Ask for ${limit} or fewer and ${goOn}.`,
    );
  return size;
};

/** Cost of a connection for the complexity check: its page. */
export const pageCost = (limit: number) => (args: PageArguments) => ({
  field: 1,
  multiplier: Math.min(Math.max(1, args.first ?? defaultPage), limit),
});

/** The same, of a connection that costs the database much whatever its page, such as a search: few of them fit in an operation. */
export const heavyPageCost = (limit: number) => (args: PageArguments) => ({
  ...pageCost(limit)(args),
  field: heavyCost,
});

// A cursor may come from anywhere: one that speaks of a revision that is not there yet belongs to no page.
const checkRevision = async (context: Context, view: View): Promise<void> => {
  const { revision } = await context.newestRevision();
  if (view.revision > revision)
    throw inputError(
      'BAD_CURSOR',
      `The cursor in «after» speaks of revision ${view.revision}; the newest is ${revision}.`,
    );
};

/**
 * A page of a connection, pinned: with `after`, everything in it is seen at the cursor's snapshot.
 *
 * @param edgeOf what stands on an edge beside its cursor
 * @throws LIMIT_EXCEEDED, BAD_INPUT, BAD_CURSOR
 */
export const readPage = async <Item, Place extends Position, Edge extends object>(
  context: Context,
  args: PageArguments,
  source: PageSource<Item, Place>,
  edgeOf: (item: Item, view: View) => Edge | Promise<Edge>,
) => {
  const size = pageSize(args.first, source.limit);
  const from = typeof args.after === 'string' ? decodeCursor(source.key, args.after, source.place) : undefined;
  if (from) await checkRevision(context, from.view);
  const view = from?.view ?? source.view;
  const items = await source.read(view, size + 1, from?.position);
  const shown = items.slice(0, size);
  context.spend(shown.length);
  const cursorOf = (item: Item | undefined): string | null =>
    item === undefined ? null : encodeCursor(source.key, view, source.placeOf(item));
  const edges = await Promise.all(
    shown.map(async (item) => ({
      ...(await edgeOf(item, view)),
      // Most pages are asked for their nodes only: a cursor is made where it is asked for.
      get cursor() {
        return encodeCursor(source.key, view, source.placeOf(item));
      },
    })),
  );
  return {
    edges,
    pageInfo: {
      hasNextPage: items.length > size,
      hasPreviousPage: from !== undefined,
      startCursor: cursorOf(shown[0]),
      endCursor: cursorOf(shown.at(-1)),
    },
    totalCount: () => source.count(view),
    view,
  };
};
