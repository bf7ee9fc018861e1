import { z } from 'zod';

/** Values of the writers' units are the numbers at the end of their names. */
export function formatName(writer: number, value: number): string {
  return `Writer ${writer} value ${value}`;
}

function parseName(name: string): number {
  return Number(name.split(' ').at(-1));
}

const names = 'units(reshIds: $reshIds) { unit { name } }';
const lookups = z
  .array(z.object({ unit: z.object({ name: z.string() }) }))
  .transform((units) => units.map(({ unit }) => parseName(unit.name)));
const revision = z.number();

/** What a reader saw: values at a revision. */
export interface SeenState {
  readonly revision: number;
  readonly values: readonly number[];
}

/** A page of the feed, and the newest revision at its time. */
export interface SeenFeed {
  readonly newest: number;
  readonly since: number;
  readonly revisions: readonly number[];
}

/** Reads the newest state; the server answers it from memory. */
export const readFromMemory = `query FromMemory($reshIds: [ReshId!]!) { revision ${names} }`;
/** Reads the newest state; `knownAt` is not in memory, so the server reads the database. */
export const readFromDatabase = `query FromDatabase($reshIds: [ReshId!]!) { revision knownAt ${names} }`;
/** Reads a past state, and the newest revision. */
export const readPast = `query Past($reshIds: [ReshId!]!, $revision: Revision!) {
  revision
  past: register(revision: $revision) { revision knownAt ${names} }
}`;
export const readFeed = `query Feed($since: Revision!) {
  revision
  changes(since: $since, first: 20) { changes { revision operation } }
}`;
/** Renames a unit; the key makes it safe to send again. */
export const rename = `mutation Rename($reshId: ReshId!, $name: String!) {
  updateUnit(input: { reshId: $reshId, name: $name, idempotencyKey: $name }) {
    change { revision }
    userErrors { message }
  }
}`;
export const createUnit = `mutation Create($parentReshId: ReshId!, $name: String!) {
  createDepartment(input: { name: $name, parentReshId: $parentReshId }) {
    change { revision }
    unit { reshId }
    userErrors { message }
  }
}`;

const stateData = z.object({ revision, units: lookups });
const pastData = z.object({ revision, past: stateData });
const feedData = z.object({ revision, changes: z.object({ changes: z.array(z.object({ revision })) }) });
const renameData = z.object({ updateUnit: z.object({ change: z.object({ revision }) }) });
const createData = z.object({
  createDepartment: z.object({ change: z.object({ revision }), unit: z.object({ reshId: z.number() }) }),
});

export function parseState(data: unknown): SeenState {
  const { revision, units } = stateData.parse(data);
  return { revision, values: units };
}

export function parsePast(data: unknown): { readonly newest: number; readonly past: SeenState } {
  const { revision, past } = pastData.parse(data);
  return { newest: revision, past: { revision: past.revision, values: past.units } };
}

export function parseFeed(data: unknown, since: number): SeenFeed {
  const { revision, changes } = feedData.parse(data);
  return { newest: revision, since, revisions: changes.changes.map((change) => change.revision) };
}

export function parseRename(data: unknown): number {
  return renameData.parse(data).updateUnit.change.revision;
}

export function parseCreated(data: unknown): { readonly revision: number; readonly reshId: number } {
  const { change, unit } = createData.parse(data).createDepartment;
  return { revision: change.revision, reshId: unit.reshId };
}
