import DataLoader from 'dataloader';
import type { ChangeInputs, MutationName, Role } from '../domain/plan/change-input.ts';
import type { GrantRow } from '../domain/plan/write-set.ts';
import { hasUnstorableText } from '../domain/plan/input-text.ts';
import type { Day } from '../domain/time/day.ts';
import {
  readContactsOnPath,
  readGrantsOfSubject,
  readGrantsOnUnits,
  readSubjectContacts,
} from '../store/change/access.ts';
import type { ChangeEntry } from '../store/change/ledger.ts';
import type { SqlClient } from '../store/database/sql-client.ts';
import type { Transaction } from '../store/database/transaction.ts';
import { readMappingNode } from '../store/change/mapping-nodes.ts';
import { readDescendantIdsClosedWithUnit, readDescendantIds } from '../store/change/descendants.ts';
import { readVersions } from '../store/change/units.ts';
import { createForbiddenError } from './denials.ts';
import { permissions } from './permissions.ts';
import type { ScopeReader } from './scope-reader.ts';
import { findUnmetRequirement, filterGrantsOn, selectActingRole, type Requirement } from './scope.ts';
import type { Viewer } from './viewer.ts';

/**
 * Authorizes a change against the newest revision.
 *
 * @returns the requirements of the change and the grants of the viewer today
 * @throws ForbiddenError if the viewer may not make the change
 */
export async function authorize<Name extends MutationName>(
  tx: SqlClient,
  name: Name,
  input: ChangeInputs[Name],
  viewer: Viewer,
  today: Day,
): Promise<{ requirements: readonly Requirement[]; grants: readonly GrantRow[] }> {
  const grants = filterGrantsOn(await readGrantsOfSubject(tx, viewer.subject), today);
  const requirements = await permissions[name](input, createScopeReader(tx, today));
  await assertAuthorized(tx, name, requirements, grants, today);
  return { requirements, grants };
}

/**
 * Creates a reader of permissions on a connection; it reads each unit once, and all units of a tick in one statement.
 */
export function createScopeReader(tx: SqlClient, today: Day): ScopeReader {
  const timelines = new DataLoader(async (reshIds: readonly number[]) => {
    const found = await readVersions(tx, reshIds);
    return reshIds.map((reshId) => found.get(reshId) ?? []);
  });
  return {
    today,
    readTimeline: (reshId) => timelines.load(reshId),
    readDescendants: (path, day) => readDescendantIds(tx, path, day),
    readClosedTogether: (path, closedOn, until) => readDescendantIdsClosedWithUnit(tx, path, closedOn, until),
    readAdministrators: (reshId) => readGrantsOnUnits(tx, [reshId]),
    // Text that PostgreSQL cannot store names no node; the plan reports it.
    readMappingNode: async (node) =>
      hasUnstorableText(node)
        ? []
        : readMappingNode(tx, { systemId: node.systemId.trim(), nodeId: node.nodeId.trim() }),
  };
}

/**
 * Checks that the grants meet every requirement. A viewer without grants is always denied, also if nothing is required,
 * as for an unknown unit.
 *
 * @param grants that the viewer holds today
 * @throws ForbiddenError with the first unmet requirement and the people to ask
 */
export async function assertAuthorized(
  tx: SqlClient,
  name: MutationName,
  requirements: readonly Requirement[],
  grants: readonly GrantRow[],
  today: Day,
): Promise<void> {
  const unmet = findUnmetRequirement(grants, requirements);
  if (!unmet && grants.length > 0) return;
  const contacts = unmet?.kind === 'unit' ? await readContactsOnPath(tx, unmet.path, today) : [];
  throw createForbiddenError(name, unmet, contacts, grants.length > 0);
}

/** Returns the actor of a change for the ledger: the name in the register, else in the token, and the acting role. */
export async function resolveActor(
  tx: Transaction,
  viewer: Viewer,
  grants: readonly GrantRow[],
  requirements: readonly Requirement[],
  today: Day,
): Promise<ChangeEntry['actor']> {
  const role: Role | undefined = selectActingRole(grants, requirements);
  const known = (await readSubjectContacts(tx, [viewer.subject], today)).get(viewer.subject);
  return { subject: viewer.subject, name: known?.name ?? viewer.name ?? viewer.subject, ...(role && { role }) };
}
