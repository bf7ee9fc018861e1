import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { isDay } from '../../domain/time/day.ts';
import { clientError } from '../../errors/client-error.ts';
import type { View } from './view.ts';

const cursorSchema = z.tuple([
  z.string(),
  z.number().int().nonnegative(),
  z.string().refine(isDay),
  z.union([z.boolean(), z.enum(['revision', 'day'])]),
  z.array(z.union([z.string(), z.number()])),
]);

/** The position of an item in a connection: the values that it is ordered by. */
export type Position = readonly (string | number)[];

/** Position in a connection of changes: their revision. */
export const revisionPositionSchema = z.tuple([z.number().int().min(0).max(MAX_INTEGER)]);

/** Returns a short hash of what a cursor is bound to: the connection's field, its parent, its filter and its order. */
export function connectionKey(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12);
}

/** Returns the key of the units of a change, which its own connection and that of its impact share. */
export function unitsOfChangeKey(revision: number, within?: number): string {
  return connectionKey('unitsOfChange', revision, ...(within === undefined ? [] : [within]));
}

/** Encodes a position in a connection, with the snapshot of its page. */
export function encodeCursor(key: string, view: View, position: Position): string {
  const { revision, day, namesRevision, namesDay } = view;
  // Whether both coordinates are named or neither, or the one that is.
  const named = namesRevision === namesDay ? namesDay : namesDay ? 'day' : 'revision';
  return Buffer.from(JSON.stringify([key, revision, day, named, position])).toString('base64url');
}

/**
 * Decodes a cursor.
 *
 * @param key hash of the connection, from `connectionKey`; a cursor of another connection is refused
 * @param positionSchema parses a position of this connection
 * @throws BAD_CURSOR
 */
export function decodeCursor<ItemPosition>(
  key: string,
  cursor: string,
  positionSchema: z.ZodType<ItemPosition>,
): { view: View; position: ItemPosition } {
  const [cursorKey, revision, day, named, rawPosition] = parseCursor(cursor);
  if (cursorKey !== key) return throwBadCursor();
  const parsedPosition = positionSchema.safeParse(rawPosition);
  if (!parsedPosition.success) return throwBadCursor();
  const namesRevision = named === true || named === 'revision';
  const namesDay = named === true || named === 'day';
  return { view: { revision, day, namesRevision, namesDay }, position: parsedPosition.data };
}

/**
 * Checks that a text is a cursor, of any connection.
 *
 * @throws BAD_CURSOR
 */
export function assertCursorForm(cursor: string): void {
  parseCursor(cursor);
}

function parseCursor(cursor: string): z.infer<typeof cursorSchema> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return throwBadCursor();
  }
  const content = cursorSchema.safeParse(parsed);
  return content.success ? content.data : throwBadCursor();
}

function throwBadCursor(): never {
  throw clientError(
    'BAD_CURSOR',
    'The cursor in `after` does not belong to this connection. ' +
      'Use `endCursor` of a page with the same field, unit, filter and order, or omit it to start again.',
  );
}
