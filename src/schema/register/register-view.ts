import type { Context } from '../../context.ts';
import type { Day } from '../../domain/time/day.ts';
import { clientError } from '../../errors/client-error.ts';
import { readRevision, readRevisionKnownAt, type RecordedRevision } from '../../store/read/revisions.ts';
import { currentView, type View } from '../kit/view.ts';

/** The register at a snapshot, and when that snapshot's knowledge was recorded. */
export interface RegisterAtSnapshot {
  readonly view: View;
  readonly recordedAt: Date | null;
}

/** The register valid today, as known now. */
export async function currentRegister(context: Context): Promise<RegisterAtSnapshot> {
  return {
    view: await currentView(context),
    recordedAt: (await context.newestRevision()).recordedAt,
  };
}

/** Which knowledge of the register is asked for. */
export interface RevisionSelector {
  readonly knownAt?: Date | null | undefined;
  readonly revision?: number | null | undefined;
}

/** The register on a day, with the knowledge asked for; ids in it say which. */
export async function findRegister(
  context: Context,
  { validAt, ...selector }: RevisionSelector & { readonly validAt?: Day | null | undefined },
): Promise<RegisterAtSnapshot> {
  const { revision, recordedAt } = await findRevision(context, selector);
  return { view: { revision, day: validAt ?? context.today, pinned: true }, recordedAt };
}

/**
 * Finds the revision that a client means.
 *
 * @throws BAD_INPUT where both are given, the instant lies ahead, or the revision is not there yet
 */
export async function findRevision(
  context: Context,
  { knownAt, revision }: RevisionSelector,
): Promise<RecordedRevision> {
  const newest = await context.newestRevision();
  if (typeof revision === 'number') {
    if (knownAt) throw clientError('BAD_INPUT', '«knownAt» and «revision» exclude each other: give one of them.');
    if (revision > newest.revision)
      throw clientError(
        'BAD_INPUT',
        `«revision» is ${revision}, and the newest is ${newest.revision}: ask for that or an earlier one.`,
      );
    if (revision === newest.revision) return newest;
    const found = await readRevision(context.database.prisma, revision);
    if (!found) throw new Error(`Revision ${revision} is missing from the ledger.`);
    return found;
  }
  if (!knownAt) return newest;
  if (knownAt.getTime() > Date.now())
    throw clientError(
      'BAD_INPUT',
      `«knownAt» is ${knownAt.toISOString()}, which lies ahead: nobody knows yet what will be known.`,
    );
  return newest.recordedAt && newest.recordedAt <= knownAt
    ? newest
    : readRevisionKnownAt(context.database.prisma, knownAt);
}
