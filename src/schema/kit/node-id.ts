import { isDay, type Day } from '../../domain/time/day.ts';
import { clientError } from '../../errors/client-error.ts';
import type { View } from './view.ts';

/** What the inside of a unit's or treatment site's id says: which one, and for a pinned one the state it was shown in. */
export interface ParsedNodeId {
  readonly key: string;
  readonly view?: View;
  readonly seenOn?: Day;
}

/**
 * The inside of an id: the key alone, or with its revision, its day and, where another one, the day it is shown as:
 * `102673`, `102673@5@2020-01-01`, `102673@5@2020-01-01@2018-12-31`.
 */
export function formatNodeId(key: string | number, view: View, seenOn: Day = view.day): string {
  if (!view.pinned && seenOn === view.day) return String(key);
  return [key, view.revision, view.day, ...(seenOn === view.day ? [] : [seenOn])].join('@');
}

/**
 * Reads the inside of an id back.
 *
 * @throws BAD_ID where it was not made here
 */
export function parseNodeId(text: string): ParsedNodeId {
  const [key = '', revision, day, seenOn, ...rest] = text.split('@');
  const isWellFormed =
    /^\d{1,10}$/.test(key) &&
    rest.length === 0 &&
    (revision === undefined || (/^\d{1,10}$/.test(revision) && day !== undefined && isDay(day))) &&
    (seenOn === undefined || isDay(seenOn));
  if (!isWellFormed)
    throw clientError(
      'BAD_ID',
      `«${text.slice(0, 60)}» is not the inside of an id of this register. Use an id as an answer gave it.`,
    );
  if (revision === undefined || day === undefined) return { key };
  const view = { revision: Number(revision), day, pinned: true };
  return { key, view, ...(seenOn !== undefined && { seenOn }) };
}

/**
 * Reads an id as an answer gave it: base64 of a type's name, a colon and the inside.
 *
 * @throws BAD_ID where it was not made here
 */
export function decodeGlobalID(globalID: string): { typename: string; id: string } {
  const [, typename, id] =
    /^(Unit|TreatmentSite|Change):(.+)$/.exec(Buffer.from(globalID, 'base64').toString('utf8')) ?? [];
  if (typename === undefined || id === undefined)
    throw clientError(
      'BAD_ID',
      `«${globalID.slice(0, 60)}» is not an id of this register. Use an id as an answer gave it.`,
    );
  return { typename, id };
}
