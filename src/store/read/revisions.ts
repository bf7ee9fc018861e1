import { z } from 'zod';
import type { PrismaClient } from '../../generated/prisma/client.js';

/** A revision with its instant and hash in the ledger; both are null for revision 0, the empty register. */
export interface RecordedRevision {
  readonly revision: number;
  readonly recordedAt: Date | null;
  readonly hash: string | null;
}

const emptyRegister: RecordedRevision = { revision: 0, recordedAt: null, hash: null };
const revisionRows = z.array(z.object({ revision: z.number(), recordedAt: z.date(), hash: z.string() }));

/** Returns the newest revision. One statement. */
export async function readNewestRevision(prisma: PrismaClient): Promise<RecordedRevision> {
  const found = await prisma.$queryRaw`
    -- newest revision
    select revision, recorded_at as "recordedAt", hash
    from change
    order by revision desc
    limit 1`;
  return revisionRows.parse(found)[0] ?? emptyRegister;
}

/** Returns the newest revision recorded at or before an instant. One statement. */
export async function readRevisionKnownAt(prisma: PrismaClient, instant: Date): Promise<RecordedRevision> {
  const found = await prisma.$queryRaw`
    -- revision known at an instant
    select revision, recorded_at as "recordedAt", hash
    from change
    where recorded_at <= ${instant}
    order by recorded_at desc, revision desc
    limit 1`;
  return revisionRows.parse(found)[0] ?? emptyRegister;
}

/** Returns a revision by its number, or undefined. One statement. */
export async function readRevision(prisma: PrismaClient, revision: number): Promise<RecordedRevision | undefined> {
  if (revision === 0) return emptyRegister;
  const found = await prisma.$queryRaw`
    -- revision by number
    select revision, recorded_at as "recordedAt", hash
    from change
    where revision = ${revision}`;
  return revisionRows.parse(found)[0];
}
