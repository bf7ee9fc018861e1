import type { Config } from '../config.ts';
import { osloDayOf } from '../domain/time/day.ts';
import { demoPeople, type DemoPerson } from './people.ts';
import type { Database } from '../store/database/database.ts';
import { readGrants } from '../store/read/grants.ts';
import { readNewestRevision } from '../store/read/revisions.ts';

/** Those of the demo register's people whom a token of the local issuer lets anybody be here. */
export const findDemoPeople = async (database: Database, config: Config): Promise<readonly DemoPerson[]> => {
  if (config.authentication.kind !== 'local') return [];
  const { revision } = await readNewestRevision(database.prisma);
  const day = osloDayOf(new Date());
  const keys = demoPeople.map(({ subject }) => ({ subject, revision, day }));
  const grants = await readGrants(database.prisma, keys);
  return demoPeople.filter(({ role, reshId }, place) =>
    grants[place]?.some((grant) => grant.role === role && grant.reshId === reshId),
  );
};

/** How to be each of them: nothing where there is none. */
export const explainDemoPeople = (people: readonly DemoPerson[]): string => {
  if (people.length === 0) return '';
  const width = Math.max(...people.map(({ subject }) => subject.length));
  const lines = people.map(
    ({ subject, may }) => `  npm run resh -- token --as ${subject.padEnd(width)}  may change ${may}`,
  );
  return ['', '', 'Who may change the demo register; send the token as «Authorization: Bearer TOKEN»:', ...lines].join(
    '\n',
  );
};
