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
  /** The last revision that the page has looked at: the next page begins after it */
  readonly nextSince: number;
  readonly hasMore: boolean;
}

/** Which page of the feed: changes after `since`, of all the register or of what lies within a unit. */
export interface FeedQuery {
  readonly since: number;
  readonly within: number | undefined;
}

const ChangePage = builder.objectRef<FeedPage>('ChangePage').implement({
  description: 'Page of the feed of changes, in the order of their revisions; the same page can be had again for ever',
  fields: (t) => ({
    changes: t.field({
      type: [Change],
      description: 'The changes, earliest first',
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ revisions }, _args, context): Promise<ChangeRow[]> =>
        Promise.all(revisions.map((revision) => loadChange(revision, context))),
    }),
    nextSince: t.expose('nextSince', {
      type: 'Revision',
      description:
        'Revision to hand to `since` next, whatever the page has: every change up to and with it has been told or is of no concern; with hasMore false it is the newest revision',
    }),
    hasMore: t.exposeBoolean('hasMore', {
      description: 'Indicates whether there are revisions after nextSince already: ask on at once; else later',
    }),
  }),
});

export const withinDescription =
  'RESH-id of a unit: only changes of units that lie at or beneath it on some day, before the change or after it, and of their place there: what enters or leaves it counts, and a move of a unit above it; none where no unit has the id';

builder.queryField('changes', (t) =>
  t.field({
    type: ChangePage,
    description:
      'Feed of the changes of the register: one total order without gaps, kept for ever, for those who keep a copy. Begin with the revision of that copy and go on from nextSince',
    args: {
      since: t.arg({
        type: 'Revision',
        description: 'Revision known already: only changes after it; 0, the empty register, when left out',
      }),
      within: t.arg({ type: 'ReshId', description: withinDescription }),
      first: t.arg.int({
        description: `${firstDescription(pageLimit)}; with within a page looks at ${feedWindow} revisions at most, and may have fewer`,
      }),
    },
    complexity: pageCost(pageLimit),
    resolve: async (_root, { since, within, first }, context) => {
      const size = resolvePageSize(first, pageLimit, 'go on with «since»');
      const feedQuery = { since: await validateSince(context, since ?? 0), within: within ?? undefined };
      context.countObjects(size);
      return readFeedPage(context.database, feedQuery, (await context.newestRevision()).revision, size);
    },
  }),
);

/**
 * The revision from which a client goes on.
 *
 * @throws BAD_INPUT where it is not there yet
 */
export async function validateSince(context: Context, since: number): Promise<number> {
  const { revision: newest } = await context.newestRevision();
  if (since > newest)
    throw clientError(
      'BAD_INPUT',
      `«since» is ${since}, and the newest revision is ${newest}: give the nextSince of an earlier answer, or 0 to begin.`,
    );
  return since;
}

/**
 * Reads a page of the feed, as far as a page looks.
 *
 * @param newest revision up to which it looks
 */
export async function readFeedPage(
  { prisma }: Context['database'],
  { since, within }: FeedQuery,
  newest: number,
  first: number,
): Promise<FeedPage> {
  const upTo = Math.min(newest, since + (within === undefined ? first : feedWindow));
  // There are no gaps in the revisions: without a unit, there is nothing to look for.
  const revisions =
    within === undefined
      ? Array.from({ length: upTo - since }, (_, n) => since + 1 + n)
      : await readRevisionsWithin(createSqlClient(prisma), { within, since, upTo }, first + 1);
  const pageRevisions = revisions.slice(0, first);
  const nextSince = revisions.length > first ? (pageRevisions.at(-1) ?? since) : upTo;
  return { revisions: pageRevisions, nextSince, hasMore: nextSince < newest };
}
