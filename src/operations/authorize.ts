import { permissions, type ScopeReader } from '../auth/permissions.ts';
import { firstUnmet, grantsOn, roleUsed, type Need } from '../auth/scope.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { ChangeInputs, MutationName, Role } from '../domain/change-input.ts';
import type { Day } from '../domain/day.ts';
import type { GrantRow } from '../domain/draft.ts';
import { covers } from '../domain/period.ts';
import { readContactsOn, readGrantsOf, readGrantsOn, readNameOf, readVersions } from '../store/change-reader.ts';
import type { ChangeEntry, ChangeTransaction } from '../store/ledger.ts';
import { forbidden } from './refusal.ts';

/** How permissions read the register through a transaction, or any other connection. */
const scopeReader = (tx: ChangeTransaction, today: Day): ScopeReader => ({
  today,
  timeline: async (reshId) => (await readVersions(tx, [reshId])).get(reshId) ?? [],
  hasOtherAdministrators: async (reshId, subject) =>
    (await readGrantsOn(tx, [reshId])).some((grant) => grant.subject !== subject && covers(grant, today)),
});

/** Whether whoever asks may make a change, as things stand now. */
export const authorize = async <Name extends MutationName>(
  tx: ChangeTransaction,
  name: Name,
  input: ChangeInputs[Name],
  viewer: Viewer,
  today: Day,
): Promise<{ needs: readonly Need[]; grants: readonly GrantRow[] }> => {
  const grants = grantsOn(await readGrantsOf(tx, viewer.subject), today);
  if (grants.length === 0) throw forbidden(name, 'grant');
  const needs = await permissions[name](input, scopeReader(tx, today));
  await demand(tx, name, needs, grants, today);
  return { needs, grants };
};

/** Throws where a need is met by none of the grants, naming whom to ask. */
export const demand = async (
  tx: ChangeTransaction,
  name: MutationName,
  needs: readonly Need[],
  grants: readonly GrantRow[],
  today: Day,
): Promise<void> => {
  const unmet = firstUnmet(grants, needs);
  if (!unmet) return;
  throw forbidden(name, unmet, unmet.kind === 'unit' ? await readContactsOn(tx, unmet.path, today) : []);
};

/** Who makes a change, for the ledger: named as the register or the token does, in the role that is used. */
export const actorOf = async (
  tx: ChangeTransaction,
  viewer: Viewer,
  grants: readonly GrantRow[],
  needs: readonly Need[],
  today: Day,
): Promise<ChangeEntry['actor']> => {
  const role: Role | undefined = roleUsed(grants, needs);
  const known = await readNameOf(tx, viewer.subject, today);
  return { subject: viewer.subject, name: known?.name ?? viewer.name ?? viewer.subject, ...(role && { role }) };
};
