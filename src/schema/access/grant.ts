import { AccessRole } from '../kit/enums.ts';
import { loadGrantHolder } from '../kit/load.ts';
import { Unit, Administrator, Grant } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';
import { loadGrantedUnit } from './administrator.ts';

Grant.implement({
  description: 'Who may do what, where, over which days',
  fields: (t) => ({
    role: t.expose('role', { type: AccessRole, description: 'What the grant lets its holder do' }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'Unit that the grant is on, with all beneath it; null where it is on the whole register, or on a unit that a dry run does not make',
      resolve: ({ reshId, fallbackRevision }, _args, context) => loadGrantedUnit(context, reshId, fallbackRevision),
    }),
    validity: t.field({
      type: Validity,
      description: 'Period of days in which the grant holds',
      resolve: ({ from, to }) => ({ from, to }),
    }),
    administrator: t.field({
      type: Administrator,
      description: 'Who holds the grant',
      resolve: ({ subject, reshId, name, email = null }, _args, context) =>
        name === undefined ? loadGrantHolder(context, { subject, reshId }) : { subject, name, email, reshId },
    }),
  }),
});
