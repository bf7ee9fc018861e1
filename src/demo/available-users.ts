import type { Config } from '../config.ts';
import { toOsloDay } from '../domain/time/day.ts';
import type { Database } from '../store/database/database.ts';
import { readGrants } from '../store/read/grants.ts';
import { readNewestRevision } from '../store/read/revisions.ts';
import { demoUsers, type DemoUser } from './users.ts';

/** Returns the demo users that can sign in: those with a grant today, if the local issuer is on. */
export async function findAvailableDemoUsers(database: Database, config: Config): Promise<readonly DemoUser[]> {
  if (config.authentication.kind !== 'local') return [];
  const { revision } = await readNewestRevision(database.prisma);
  const day = toOsloDay(new Date());
  const keys = demoUsers.map(({ subject }) => ({ subject, revision, day }));
  const grants = await readGrants(database.prisma, keys);
  return demoUsers.filter(({ role, reshId }, index) =>
    grants[index]?.some((grant) => grant.role === role && grant.reshId === reshId),
  );
}

/** Returns a line for each user with the command that prints a token; empty text without users. */
export function formatDemoUsers(users: readonly DemoUser[]): string {
  if (users.length === 0) return '';
  const width = Math.max(...users.map(({ subject }) => subject.length));
  const lines = users.map(
    ({ subject, accessSummary }) =>
      `  npm run resh -- token --as ${subject.padEnd(width)}  may change ${accessSummary}`,
  );
  const heading = 'Demo users who may change the register; send the token as "Authorization: Bearer TOKEN":';
  return ['', '', heading, ...lines].join('\n');
}
