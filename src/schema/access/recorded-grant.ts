import { builder } from '../kit/builder.ts';
import { AccessRole } from '../kit/enums.ts';
import { Validity } from '../kit/validity.ts';

builder.prismaObject('AccessGrant', {
  name: 'RecordedGrant',
  description: 'Grant as the ledger keeps it: one change recorded it, and a later one superseded it if it was altered',
  fields: (t) => ({
    subject: t.exposeString('subject', { description: 'Subject of the holder in tokens (`sub`)' }),
    role: t.expose('role', { type: AccessRole, description: 'Role that the grant gives its holder' }),
    reshId: t.expose('reshId', {
      type: 'ReshId',
      nullable: true,
      description: 'RESH-id of the unit on which the grant is; null for a grant on the whole register',
    }),
    validity: t.field({
      type: Validity,
      description: 'Period in which the grant is valid, as this row has it',
      select: { validFrom: true, validTo: true },
      resolve: ({ validFrom, validTo }) => ({ from: toDay(validFrom), to: validTo && toDay(validTo) }),
    }),
    recordedBy: t.relation('recordedBy', { description: 'Change that recorded the grant' }),
    supersededBy: t.relation('supersededBy', {
      nullable: true,
      description: 'Change that superseded the grant by another row or ended it; null if it is current',
    }),
  }),
});

function toDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
