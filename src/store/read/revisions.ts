import { z } from 'zod';
import type { PrismaClient } from '../../generated/prisma/client.js';

/** A revision, the instant it was recorded and its hash in the ledger; revision 0, the empty register, has neither. */
export interface RecordedRevision {
  readonly revision: number;
  readonly recordedAt: Date | null;
  readonly hash: string | null;
}

const emptyRegister: RecordedRevision = { revision: 0, recordedAt: null, hash: null };
const revisionRows = z.array(z.object({ revision: z.number(), recordedAt: z.date(), hash: z.string() }));

/** The newest revision. One statement. */
export async function readNewestRevision(prisma: PrismaClient): Promise<RecordedRevision> {
  const found = await prisma.$queryRaw`
    -- newest revision
    select revision, recorded_at as "recordedAt", hash
    from change
    order by revision desc
    limit 1`;
  return revisionRows.parse(found)[0] ?? emptyRegister;
}

/** What was known at an instant: the greatest revision recorded at or before it. One statement. */
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

/** A revision by its number; undefined where there is none. One statement. */
export async function readRevision(prisma: PrismaClient, revision: number): Promise<RecordedRevision | undefined> {
  if (revision === 0) return emptyRegister;
  const found = await prisma.$queryRaw`
    -- revision by number
    select revision, recorded_at as "recordedAt", hash
    from change
    where revision = ${revision}`;
  return revisionRows.parse(found)[0];
}
