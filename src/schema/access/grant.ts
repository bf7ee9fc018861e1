import { AccessRole } from '../kit/enums.ts';
import { loadGrantHolder } from '../kit/load.ts';
import { Unit, Administrator, Grant } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';
import { loadGrantedUnit } from './administrator.ts';

Grant.implement({
  description: 'Access that a person has, with its role, unit and period',
  fields: (t) => ({
    role: t.expose('role', { type: AccessRole, description: 'Role that the grant gives its holder' }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'Unit on which the grant is; it covers all units under it too. Null for a grant on the whole register, ' +
        'and for one on a unit that a dry run would create',
      resolve: ({ reshId, fallbackRevision }, _args, context) => loadGrantedUnit(context, reshId, fallbackRevision),
    }),
    validity: t.field({
      type: Validity,
      description: 'Period in which the grant is valid',
      resolve: ({ from, to }) => ({ from, to }),
    }),
    administrator: t.field({
      type: Administrator,
      description: 'Holder of the grant',
      resolve: ({ subject, reshId, name, email = null }, _args, context) =>
        name === undefined ? loadGrantHolder(context, { subject, reshId }) : { subject, name, email, reshId },
    }),
  }),
});
