import { isDay, type Day } from '../../domain/time/day.ts';
import { clientError } from '../../errors/client-error.ts';
import type { View } from './view.ts';

/** The content of the id of a unit or treatment site: its key and, if pinned, the state in which it was shown. */
export interface ParsedNodeId {
  readonly key: string;
  readonly view?: View;
  readonly seenOn?: Day;
}

/**
 * Formats the content of an id: the key alone, or with revision and day, and with the day of the state shown if it
 * differs: `102673`, `102673@5@2020-01-01`, `102673@5@2020-01-01@2018-12-31`.
 */
export function formatNodeId(key: string | number, view: View, seenOn: Day = view.day): string {
  if (!view.pinned && seenOn === view.day) return String(key);
  return [key, view.revision, view.day, ...(seenOn === view.day ? [] : [seenOn])].join('@');
}

/**
 * Parses the content of an id.
 *
 * @throws BAD_ID if this register did not issue it
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
      `"${text.slice(0, 60)}" is not the content of an id of this register. Use an id from a response.`,
    );
  if (revision === undefined || day === undefined) return { key };
  const view = { revision: Number(revision), day, pinned: true };
  return { key, view, ...(seenOn !== undefined && { seenOn }) };
}

/**
 * Decodes a global id: base64 of the name of a type, a colon and the content.
 *
 * @throws BAD_ID if this register did not issue it
 */
export function decodeGlobalID(globalID: string): { typename: string; id: string } {
  const [, typename, id] =
    /^(Unit|TreatmentSite|Change):(.+)$/.exec(Buffer.from(globalID, 'base64').toString('utf8')) ?? [];
  if (typename === undefined || id === undefined)
    throw clientError('BAD_ID', `"${globalID.slice(0, 60)}" is not an id of this register. Use an id from a response.`);
  return { typename, id };
}
