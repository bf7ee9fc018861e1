import type { Context } from '../../context.ts';
import { clientError } from '../../errors/client-error.ts';
import type { Change as ChangeRow } from '../../generated/prisma/client.js';
import { createSqlClient } from '../../store/database/prisma-sql-client.ts';
import { readRevisionsWithin } from '../../store/feed/change-feed.ts';
import { builder } from '../kit/builder.ts';
import { feedWindow, pageLimit } from '../kit/limits.ts';
import { loadChange } from '../kit/load.ts';
import { firstDescription, pageCost, resolvePageSize } from '../kit/page.ts';
import { Change } from '../kit/refs.ts';

/** A page of the feed of changes. */
export interface FeedPage {
  readonly revisions: readonly number[];
  /** The last revision that the page examined; the next page begins after it */
  readonly nextSince: number;
  readonly hasMore: boolean;
}

/** The changes after `since`, of the whole register or within a unit. */
export interface FeedQuery {
  readonly since: number;
  readonly within: number | undefined;
}

const ChangePage = builder.objectRef<FeedPage>('ChangePage').implement({
  description: 'Page of the change feed, in order of revision; a page can be read again at any time',
  fields: (t) => ({
    changes: t.field({
      type: [Change],
      description: 'Changes of the page, oldest first',
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ revisions }, _args, context): Promise<ChangeRow[]> =>
        Promise.all(revisions.map((revision) => loadChange(revision, context))),
    }),
    nextSince: t.expose('nextSince', {
      type: 'Revision',
      description:
        'Revision to pass as `since` for the next page: all changes up to it are in this page or earlier ones, ' +
        'or outside `withinReshId`. It is the newest revision when `hasMore` is false',
    }),
    hasMore: t.exposeBoolean('hasMore', {
      description: 'Indicates whether revisions after `nextSince` exist already; if so, read the next page at once',
    }),
  }),
});

export const withinDescription =
  'RESH-id of a unit: includes only changes of the unit and of units that are under it on any day, before or ' +
  'after the change, units that enter or leave it, and moves of units above it. No changes if no unit has the id';

builder.queryField('changes', (t) =>
  t.field({
    type: ChangePage,
    description:
      'Feed of all changes of the register, in one order without gaps, for clients that keep a copy. Start with ' +
      'the revision of the copy and continue with `nextSince`',
    args: {
      since: t.arg({
        type: 'Revision',
        description: 'Revision of the copy: only later changes are returned; 0, the empty register, if omitted',
      }),
      withinReshId: t.arg({ type: 'ReshId', description: withinDescription }),
      first: t.arg.int({
        description:
          `${firstDescription(pageLimit)}; with \`withinReshId\`, a page examines at most ${feedWindow} revisions ` +
          'and may have fewer changes',
      }),
    },
    complexity: pageCost(pageLimit),
    resolve: async (_root, { since, withinReshId, first }, context) => {
      const size = resolvePageSize(first, pageLimit, 'continue with `since`');
      const feedQuery = { since: await validateSince(context, since ?? 0), within: withinReshId ?? undefined };
      context.countObjects(size);
      return readFeedPage(context.database, feedQuery, (await context.newestRevision()).revision, size);
    },
  }),
);

/**
 * Checks the revision after which a client continues, and returns it.
 *
 * @throws BAD_INPUT if the revision does not exist
 */
export async function validateSince(context: Context, since: number): Promise<number> {
  const { revision: newest } = await context.newestRevision();
  if (since > newest)
    throw clientError(
      'BAD_INPUT',
      `\`since\` is ${since}, and the newest revision is ${newest}: ` +
        'give the `nextSince` of an earlier page, or 0 to start.',
    );
  return since;
}

/**
 * Reads a page of the feed, within the window that a page examines.
 *
 * @param newest last revision to examine
 */
export async function readFeedPage(
  { prisma }: Context['database'],
  { since, within }: FeedQuery,
  newest: number,
  first: number,
): Promise<FeedPage> {
  const upTo = Math.min(newest, since + (within === undefined ? first : feedWindow));
  // Revisions have no gaps, so without a unit they need no query.
  const revisions =
    within === undefined
      ? Array.from({ length: upTo - since }, (_, n) => since + 1 + n)
      : await readRevisionsWithin(createSqlClient(prisma), { within, since, upTo }, first + 1);
  const pageRevisions = revisions.slice(0, first);
  const nextSince = revisions.length > first ? (pageRevisions.at(-1) ?? since) : upTo;
  return { revisions: pageRevisions, nextSince, hasMore: nextSince < newest };
}
