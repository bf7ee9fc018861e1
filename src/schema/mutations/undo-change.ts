import { undoChange } from '../../operations/undo-change.ts';
import { builder } from '../kit/builder.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const UndoChangeInput = builder.inputType('UndoChangeInput', {
  description: 'Change to undo',
  fields: (t) => ({
    revision: t.field({ type: 'Revision', required: true, description: 'Revision of the change to undo' }),
    ...commonFields(t),
    effectiveOn: t.field({
      type: 'Date',
      description:
        'First day on which the change is undone (virkningsdato), past, today or future; all days if omitted',
    }),
    expectedRevision: t.field({
      type: 'Revision',
      description:
        'Revision that the client has read: the change fails with CONFLICT if a unit that the undone change altered ' +
        'was changed since; not checked if omitted',
    }),
  }),
});

const UndoChangePayload = declarePayload('UndoChangePayload', 'undoChange', []);

builder.mutationField('undoChange', (t) =>
  t.field({
    type: UndoChangePayload,
    nullable: true,
    description:
      'Undoes a change as a new change: fields that it altered get their former values, and later changes of other ' +
      'fields stay. Fails with CONFLICT, naming the later revisions, if later changes build on it. Access that it ' +
      'gave ends today; access that it ended is not given back. An undo can be undone too',
    args: { input: t.arg({ type: UndoChangeInput, required: true, description: 'Change to undo' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => undoChange(context, input)),
  }),
);
