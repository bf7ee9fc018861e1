import DataLoader from 'dataloader';
import type { ChangeInputs, MutationName, Role } from '../domain/plan/change-input.ts';
import type { GrantRow } from '../domain/plan/write-set.ts';
import { hasUnstorableText } from '../domain/plan/input-text.ts';
import { normalizeLine } from '../domain/text/text-rule.ts';
import type { Day } from '../domain/time/day.ts';
import type { UnitState } from '../domain/unit/state.ts';
import { readContacts, readGrantsOnUnits, type Contact } from '../store/change/access.ts';
import type { ChangeStart } from '../store/change/change-start.ts';
import type { ChangeEntry } from '../store/change/ledger.ts';
import type { SqlClient } from '../store/database/sql-client.ts';
import { readMappingNode } from '../store/change/mapping-nodes.ts';
import { readDescendantIdsClosedWithUnit, readDescendantIds } from '../store/change/descendants.ts';
import { readSiteRows } from '../store/change/treatment-sites.ts';
import { readVersions } from '../store/change/units.ts';
import { createForbiddenError } from './denials.ts';
import { permissions } from './permissions.ts';
import type { ScopeReader } from './scope-reader.ts';
import { findUnmetRequirement, filterGrantsOn, selectActingRole, type Requirement } from './scope.ts';
import type { Viewer } from './viewer.ts';

/**
 * Authorizes a change against the newest revision.
 *
 * @param start what the change begins with, read on the same connection
 * @returns the requirements of the change and the grants of the viewer today
 * @throws ForbiddenError if the viewer may not make the change
 */
export async function authorize<Name extends MutationName>(
  tx: SqlClient,
  name: Name,
  input: ChangeInputs[Name],
  start: Pick<ChangeStart, 'grants' | 'units'>,
  today: Day,
): Promise<{ requirements: readonly Requirement[]; grants: readonly GrantRow[] }> {
  const grants = filterGrantsOn(start.grants, today);
  const requirements = await permissions[name](input, createScopeReader(tx, today, start.units));
  await assertAuthorized(tx, name, requirements, grants, today);
  return { requirements, grants };
}

/**
 * Creates a reader of permissions on a connection; it reads each unit and its descendants once, and all of a tick in
 * one statement.
 *
 * @param loaded units that have already been read
 */
export function createScopeReader(
  tx: SqlClient,
  today: Day,
  loaded: ReadonlyMap<number, UnitState> = new Map(),
): ScopeReader {
  const timelines = new DataLoader(async (reshIds: readonly number[]) => {
    const found = await readVersions(tx, reshIds);
    return reshIds.map((reshId) => found.get(reshId) ?? []);
  });
  const descendantsByDay = new Map<Day, DataLoader<readonly number[], readonly number[], string>>();
  for (const [reshId, { versions }] of loaded) timelines.prime(reshId, [...versions]);
  return {
    today,
    readTimeline: (reshId) => timelines.load(reshId),
    readDescendants: (path, day) => {
      const descendants =
        descendantsByDay.get(day) ??
        new DataLoader((paths: readonly (readonly number[])[]) => readDescendantIds(tx, paths, day), {
          cacheKeyFn: (key) => key.join(),
        });
      descendantsByDay.set(day, descendants);
      return descendants.load(path);
    },
    readClosedTogether: (path, closedOn, until) => readDescendantIdsClosedWithUnit(tx, path, closedOn, until),
    readAdministrators: (reshId) => readGrantsOnUnits(tx, [reshId]),
    // Text that PostgreSQL cannot store names no node; the plan reports it.
    readMappingNode: async (node) =>
      hasUnstorableText(node)
        ? []
        : readMappingNode(tx, { systemId: normalizeLine(node.systemId), nodeId: normalizeLine(node.nodeId) }),
    readSite: (organizationNumber) => readSiteRows(tx, [organizationNumber]),
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
  const contacts = unmet?.kind === 'unit' ? await readContacts(tx, unmet.path, unmet.allowsRegistrar, today) : [];
  throw createForbiddenError(name, unmet, contacts, grants.length > 0);
}

/** Returns the actor of a change for the ledger: the name in the register, else in the token, and the acting role. */
export function describeActor(
  viewer: Viewer,
  contact: Contact | undefined,
  grants: readonly GrantRow[],
  requirements: readonly Requirement[],
): ChangeEntry['actor'] {
  const role: Role | undefined = selectActingRole(grants, requirements);
  return { subject: viewer.subject, name: contact?.name ?? viewer.name ?? viewer.subject, ...(role && { role }) };
}
