import { definePhrase, listFirst, type Message } from './message.ts';

// How messages write the later changes that stand in the way of an undo.

/** The revisions that changed something after the change to undo, in order. */
export interface LaterRevisions {
  readonly revisions: readonly number[];
}

/** Later revisions in the words of a message. */
export interface LaterInWords {
  readonly later: Message;
  /** `, since revision 5`; empty if none is known */
  readonly since: Message;
  readonly remedy: Message;
}

const LISTED_LIMIT = 10;

/** Returns later revisions in words. */
export function describeLater(revisions: readonly number[]): LaterInWords {
  const [first] = revisions;
  if (first === undefined) return { later: unknownRevision(), since: nothing(), remedy: undoLaterChanges() };
  if (revisions.length === 1) {
    const later = oneRevision({ revision: first });
    return { later, since: sinceRevisions({ later }), remedy: undoThatRevision() };
  }
  const isMore = revisions.length > LISTED_LIMIT;
  const later = isMore
    ? moreRevisions({ revisions: listFirst('revision', revisions, LISTED_LIMIT) })
    : manyRevisions({ revision: revisions.slice(0, -1), last: revisions.at(-1) ?? first });
  return { later, since: sinceRevisions({ later }), remedy: undoThoseRevisions() };
}

const nothing = definePhrase({ en: '', nb: '' });
const unknownRevision = definePhrase({ en: 'a later revision', nb: 'en senere revisjon' });
const oneRevision = definePhrase<{ revision: number }>({ en: 'revision {revision}', nb: 'revisjon {revision}' });
const manyRevisions = definePhrase<{ revision: readonly number[]; last: number }>({
  en: 'revisions {revision} and {last}',
  nb: 'revisjonene {revision} og {last}',
});
const moreRevisions = definePhrase<{ revisions: Message }>({
  en: 'revisions {revisions}, ...',
  nb: 'revisjonene {revisions}, ...',
});
const sinceRevisions = definePhrase<{ later: Message }>({ en: ', since {later}', nb: ', siden {later}' });
const undoLaterChanges = definePhrase({
  en: 'undo the later changes first',
  nb: 'angre de senere endringene først',
});
const undoThatRevision = definePhrase({ en: 'undo that revision first', nb: 'angre denne revisjonen først' });
const undoThoseRevisions = definePhrase({
  en: 'undo those revisions first, the newest one first',
  nb: 'angre disse revisjonene først, og begynn med den nyeste',
});
