import type { MappingNodeKey } from '../change-input.ts';
import type { Problem } from '../user-error.ts';
import { nodeLabel } from './mapping-nodes.ts';

// Errors and warnings of every change: its idempotency key, its expected revision, and whether it alters anything.

export function idempotencyKeyLength({ limit }: { limit: number }): Problem {
  return {
    code: 'TEXT_INVALID',
    message: `"idempotencyKey" must have 1 to ${limit} characters; a UUID works well.`,
  };
}

export function idempotencyKeyReused({ key, revision }: { key: string; revision: number }): Problem {
  return {
    code: 'IDEMPOTENCY_KEY_REUSED',
    message:
      `The idempotency key "${key}" was already used with another input, in revision ${revision}; ` +
      'use a new key for each change.',
  };
}

export function expectedRevisionAhead({ expected, newest }: { expected: number; newest: number }): Problem {
  return {
    code: 'CONFLICT',
    message: `Revision ${expected} is expected, but the newest is ${newest}; read the unit again.`,
  };
}

/** The revisions that optimistic locking compares. */
interface ChangedSince {
  readonly expected: number;
  readonly changedIn: number;
  readonly newest: number;
}

export function unitChangedSince({ reshId, ...revisions }: ChangedSince & { reshId: number }): Problem {
  return { code: 'CONFLICT', message: describeConflict(`Unit ${reshId}`, revisions) };
}

export function nodeChangedSince({ node, ...revisions }: ChangedSince & { node: MappingNodeKey }): Problem {
  return { code: 'CONFLICT', message: describeConflict(`Node ${nodeLabel(node)}`, revisions) };
}

function describeConflict(subject: string, { expected, changedIn, newest }: ChangedSince): string {
  return (
    `${subject} was changed in revision ${changedIn}, after the expected ${expected}; ` +
    `the newest revision is ${newest}. Read it again before you decide.`
  );
}

/** Warns that a change alters nothing. */
export function nothingChanges(): Problem {
  return {
    code: 'NO_CHANGES',
    message: 'The register already is as requested; the change is recorded but alters nothing.',
  };
}
