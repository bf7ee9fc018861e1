import type { PrismaClient } from '../../generated/prisma/client.js';
import { readRevision, readRevisionKnownAt, type RecordedRevision } from './revisions.ts';

/** Selects a revision by number or by an instant; without both, the newest revision. */
export interface RevisionSelector {
  readonly knownAt?: Date | null | undefined;
  readonly revision?: number | null | undefined;
}

/** The selector matches no revision; `parameter` names the argument to correct. */
export class RevisionSelectorError extends Error {
  override readonly name = 'RevisionSelectorError';
  constructor(
    readonly parameter: keyof RevisionSelector,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Returns the revision that a selector selects.
 *
 * @param readNewest returns the newest revision, which the caller can have read before
 * @throws RevisionSelectorError if both are given, the instant is in the future or the revision does not exist
 */
export async function findRevision(
  prisma: PrismaClient,
  { knownAt, revision }: RevisionSelector,
  readNewest: () => Promise<RecordedRevision>,
): Promise<RecordedRevision> {
  const newest = await readNewest();
  if (typeof revision === 'number') {
    if (knownAt)
      throw new RevisionSelectorError('knownAt', '`knownAt` and `revision` exclude each other: give one of them.');
    if (revision === newest.revision) return newest;
    if (revision > newest.revision)
      throw new RevisionSelectorError(
        'revision',
        `\`revision\` is ${revision}, but the newest revision is ${newest.revision}: use that or an earlier one.`,
      );
    const found = await readRevision(prisma, revision);
    if (!found) throw new Error(`Revision ${revision} is missing from the ledger.`);
    return found;
  }
  if (!knownAt) return newest;
  if (knownAt.getTime() > Date.now())
    throw new RevisionSelectorError(
      'knownAt',
      `\`knownAt\` is ${knownAt.toISOString()}, which is in the future: give an instant in the past, or omit it.`,
    );
  return newest.recordedAt && newest.recordedAt <= knownAt ? newest : readRevisionKnownAt(prisma, knownAt);
}
