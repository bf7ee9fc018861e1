import type { Context } from '../../context.ts';
import type { Day } from '../../domain/time/day.ts';
import { clientError } from '../../errors/client-error.ts';
import {
  RevisionSelectorError,
  findRevision as selectRevision,
  type RevisionSelector,
} from '../../store/read/find-revision.ts';
import type { RecordedRevision } from '../../store/read/revisions.ts';
import { liveView, type View } from '../kit/view.ts';

/** The register at a snapshot, and the instant at which its revision was recorded. */
export interface RegisterAtSnapshot {
  readonly view: View;
  readonly recordedAt: Date | null;
}

/** Returns the live register: valid today, as known now. */
export async function findLiveRegister(context: Context): Promise<RegisterAtSnapshot> {
  return {
    view: await liveView(context),
    recordedAt: (await context.newestRevision()).recordedAt,
  };
}

/** Finds the register on a day, with the requested knowledge; live if neither is named. */
export async function findRegister(
  context: Context,
  { validAt, ...selector }: RevisionSelector & { readonly validAt?: Day | null | undefined },
): Promise<RegisterAtSnapshot> {
  const { revision, recordedAt } = await findRevision(context, selector);
  const namesRevision = [selector.revision, selector.knownAt].some((named) => named !== null && named !== undefined);
  const namesDay = typeof validAt === 'string';
  return { view: { revision, namesRevision, day: validAt ?? context.today, namesDay }, recordedAt };
}

/**
 * Finds the revision that a client means.
 *
 * @throws BAD_INPUT if both are given, the instant is in the future or the revision does not exist
 */
export async function findRevision(context: Context, selector: RevisionSelector): Promise<RecordedRevision> {
  try {
    return await selectRevision(context.database.prisma, selector, context.newestRevision);
  } catch (error) {
    throw error instanceof RevisionSelectorError ? clientError('BAD_INPUT', error.message) : error;
  }
}
