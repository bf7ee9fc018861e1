import type { Config } from '../config.ts';
import { toOsloDay } from '../domain/time/day.ts';
import type { Database } from '../store/database/database.ts';
import { readGrants } from '../store/read/grants.ts';
import { readNewestRevision } from '../store/read/revisions.ts';
import { demoUsers, type DemoUser } from './users.ts';

/** Those of the demo register's people whom a token of the local issuer lets anybody be here. */
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

/** How to be each of them: nothing where there is none. */
export function formatDemoUsers(users: readonly DemoUser[]): string {
  if (users.length === 0) return '';
  const width = Math.max(...users.map(({ subject }) => subject.length));
  const lines = users.map(
    ({ subject, accessSummary }) =>
      `  npm run resh -- token --as ${subject.padEnd(width)}  may change ${accessSummary}`,
  );
  return ['', '', 'Who may change the demo register; send the token as «Authorization: Bearer TOKEN»:', ...lines].join(
    '\n',
  );
}
