import type { Change, PrismaClient } from '../../generated/prisma/client.js';

/** Returns the changes of revisions, in the order of the revisions. One statement. */
export async function readChanges(prisma: PrismaClient, revisions: readonly number[]): Promise<(Change | undefined)[]> {
  const changes = await prisma.change.findMany({ where: { revision: { in: [...revisions] } } });
  const byRevision = new Map(changes.map((change) => [change.revision, change]));
  return revisions.map((revision) => byRevision.get(revision));
}
