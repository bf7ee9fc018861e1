import { builder } from '../kit/builder.ts';
import { AccessRole } from '../kit/enums.ts';
import { loadGrantHolder } from '../kit/load.ts';
import { Administrator, Unit } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';
import { loadGrantedUnit } from './administrator.ts';

export const RecordedGrant = builder.prismaObject('AccessGrant', {
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
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'Unit on which the grant is, as today or as on its last or first day; it covers all units under it too. A ' +
        'unit that was withdrawn is shown as when the grant was recorded. Null for a grant on the whole register',
      select: { reshId: true, recordedRev: true },
      resolve: ({ reshId, recordedRev }, _args, context) => loadGrantedUnit(context, reshId, recordedRev),
    }),
    administrator: t.field({
      type: Administrator,
      description: 'Holder of the grant, with the current name',
      resolve: ({ subject, reshId }, _args, context) => loadGrantHolder(context, { subject, reshId }),
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
