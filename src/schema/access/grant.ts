import type { GrantRow } from '../../store/read/grants.ts';
import { AccessRole } from '../change/change.ts';
import { builder } from '../kit/builder.ts';
import { Validity } from '../kit/validity.ts';
import { Unit } from '../unit/unit.ts';
import { Administrator, loadGrantedUnit } from './administrator.ts';

/** A grant; with the name of whoever holds it where that is known without looking it up. */
type GrantShape = GrantRow & {
  readonly name?: string;
  readonly email?: string | null;
  /** Revision before the change that ended it, where it was one: it may have withdrawn the unit */
  readonly fallbackRevision?: number | null;
};

export const Grant = builder.objectRef<GrantShape>('Grant').implement({
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
      resolve: async ({ subject, reshId, name, email = null }, _args, context) => {
        if (name !== undefined) return { subject, name, email, reshId };
        const known = await context.loaders.administratorBySubject.load({
          subject,
          ...(await context.currentSnapshot()),
        });
        return { ...(known ?? { subject, name: subject, email: null }), reshId };
      },
    }),
  }),
});
