import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { clientError } from '../../errors/client-error.ts';
import { decodeCursor, encodeCursor, type Position } from './cursor.ts';
import { defaultPageSize, heavyCost } from './limits.ts';
import type { View } from './view.ts';

/** The arguments of every connection. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** Description of a connection's `first`. */
export function firstDescription(limit: number): string {
  return `Number of items in the page; ${defaultPageSize} if omitted, at most ${limit}`;
}

/** Description of a connection's `after`. */
export const afterDescription =
  'Cursor after which the page starts (`endCursor` of the previous page); the page keeps the snapshot of that cursor';

/** A connection: what its cursors are bound to, and how its items are read and counted. */
export interface PageSource<Item, ItemPosition extends Position> {
  /** What cursors are bound to, from connectionKey() */
  readonly key: string;
  /** The view of the first page; later pages keep their cursor's */
  readonly view: View;
  /** Greatest page */
  readonly limit: number;
  readonly positionSchema: z.ZodType<ItemPosition>;
  readonly toPosition: (item: Item) => ItemPosition;
  /** Reads up to `first` items after `after` */
  readonly read: (view: View, first: number, after: ItemPosition | undefined) => Promise<readonly Item[]>;
  readonly count: (view: View) => Promise<number>;
}

/** Returns the cost of a connection that is expensive whatever its page, such as a search: few fit in an operation. */
export function heavyPageCost(limit: number) {
  return (args: PageArguments) => ({
    ...pageCost(limit)(args),
    field: heavyCost,
  });
}

/** Returns the cost of a connection for the complexity check: its page. */
export function pageCost(limit: number) {
  return (args: PageArguments) => ({
    field: 1,
    multiplier: Math.min(Math.max(1, args.first ?? defaultPageSize), limit),
  });
}

/**
 * Reads a page of a connection. With `after`, everything in it is shown at the snapshot of the cursor.
 *
 * @param toEdge returns the edge of an item, without its cursor
 * @throws LIMIT_EXCEEDED, BAD_INPUT, BAD_CURSOR
 */
export async function readPage<Item, ItemPosition extends Position, Edge extends object>(
  context: Context,
  args: PageArguments,
  source: PageSource<Item, ItemPosition>,
  toEdge: (item: Item, view: View) => Edge | Promise<Edge>,
) {
  const size = resolvePageSize(args.first, source.limit);
  const decodedCursor =
    typeof args.after === 'string' ? decodeCursor(source.key, args.after, source.positionSchema) : undefined;
  if (decodedCursor) await assertKnownRevision(context, decodedCursor.view);
  const view = decodedCursor?.view ?? source.view;
  const items = await source.read(view, size + 1, decodedCursor?.position);
  const pageItems = items.slice(0, size);
  context.countObjects(pageItems.length);
  const encodeItemCursor = (item: Item | undefined): string | null =>
    item === undefined ? null : encodeCursor(source.key, view, source.toPosition(item));
  const edges = await Promise.all(
    pageItems.map(async (item) => ({
      ...(await toEdge(item, view)),
      // Most requests ask for the nodes only, so a cursor is encoded on demand.
      get cursor() {
        return encodeCursor(source.key, view, source.toPosition(item));
      },
    })),
  );
  return {
    edges,
    pageInfo: {
      hasNextPage: items.length > size,
      hasPreviousPage: decodedCursor !== undefined,
      startCursor: encodeItemCursor(pageItems[0]),
      endCursor: encodeItemCursor(pageItems.at(-1)),
    },
    totalCount: () => source.count(view),
    view,
  };
}

/**
 * Returns the number of items that a page may have.
 *
 * @param continueHint tells the client how to read the items after the page
 * @throws BAD_INPUT, LIMIT_EXCEEDED
 */
export function resolvePageSize(
  first: number | null | undefined,
  limit: number,
  continueHint = 'continue with `after`',
): number {
  const size = first ?? Math.min(defaultPageSize, limit);
  if (size < 0) throw clientError('BAD_INPUT', `\`first\` is ${size}; ask for 0 to ${limit}.`);
  if (size > limit)
    throw clientError(
      'LIMIT_EXCEEDED',
      `\`first\` is ${size}, and a page here has at most ${limit} items. ` +
        `Ask for ${limit} or fewer and ${continueHint}.`,
    );
  return size;
}

// A cursor may come from anywhere; no page has one of a revision that does not exist yet.
async function assertKnownRevision(context: Context, view: View): Promise<void> {
  const { revision } = await context.newestRevision();
  if (view.revision > revision)
    throw clientError(
      'BAD_CURSOR',
      `The cursor in \`after\` is of revision ${view.revision}, and the newest is ${revision}. ` +
        'Use `endCursor` of a page, or omit `after` to start again.',
    );
}
