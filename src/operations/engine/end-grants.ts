import { endedGrants, holdsFrom } from '../../domain/plan/grants.ts';
import { readGrantsOn } from '../../store/change/access.ts';
import type { Work } from './run-change.ts';

/** Ends the grants on units that close: on the day of the change, or today, whichever is later; each once, also where a unit closes twice. */
export const endGrantsOn = async ({ tx, workspace, day, today }: Work, reshIds: readonly number[]): Promise<void> => {
  const end = day > today ? day : today;
  const { draft } = workspace;
  const ended = new Set(draft.grants.superseded.map(({ id }) => id));
  const grants = (await readGrantsOn(tx, reshIds)).filter((grant) => holdsFrom(grant, end) && !ended.has(grant.id));
  draft.endGrants(endedGrants(grants, end));
};
