import { z } from 'zod';
import type { PrismaClient } from '../../generated/prisma/client.js';

/** A revision and the instant it was recorded; revision 0, the empty register, has none. */
export interface RecordedRevision {
  readonly revision: number;
  readonly recordedAt: Date | null;
}

const emptyRegister: RecordedRevision = { revision: 0, recordedAt: null };
const rows = z.array(z.object({ revision: z.number(), recordedAt: z.date() }));

/** The newest revision. One statement. */
export const readNewestRevision = async (prisma: PrismaClient): Promise<RecordedRevision> => {
  const found = await prisma.$queryRaw`
    -- newest revision
    select revision, recorded_at as "recordedAt"
    from change
    order by revision desc
    limit 1`;
  return rows.parse(found)[0] ?? emptyRegister;
};

/** What was known at an instant: the greatest revision recorded at or before it. One statement. */
export const readRevisionKnownAt = async (prisma: PrismaClient, instant: Date): Promise<RecordedRevision> => {
  const found = await prisma.$queryRaw`
    -- revision known at an instant
    select revision, recorded_at as "recordedAt"
    from change
    where recorded_at <= ${instant}
    order by recorded_at desc, revision desc
    limit 1`;
  return rows.parse(found)[0] ?? emptyRegister;
};

/** A revision by its number; undefined where there is none. One statement. */
export const readRevision = async (prisma: PrismaClient, revision: number): Promise<RecordedRevision | undefined> => {
  if (revision === 0) return emptyRegister;
  const found = await prisma.$queryRaw`
    -- revision by number
    select revision, recorded_at as "recordedAt"
    from change
    where revision = ${revision}`;
  return rows.parse(found)[0];
};
