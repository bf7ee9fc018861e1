import { clientError } from '../../errors/client-error.ts';
import type { Change as ChangeRow } from '../../generated/prisma/client.js';
import type { Operation as operations } from '../../generated/prisma/enums.js';
import { builder } from '../kit/builder.ts';
import { AccessRole } from '../kit/enums.ts';
import { Change } from '../kit/refs.ts';
import { hasAnyGrant } from './has-any-grant.ts';

export const Operation = builder.enumType('Operation', {
  description: 'What a change did',
  values: {
    IMPORT: { description: 'Files were imported' },
    SYNCHRONIZE: { description: "Another system's full picture was followed" },
    DEMO: { description: 'The invented demo register was made' },
    REGISTER_ORGANIZATION: { description: 'An organization was registered' },
    REGISTER_CONTRACT_SPECIALIST: { description: 'A contract specialist (avtalespesialist) was registered' },
    REGISTER_TREATMENT_SITE: { description: 'A treatment site (behandlingssted) was registered' },
    REGISTER_OPERATOR: { description: 'An operator was made where the database is' },
    CREATE_DEPARTMENT: { description: 'A department was created' },
    UPDATE_UNIT: { description: 'Facts of a unit were set' },
    MOVE_UNIT: { description: 'A unit was placed under another parent' },
    CLOSE_UNIT: { description: 'The validity of a unit was ended' },
    REOPEN_UNIT: { description: 'A closed unit became valid again' },
    MERGE_UNITS: { description: 'Several units became one' },
    SPLIT_UNIT: { description: 'One unit became several' },
    SET_UNIT_CODES: { description: 'Codes were given to a unit or ended' },
    CONNECT_TREATMENT_SITE: { description: 'A unit was tied to a treatment site' },
    DISCONNECT_TREATMENT_SITE: { description: 'A unit was untied from its treatment site' },
    SET_IDENTIFIER: { description: 'An identifier in another system was set or ended' },
    SET_MAPPING_NODE: { description: "A node of another system's tree was set" },
    REMOVE_MAPPING_NODE: { description: "A node of another system's tree was removed" },
    WITHDRAW_UNIT: { description: 'A unit registered in error was withdrawn' },
    REORGANIZE: { description: 'Several steps were made as one change' },
    GRANT_ACCESS: { description: 'Access was granted' },
    REVOKE_ACCESS: { description: 'Access was revoked' },
  } satisfies Record<keyof typeof operations, { description: string }>,
});

const Actor = builder.objectRef<Pick<ChangeRow, 'actorSubject' | 'actorName' | 'actorRole'>>('Actor').implement({
  description: 'Who made a change',
  fields: (t) => ({
    name: t.exposeString('actorName', { description: 'Name of who made the change, as it was then' }),
    subject: t.string({
      nullable: true,
      description: 'Who it is in tokens, or on the command line; null unless the viewer may edit something today',
      resolve: async ({ actorSubject }, _args, context) => ((await hasAnyGrant(context)) ? actorSubject : null),
    }),
    role: t.expose('actorRole', {
      type: AccessRole,
      nullable: true,
      description: 'Role in which the change was made; null for the command line',
    }),
  }),
});

builder.prismaNode('Change', {
  id: { resolve: ({ revision }) => revision, description: 'Id of the change that the whole register knows' },
  findUnique: (id) => ({ revision: parseChangeId(id) }),
  nullable: true,
  description: 'One committed change of the register: who, when, why, and what came of it',
  fields: (t) => ({
    revision: t.expose('revision', {
      type: 'Revision',
      description: "Number of the change in the register's one order",
    }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'Instant the change was committed' }),
    effectiveOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'Day the change takes effect (virkningsdato); null where its parts have days of their own',
      resolve: ({ effectiveOn }) => effectiveOn?.toISOString().slice(0, 10) ?? null,
    }),
    operation: t.expose('operation', { type: Operation, description: 'What the change did' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why the change was made, in the words of who made it',
    }),
    actor: t.field({
      type: Actor,
      description: 'Who made the change',
      resolve: (change) => change,
    }),
    hash: t.exposeString('hash', {
      description: 'SHA-256 over the change, a digest of its rows, and the hash of the change before it',
    }),
  }),
});

// Revision 0 has no change: a number beyond any revision finds as little.
function parseChangeId(id: string): number {
  if (!/^\d{1,15}$/.test(id))
    throw clientError('BAD_ID', `«Change:${id.slice(0, 60)}» names no revision. Use an id as an answer gave it.`);
  return Number(id) > 2_147_483_647 ? 0 : Number(id);
}

builder.queryField('change', (t) =>
  t.field({
    type: Change,
    nullable: true,
    description: 'Change that has a revision; null when there is none yet',
    args: { revision: t.arg({ type: 'Revision', required: true, description: 'Number of the change' }) },
    resolve: async (_root, { revision }, { loaders }) => (await loaders.changeByRevision.load(revision)) ?? null,
  }),
);
