import { createForbiddenError, UnauthenticatedError } from '../../auth/denials.ts';
import type { Contact } from '../../auth/messages.ts';
import { unitRights, type UnitRight } from '../../auth/permissions.ts';
import type { TimelineReader } from '../../auth/scope-reader.ts';
import { findUnmetRequirement, type Requirement } from '../../auth/scope.ts';
import type { Context } from '../../context.ts';
import type { MutationName } from '../../domain/plan/change-input.ts';
import { unitNotFound } from '../../domain/plan/messages/units.ts';
import { builder } from '../kit/builder.ts';
import { Unit } from '../kit/refs.ts';

interface PermissionShape {
  readonly allowed: boolean;
  readonly reason: string | null;
}

const allowed: PermissionShape = { allowed: true, reason: null };

const mutationByRight: Readonly<Record<UnitRight, MutationName>> = {
  edit: 'updateUnit',
  move: 'moveUnit',
  close: 'closeUnit',
  addChild: 'createDepartment',
  grantAccess: 'grantAccess',
};

const CONTACT_LIMIT = 5;

const Permission = builder.objectRef<PermissionShape>('Permission').implement({
  description: 'Permission of the viewer for one kind of change',
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', { description: 'Indicates whether the viewer may make the change' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Reason that the viewer may not; null if allowed',
    }),
  }),
});

const UnitPermissions = builder.objectRef<{ reshId: number }>('UnitPermissions').implement({
  description: 'Permissions of the viewer for a unit today, as known now',
  fields: (t) => {
    const right = (name: UnitRight, description: string) =>
      t.field({
        type: Permission,
        description,
        resolve: ({ reshId }, _args, context) => loadPermission(name, reshId, context),
      });
    return {
      edit: right('edit', 'Permission to change fields, codes, treatment site and identifiers of the unit'),
      move: right('move', 'Permission to move the unit away from its parent; the new parent requires access too'),
      close: right('close', 'Permission to close the unit'),
      addChild: right('addChild', 'Permission to create departments under the unit'),
      grantAccess: right('grantAccess', 'Permission to grant and revoke access to the unit'),
    };
  },
});

async function loadPermission(right: UnitRight, reshId: number, context: Context): Promise<PermissionShape> {
  const { viewer, loaders, currentSnapshot } = context;
  if (!viewer) return denied(new UnauthenticatedError());
  const grants = await loaders.grantsBySubject.load({ subject: viewer.subject, ...(await currentSnapshot()) });
  const reader = createTimelineReader(context);
  const unmetRequirement = findUnmetRequirement(grants, await unitRights[right](reshId, reader));
  if (unmetRequirement || grants.length === 0)
    return denied(
      createForbiddenError(
        mutationByRight[right],
        unmetRequirement,
        await loadContacts(unmetRequirement, context),
        grants.length > 0,
      ),
    );
  // A withdrawn unit is shown at earlier revisions but cannot be changed.
  return (await reader.readTimeline(reshId)).length === 0 ? denied(unitNotFound({ reshId })) : allowed;
}

function denied({ message }: { readonly message: string }): PermissionShape {
  return { allowed: false, reason: message };
}

// Applies the rule of the authorization middleware with loaders: a page of units takes as many statements as one unit.
function createTimelineReader({ loaders, currentSnapshot, today }: Context): TimelineReader {
  return {
    today,
    readTimeline: async (reshId) =>
      loaders.timelineByReshId.load({ reshId, revision: (await currentSnapshot()).revision }),
  };
}

async function loadContacts(
  requirement: Requirement | undefined,
  { loaders, currentSnapshot }: Context,
): Promise<readonly Contact[]> {
  return requirement?.kind === 'unit'
    ? (await loaders.administratorsByPath.load({ path: requirement.path, ...(await currentSnapshot()) })).slice(
        0,
        CONTACT_LIMIT,
      )
    : [];
}

builder.objectField(Unit, 'viewerCan', (t) =>
  t.field({
    type: UnitPermissions,
    description: 'Permissions of the viewer for the unit today, whatever the snapshot',
    resolve: ({ row }) => ({ reshId: row.reshId }),
  }),
);
