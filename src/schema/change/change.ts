import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { clientError } from '../../errors/client-error.ts';
import type { Change as ChangeRow } from '../../generated/prisma/client.js';
import type { Operation as operations } from '../../generated/prisma/enums.js';
import { builder } from '../kit/builder.ts';
import { AccessRole } from '../kit/enums.ts';
import { Change } from '../kit/refs.ts';
import { hasAnyGrant } from './has-any-grant.ts';

type LedgerOperation = keyof typeof operations;
/** The ledger keeps the first name of an operation, see docs/decisions/operations-keep-their-first-name.md. */
type OperationName = Exclude<LedgerOperation, 'SET_UNIT_CODES'> | 'UPDATE_UNIT_CODES';

export const ChangeOperation = builder.enumType('ChangeOperation', {
  description: 'Kind of change',
  values: {
    IMPORT: { description: 'Files were imported' },
    SYNCHRONIZE: { description: 'The register was synchronized with another system' },
    LOAD_CODES: { description: 'National code sets were loaded' },
    DEMO: { description: 'The demo register was generated' },
    REGISTER_ORGANIZATION: { description: 'An organization was registered' },
    REGISTER_CONTRACT_SPECIALIST: { description: 'A contract specialist (avtalespesialist) was registered' },
    REGISTER_TREATMENT_SITE: { description: 'A treatment site (behandlingssted) was registered' },
    UPDATE_TREATMENT_SITE: { description: 'Fields of a treatment site were changed' },
    CLOSE_TREATMENT_SITE: { description: 'A treatment site was closed' },
    REOPEN_TREATMENT_SITE: { description: 'A treatment site was reopened' },
    REGISTER_OPERATOR: { description: 'An operator was registered from the command line' },
    CREATE_DEPARTMENT: { description: 'A department was created' },
    UPDATE_UNIT: { description: 'Fields of a unit were changed' },
    MOVE_UNIT: { description: 'A unit was moved under another parent' },
    CLOSE_UNIT: { description: 'A unit was closed' },
    REOPEN_UNIT: { description: 'A unit was reopened' },
    MERGE_UNITS: { description: 'Units were merged' },
    SPLIT_UNIT: { description: 'A unit was split' },
    UPDATE_UNIT_CODES: { value: 'SET_UNIT_CODES', description: 'Codes of a unit were added or ended' },
    CONNECT_TREATMENT_SITE: { description: 'A unit was connected to a treatment site' },
    DISCONNECT_TREATMENT_SITE: { description: 'A unit was disconnected from its treatment site' },
    SET_IDENTIFIER: { description: 'An identifier in another system was set; older changes also removed identifiers' },
    REMOVE_IDENTIFIER: { description: 'An identifier in another system was removed' },
    SET_MAPPING_NODE: { description: "A node of another system's tree was set" },
    REMOVE_MAPPING_NODE: { description: "A node of another system's tree was removed" },
    WITHDRAW_UNIT: { description: 'A unit registered in error was withdrawn' },
    REORGANIZE: { description: 'Several steps were carried out as one change' },
    GRANT_ACCESS: { description: 'Access was granted' },
    REVOKE_ACCESS: { description: 'Access was revoked' },
    UNDO_CHANGE: { description: 'An earlier change was undone' },
  } satisfies Record<OperationName, { value?: LedgerOperation; description: string }>,
});

const Actor = builder.objectRef<Pick<ChangeRow, 'actorSubject' | 'actorName' | 'actorRole'>>('Actor').implement({
  description: 'Person or process that made a change',
  fields: (t) => ({
    name: t.exposeString('actorName', { description: 'Name of the actor when the change was made' }),
    subject: t.string({
      nullable: true,
      description: 'Subject of the actor in tokens, or on the command line; null unless the viewer holds a grant today',
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
  id: { resolve: ({ revision }) => revision, description: 'Global id of the change' },
  findUnique: (id) => ({ revision: parseChangeId(id) }),
  nullable: true,
  description: 'Committed change of the register, with its actor, time, reason and effects',
  fields: (t) => ({
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'Revision that the change created',
    }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'Instant at which the change was committed' }),
    effectiveOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'Day on which the change takes effect (virkningsdato); null if its parts have days of their own',
      resolve: ({ effectiveOn }) => effectiveOn?.toISOString().slice(0, 10) ?? null,
    }),
    operation: t.expose('operation', { type: ChangeOperation, description: 'Kind of change' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Reason for the change, as its actor gave it',
    }),
    actor: t.field({
      type: Actor,
      description: 'Actor who made the change',
      resolve: (change) => change,
    }),
    hash: t.exposeString('hash', {
      description:
        'SHA-256 over the change, the digest of its rows and the hash of the previous change, in hexadecimal',
    }),
  }),
});

// Revision 0 has no change, so a number greater than any revision finds none either.
function parseChangeId(id: string): number {
  if (!/^\d{1,15}$/.test(id))
    throw clientError('BAD_ID', `"Change:${id.slice(0, 60)}" names no revision. Use an id from a response.`);
  return Number(id) > MAX_INTEGER ? 0 : Number(id);
}

builder.queryField('change', (t) =>
  t.field({
    type: Change,
    nullable: true,
    description: 'Change that created a revision; null if the revision does not exist',
    args: { revision: t.arg({ type: 'Revision', required: true, description: 'Revision of the change' }) },
    resolve: async (_root, { revision }, { loaders }) => (await loaders.changeByRevision.load(revision)) ?? null,
  }),
);
