import type { Context } from '../../context.ts';
import { lookUpUnit } from '../kit/lookup.ts';
import { Unit, Administrator } from '../kit/refs.ts';
import { liveView, onDay, type UnitAtSnapshot } from '../kit/view.ts';

Administrator.implement({
  description: 'Person who may change a part of the register',
  fields: (t) => ({
    subject: t.exposeString('subject', { description: 'Subject of the person in tokens (`sub`)' }),
    name: t.exposeString('name', { description: 'Name of the administrator; the subject if no name is known' }),
    email: t.exposeString('email', { nullable: true, description: 'E-mail address of the administrator' }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description: 'Unit on which the grant is; null for a grant on the whole register',
      resolve: ({ reshId }, _args, context) => loadGrantedUnit(context, reshId),
    }),
  }),
});

/**
 * Loads the unit on which a grant is, as today, or as on its last or first day.
 *
 * @param fallbackRevision revision at which to show the unit if it has been withdrawn
 */
export async function loadGrantedUnit(
  context: Context,
  reshId: number | null,
  fallbackRevision: number | null = null,
): Promise<UnitAtSnapshot | null> {
  if (reshId === null) return null;
  context.countObjects(1);
  const { unit, outcome } = await lookUpUnit(context, reshId, await liveView(context));
  return outcome === 'WITHDRAWN' && fallbackRevision !== null
    ? (await lookUpUnit(context, reshId, onDay({ revision: fallbackRevision, namesRevision: true }, context.today)))
        .unit
    : unit;
}
