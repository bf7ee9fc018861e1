import type { Context } from '../../context.ts';
import type { MappingNodeKey } from '../../domain/plan/change-input.ts';
import { isDay, type Day } from '../../domain/time/day.ts';
import { clientError } from '../../errors/client-error.ts';
import type { View } from './view.ts';

/** The content of an id: the key of what it identifies, and the coordinates that it includes. */
export interface ParsedNodeId {
  readonly key: string;
  readonly revision: number | undefined;
  readonly day: Day | undefined;
  /** Day of the state shown; undefined if it is that of the view */
  readonly seenOn: Day | undefined;
}

/**
 * Formats the content of an id: the key with the revision and day that the client has named, and with the day of the
 * state shown if it differs from the day of the view: `102673`, `102673@5`, `102673@@2020-01-01`,
 * `102673@5@2020-01-01`, `102673@@2020-01-01@2018-12-31`, `102673@@@2018-12-31`.
 */
export function formatNodeId(
  key: string | number,
  { revision, namesRevision, day, namesDay }: View,
  seenOn: Day = day,
): string {
  const parts = [key, namesRevision ? revision : '', namesDay ? day : '', seenOn === day ? '' : seenOn];
  while (parts.at(-1) === '') parts.pop();
  return parts.join('@');
}

/** Key of the register in its ids: there is one. */
const REGISTER_KEY = '0';

/** Formats the content of the id of the register at a view. */
export function formatRegisterId(view: View): string {
  return formatNodeId(REGISTER_KEY, view);
}

/**
 * Parses the content of the id of a register.
 *
 * @throws BAD_ID if this register did not issue it
 */
export function parseRegisterId(text: string): ParsedNodeId {
  const nodeId = parseNodeId(text);
  if (nodeId.key !== REGISTER_KEY || nodeId.seenOn !== undefined) throw badId(text);
  return nodeId;
}

/**
 * Parses the content of an id.
 *
 * @throws BAD_ID if this register did not issue it
 */
export function parseNodeId(text: string): ParsedNodeId {
  return parseCoordinates(text, /^\d{1,10}$/);
}

/** Formats the content of the id of a node in the tree of another system. */
export function formatMappingNodeId({ systemId, nodeId }: MappingNodeKey, view: View): string {
  return formatNodeId([systemId, nodeId].map(encodeURIComponent).join('/'), view);
}

/**
 * Parses the content of the id of a node in the tree of another system.
 *
 * @throws BAD_ID if this register did not issue it
 */
export function parseMappingNodeId(text: string): ParsedNodeId & MappingNodeKey {
  const parsed = parseCoordinates(text, /^[^/]+\/[^/]+$/);
  if (parsed.seenOn !== undefined) throw badId(text);
  try {
    const [systemId = '', nodeId = ''] = parsed.key.split('/').map(decodeURIComponent);
    return { ...parsed, systemId, nodeId };
  } catch {
    throw badId(text);
  }
}

function parseCoordinates(text: string, keyPattern: RegExp): ParsedNodeId {
  const [key = '', revision = '', day = '', seenOn = '', ...rest] = text.split('@');
  const isWellFormed =
    keyPattern.test(key) &&
    rest.length === 0 &&
    !text.endsWith('@') &&
    /^\d{0,10}$/.test(revision) &&
    [day, seenOn].every((part) => part === '' || isDay(part));
  if (!isWellFormed) throw badId(text);
  return {
    key,
    revision: revision === '' ? undefined : Number(revision),
    day: day === '' ? undefined : day,
    seenOn: seenOn === '' ? undefined : seenOn,
  };
}

function badId(text: string): Error {
  return clientError(
    'BAD_ID',
    `"${text.slice(0, 60)}" is not the content of an id of this register. Use an id from a response.`,
  );
}

/** Returns the view that an id names; undefined if it names a revision that does not exist yet. */
export async function findNodeView(
  context: Context,
  { revision, day }: Pick<ParsedNodeId, 'revision' | 'day'>,
): Promise<View | undefined> {
  const newest = (await context.newestRevision()).revision;
  if (revision !== undefined && revision > newest) return undefined;
  return {
    revision: revision ?? newest,
    namesRevision: revision !== undefined,
    day: day ?? context.today,
    namesDay: day !== undefined,
  };
}

/** Encodes a global id: base64 of the name of a type, a colon and the content. */
export function encodeGlobalID(typename: string, content: string): string {
  return Buffer.from(`${typename}:${content}`).toString('base64');
}

/**
 * Decodes a global id: base64 of the name of a type, a colon and the content.
 *
 * @throws BAD_ID if this register did not issue it
 */
export function decodeGlobalID(globalID: string): { typename: string; id: string } {
  const [, typename, id] =
    /^(Unit|TreatmentSite|Change|MappingNode|Register):(.+)$/.exec(Buffer.from(globalID, 'base64').toString('utf8')) ??
    [];
  if (typename === undefined || id === undefined)
    throw clientError('BAD_ID', `"${globalID.slice(0, 60)}" is not an id of this register. Use an id from a response.`);
  return { typename, id };
}
