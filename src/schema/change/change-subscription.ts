import type { Context } from '../../context.ts';
import { builder } from '../kit/builder.ts';
import { findSince, readFeed, withinDescription, type FeedPlace } from './change-feed.ts';
import { Change, loadChange } from './change.ts';
import { inputError } from '../kit/errors.ts';
import { otherPage } from '../kit/limits.ts';

/** Revision of the last change that a client was told before it connected again by itself; 0 where it says none. */
const toldBefore = ({ lastEventId }: Context): number => {
  if (!lastEventId) return 0;
  if (!/^\d{1,10}$/.test(lastEventId))
    throw inputError(
      'BAD_INPUT',
      `«Last-Event-ID» is «${lastEventId.slice(0, 60)}», which is no revision: send the id of an event as it came, or leave the header out.`,
    );
  return Number(lastEventId);
};

/** Revisions of the feed, those there are and then those that come, until the signal. Nothing is kept but the last one looked at. */
async function* revisionsFrom(
  { database }: Context,
  { since, within }: FeedPlace,
  signal: AbortSignal,
): AsyncGenerator<number, void, undefined> {
  for (let known = since; ;) {
    const newest = await database.announcements.beyond(known, signal);
    if (newest === undefined) return;
    while (known < newest) {
      const { revisions, nextSince } = await readFeed(database, { since: known, within }, newest, otherPage);
      yield* revisions;
      known = nextSince;
    }
  }
}

/** The same, ending a wait for the next revision as soon as nobody waits for it any more. */
const follow = (context: Context, place: FeedPlace): AsyncIterableIterator<number> => {
  const gone = new AbortController();
  const revisions = revisionsFrom(context, place, gone.signal);
  return {
    next: () => revisions.next(),
    return: () => {
      gone.abort();
      return revisions.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

builder.subscriptionField('changes', (t) =>
  t.field({
    type: Change,
    description:
      'Feed of the changes of the register as they are made: first those missed since a revision, then each as it comes, in the one order and none twice. Whatever ends it, subscribe again with the revision of the last change told',
    args: {
      since: t.arg({
        type: 'Revision',
        description:
          'Revision known already: first the changes after it are told; only those from now on when left out',
      }),
      within: t.arg({ type: 'ReshId', description: withinDescription }),
    },
    subscribe: async (_root, { since, within }, context) => {
      const told = toldBefore(context);
      const known = since ?? (told || (await context.newestRevision()).revision);
      return follow(context, { since: await findSince(context, Math.max(known, told)), within: within ?? undefined });
    },
    resolve: (revision, _args, context) => loadChange(revision, context),
  }),
);
