import DataLoader from 'dataloader';
import { permissions } from './permissions.ts';
import type { ScopeReader } from './scope-reader.ts';
import { firstUnmet, grantsOn, roleUsed, type Need } from './scope.ts';
import type { Viewer } from './viewer.ts';
import type { ChangeInputs, MutationName, Role } from '../domain/plan/change-input.ts';
import type { Day } from '../domain/time/day.ts';
import type { GrantRow } from '../domain/plan/draft.ts';
import { unstorableTexts } from '../domain/plan/input-text.ts';
import { readContactsOn, readGrantsOf, readGrantsOn, readNamesOf } from '../store/change/access.ts';
import { readClosedTogether, readIdsBeneath, readVersions } from '../store/change/units.ts';
import type { ChangeEntry, ChangeTransaction } from '../store/change/ledger.ts';
import { readMappingNode } from '../store/change/mapping-nodes.ts';
import { forbidden } from './denials.ts';

/** How permissions read the register through a transaction, or any other connection: each unit once, and those of a tick together. */
export const scopeReader = (tx: ChangeTransaction, today: Day): ScopeReader => {
  const timelines = new DataLoader(async (reshIds: readonly number[]) => {
    const found = await readVersions(tx, reshIds);
    return reshIds.map((reshId) => found.get(reshId) ?? []);
  });
  return {
    today,
    timeline: (reshId) => timelines.load(reshId),
    beneath: (path, day) => readIdsBeneath(tx, path, day),
    closedTogether: (path, closedOn, until) => readClosedTogether(tx, path, closedOn, until),
    administratorsOf: (reshId) => readGrantsOn(tx, [reshId]),
    // Text that no database keeps names no node; the change tells of it.
    mappingNode: async (node) =>
      unstorableTexts(node).length > 0
        ? []
        : readMappingNode(tx, { systemId: node.systemId.trim(), nodeId: node.nodeId.trim() }),
  };
};

/** Whether whoever asks may make a change, as things stand now. */
export const authorize = async <Name extends MutationName>(
  tx: ChangeTransaction,
  name: Name,
  input: ChangeInputs[Name],
  viewer: Viewer,
  today: Day,
): Promise<{ needs: readonly Need[]; grants: readonly GrantRow[] }> => {
  const grants = grantsOn(await readGrantsOf(tx, viewer.subject), today);
  const needs = await permissions[name](input, scopeReader(tx, today));
  await demand(tx, name, needs, grants, today);
  return { needs, grants };
};

/**
 * Throws where a need is met by none of the grants, naming whom to ask. Whoever holds nothing may do nothing, also where a change
 * needs nothing that can be told, such as of an unknown unit.
 */
export const demand = async (
  tx: ChangeTransaction,
  name: MutationName,
  needs: readonly Need[],
  grants: readonly GrantRow[],
  today: Day,
): Promise<void> => {
  const unmet = firstUnmet(grants, needs);
  if (!unmet && grants.length > 0) return;
  const contacts = unmet?.kind === 'unit' ? await readContactsOn(tx, unmet.path, today) : [];
  throw forbidden(name, unmet, contacts, grants.length > 0);
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
  const known = (await readNamesOf(tx, [viewer.subject], today)).get(viewer.subject);
  return { subject: viewer.subject, name: known?.name ?? viewer.name ?? viewer.subject, ...(role && { role }) };
};
