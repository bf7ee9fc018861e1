import { unitRights, type ScopeReader, type UnitRight } from '../../auth/permissions.ts';
import { firstUnmet } from '../../auth/scope.ts';
import type { Context } from '../../context.ts';
import type { MutationName } from '../../domain/change-input.ts';
import { forbidden, UnauthenticatedError } from '../../operations/refusal.ts';
import { builder } from '../builder.ts';
import { Unit } from '../unit/unit.ts';

interface PermissionShape {
  readonly allowed: boolean;
  readonly reason: string | null;
}

const allowed: PermissionShape = { allowed: true, reason: null };
const refused = ({ message }: Error): PermissionShape => ({ allowed: false, reason: message });

const mutationOf: Readonly<Record<UnitRight, MutationName>> = {
  edit: 'updateUnit',
  move: 'moveUnit',
  close: 'closeUnit',
  addChild: 'createDepartment',
  grantAccess: 'grantAccess',
};

// The same rule as at the gate, read through loaders: a page of units costs no more statements than one.
const scopeReader = ({ loaders, present, today }: Context): ScopeReader => ({
  today,
  timeline: async (reshId) => loaders.timelineByReshId.load({ reshId, revision: (await present()).revision }),
  hasOtherAdministrators: () => Promise.reject(new Error('No right over a unit asks for its other administrators.')),
});

const permissionFor = async (right: UnitRight, reshId: number, context: Context): Promise<PermissionShape> => {
  const { viewer, loaders, present } = context;
  if (!viewer) return refused(new UnauthenticatedError());
  const grants = await loaders.grantsBySubject.load({ subject: viewer.subject, ...(await present()) });
  if (grants.length === 0) return refused(forbidden(mutationOf[right], 'grant'));
  const unmet = firstUnmet(grants, await unitRights[right](reshId, scopeReader(context)));
  return unmet ? refused(forbidden(mutationOf[right], unmet)) : allowed;
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
