import { reopenUnit } from '../../operations/reopen-unit.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, UnitCodeInput, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const ReopenUnitInput = builder.inputType('ReopenUnitInput', {
  description: 'Unit to reopen, and the day from which it is valid again',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit to reopen' }),
    newParentReshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of its parent; the parent on its last day if omitted',
    }),
    ...reopenedUnitFields(t),
    predecessorReshIds: t.field({
      type: ['ReshId'],
      description:
        'RESH-ids of the units that it comes out of on the day, such as the one that it was merged into; they stay ' +
        'valid, and the successions are recorded as SPLIT',
    }),
    ...commonFields(t),
  }),
});

/** What reopens with a unit, and what it gets in place of what has ended. */
export function reopenedUnitFields(t: InputFields) {
  return {
    withDescendants: t.boolean({ description: 'Whether to reopen the units under it that the same change closed' }),
    treatmentSite: t.field({
      type: 'OrganizationNumber',
      description: 'Organization number of its treatment site; the site on its last day if omitted, none if null',
    }),
    codes: t.field({ type: [UnitCodeInput], description: 'Codes that it gets besides those of its last day' }),
  };
}

const ReopenUnitPayload = declarePayload('ReopenUnitPayload', 'reopenUnit', ['unit']);

builder.mutationField('reopenUnit', (t) =>
  t.field({
    type: ReopenUnitPayload,
    nullable: true,
    description:
      'Reopens a closed unit from a given day, with its fields as on its last day; a day before its first day ' +
      'moves its opening to that day',
    args: {
      input: t.arg({
        type: ReopenUnitInput,
        required: true,
        description: 'Unit to reopen, and the day from which it is valid again',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => reopenUnit(context, input)),
  }),
);
