import { unitRights, type UnitRight } from '../../auth/permissions.ts';
import type { TimelineReader } from '../../auth/scope-reader.ts';
import { firstUnmet, type Need } from '../../auth/scope.ts';
import type { Context } from '../../context.ts';
import type { MutationName } from '../../domain/plan/change-input.ts';
import { notFound } from '../../domain/plan/parent-rules.ts';
import { forbidden, UnauthenticatedError, type Contact } from '../../auth/denials.ts';
import { builder } from '../kit/builder.ts';
import { Unit } from '../unit/unit.ts';

interface PermissionShape {
  readonly allowed: boolean;
  readonly reason: string | null;
}

const allowed: PermissionShape = { allowed: true, reason: null };
const refused = ({ message }: { readonly message: string }): PermissionShape => ({ allowed: false, reason: message });

const mutationOf: Readonly<Record<UnitRight, MutationName>> = {
  edit: 'updateUnit',
  move: 'moveUnit',
  close: 'closeUnit',
  addChild: 'createDepartment',
  grantAccess: 'grantAccess',
};

// The same rule as at the gate, read through loaders: a page of units costs no more statements than one.
const timelineReader = ({ loaders, present, today }: Context): TimelineReader => ({
  today,
  timeline: async (reshId) => loaders.timelineByReshId.load({ reshId, revision: (await present()).revision }),
});

const CONTACT_LIMIT = 5;

const contactsOf = async (need: Need | undefined, { loaders, present }: Context): Promise<readonly Contact[]> =>
  need?.kind === 'unit'
    ? (await loaders.administratorsByPath.load({ path: need.path, ...(await present()) })).slice(0, CONTACT_LIMIT)
    : [];

const permissionFor = async (right: UnitRight, reshId: number, context: Context): Promise<PermissionShape> => {
  const { viewer, loaders, present } = context;
  if (!viewer) return refused(new UnauthenticatedError());
  const grants = await loaders.grantsBySubject.load({ subject: viewer.subject, ...(await present()) });
  const reader = timelineReader(context);
  const unmet = firstUnmet(grants, await unitRights[right](reshId, reader));
  if (unmet || grants.length === 0)
    return refused(forbidden(mutationOf[right], unmet, await contactsOf(unmet, context), grants.length > 0));
  // A unit that was withdrawn is seen at earlier revisions, and nothing can be done with it.
  return (await reader.timeline(reshId)).length === 0 ? refused(notFound(reshId, 'reshId')) : allowed;
};

const Permission = builder.objectRef<PermissionShape>('Permission').implement({
  description: 'Whether the viewer may do something',
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', { description: 'Indicates whether it is allowed' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it is not; null where it is' }),
  }),
});

const UnitPermissions = builder.objectRef<{ reshId: number }>('UnitPermissions').implement({
  description: 'What the viewer may do with a unit today, as known now',
  fields: (t) => {
    const right = (name: UnitRight, description: string) =>
      t.field({
        type: Permission,
        description,
        resolve: ({ reshId }, _args, context) => permissionFor(name, reshId, context),
      });
    return {
      edit: right('edit', 'Setting its facts, codes, treatment site and identifiers'),
      move: right('move', 'Taking it from its parent; a new parent must be in reach too'),
      close: right('close', 'Ending its validity'),
      addChild: right('addChild', 'Creating departments beneath it'),
      grantAccess: right('grantAccess', 'Granting and revoking access to it'),
    };
  },
});

builder.objectField(Unit, 'viewerCan', (t) =>
  t.field({
    type: UnitPermissions,
    description: 'What the viewer may do with the unit today, whatever the snapshot, each with a reason where not',
    resolve: ({ row }) => ({ reshId: row.reshId }),
  }),
);
