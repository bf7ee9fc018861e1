import type { Context } from '../../context.ts';
import { clientError } from '../../errors/client-error.ts';
import { builder } from '../kit/builder.ts';
import { pageLimit } from '../kit/limits.ts';
import { loadChange } from '../kit/load.ts';
import { Change } from '../kit/refs.ts';
import { validateSince, readFeedPage, withinDescription, type FeedQuery } from './change-feed.ts';

builder.subscriptionField('changes', (t) =>
  t.field({
    type: Change,
    description:
      'Feed of the changes of the register as they are committed: first the changes after `since`, then each ' +
      'new one, in order and exactly once. If the stream ends, subscribe again with the revision of the last ' +
      'change received',
    args: {
      since: t.arg({
        type: 'Revision',
        description: 'Revision after which the changes start; only new changes if omitted',
      }),
      withinReshId: t.arg({ type: 'ReshId', description: withinDescription }),
    },
    subscribe: async (_root, { since, withinReshId }, context) => {
      // The stream reads revisions that come after the one at which a replica would be chosen.
      context.usePrimary();
      const lastEventRevision = parseLastEventId(context);
      const startRevision = since ?? (lastEventRevision || (await context.newestRevision()).revision);
      return openRevisionStream(context, {
        since: await validateSince(context, Math.max(startRevision, lastEventRevision)),
        within: withinReshId ?? undefined,
      });
    },
    resolve: (revision, _args, context) => loadChange(revision, context),
  }),
);

/** Returns the revision of the last event that a reconnecting client received; 0 without a Last-Event-ID. */
function parseLastEventId({ lastEventId }: Context): number {
  if (!lastEventId) return 0;
  if (!/^\d{1,10}$/.test(lastEventId))
    throw clientError(
      'BAD_INPUT',
      `\`Last-Event-ID\` is "${lastEventId.slice(0, 60)}", which is not a revision: ` +
        'send the id of an event, or omit the header.',
    );
  return Number(lastEventId);
}

/** Opens a stream of the revisions of the feed. Closing it also ends the wait for the next revision. */
function openRevisionStream(context: Context, feedQuery: FeedQuery): AsyncIterableIterator<number> {
  const abortController = new AbortController();
  const revisions = streamRevisions(context, feedQuery, abortController.signal);
  return {
    next: () => revisions.next(),
    return: () => {
      abortController.abort();
      return revisions.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * Streams the revisions of the feed, existing ones first, then new ones, until the signal. It holds only the last
 * revision.
 */
async function* streamRevisions(
  { database }: Context,
  { since, within }: FeedQuery,
  signal: AbortSignal,
): AsyncGenerator<number, void, undefined> {
  let lastRevision = since;
  let newest = await database.revisionNotifier.waitForRevisionAfter(lastRevision, signal);
  while (newest !== undefined) {
    while (lastRevision < newest) {
      const { revisions, nextSince } = await readFeedPage(database, { since: lastRevision, within }, newest, pageLimit);
      yield* revisions;
      lastRevision = nextSince;
    }
    newest = await database.revisionNotifier.waitForRevisionAfter(lastRevision, signal);
  }
}
