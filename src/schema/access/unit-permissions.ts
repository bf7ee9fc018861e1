import { describeDenial } from '../../auth/denials.ts';
import { tokenMissing, type Contact } from '../../auth/messages.ts';
import { unitRights, type UnitRight } from '../../auth/permissions.ts';
import type { TimelineReader } from '../../auth/scope-reader.ts';
import { findUnmetRequirement, type Requirement } from '../../auth/scope.ts';
import type { Context } from '../../context.ts';
import type { MutationName } from '../../domain/plan/change-input.ts';
import { messageIn, type Message } from '../../domain/plan/messages/message.ts';
import { unitNotFound } from '../../domain/plan/messages/units.ts';
import { builder } from '../kit/builder.ts';
import { MessageValue } from '../kit/messages.ts';
import { Unit } from '../kit/refs.ts';

/** Why the viewer may not make a change. */
interface Denial {
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND';
  readonly reason: Message;
}

interface PermissionShape {
  readonly denial: Denial | null;
}

const allowed: PermissionShape = { denial: null };

const mutationByRight: Readonly<Record<UnitRight, MutationName>> = {
  edit: 'updateUnit',
  move: 'moveUnit',
  close: 'closeUnit',
  addChild: 'createDepartment',
  grantAccess: 'grantAccess',
};

const CONTACT_LIMIT = 5;

const PermissionCode = builder.enumType('PermissionCode', {
  description: 'Code of the reason that the viewer may not make a change',
  values: {
    UNAUTHENTICATED: { description: 'The request has no token' },
    FORBIDDEN: { description: 'The viewer has no access to the unit; the reason names the people to ask' },
    NOT_FOUND: { description: 'The unit is withdrawn' },
  } as const,
});

const Permission = builder.objectRef<PermissionShape>('Permission').implement({
  description: 'Permission of the viewer for one kind of change',
  fields: (t) => ({
    allowed: t.boolean({
      description: 'Indicates whether the viewer may make the change',
      resolve: ({ denial }) => denial === null,
    }),
    code: t.field({
      type: PermissionCode,
      nullable: true,
      description: 'Code of the reason, for programs; null if allowed',
      resolve: ({ denial }) => denial?.code ?? null,
    }),
    reason: t.string({
      nullable: true,
      description: 'Reason that the viewer may not, in the language of Accept-Language; null if allowed',
      resolve: ({ denial }, _args, { language }) => denial && messageIn(language, denial.reason),
    }),
    values: t.field({
      type: [MessageValue],
      description: 'Values that the reason mentions; none if allowed',
      resolve: ({ denial }) => denial?.reason.values ?? [],
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
  if (!viewer) return { denial: { code: 'UNAUTHENTICATED', reason: tokenMissing() } };
  const grants = await loaders.grantsBySubject.load({ subject: viewer.subject, ...(await currentSnapshot()) });
  const reader = createTimelineReader(context);
  const unmetRequirement = findUnmetRequirement(grants, await unitRights[right](reshId, reader));
  if (unmetRequirement || grants.length === 0) {
    const contacts = await loadContacts(unmetRequirement, context);
    const reason = describeDenial(mutationByRight[right], unmetRequirement, contacts, grants.length > 0);
    return { denial: { code: 'FORBIDDEN', reason } };
  }
  // A withdrawn unit is shown at earlier revisions but cannot be changed.
  const isWithdrawn = (await reader.readTimeline(reshId)).length === 0;
  return isWithdrawn ? { denial: { code: 'NOT_FOUND', reason: unitNotFound({ reshId }) } } : allowed;
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
  if (requirement?.kind !== 'unit') return [];
  const { path, allowsRegistrar: hasRegistrar } = requirement;
  const contacts = await loaders.administratorsOfUnit.load({ path, hasRegistrar, ...(await currentSnapshot()) });
  return contacts.slice(0, CONTACT_LIMIT);
}

builder.objectField(Unit, 'viewerCan', (t) =>
  t.field({
    type: UnitPermissions,
    description: 'Permissions of the viewer for the unit today, whatever the snapshot',
    resolve: ({ row }) => ({ reshId: row.reshId }),
  }),
);
