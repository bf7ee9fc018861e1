import { builder } from '../kit/builder.ts';
import { findRegister } from './register-view.ts';
import { Register } from './register.ts';

builder.queryFields((t) => ({
  register: t.field({
    type: Register,
    description:
      'Register on another day, or as known at another time; without arguments, the live register: today, as known now',
    args: {
      validAt: t.arg({
        type: 'Date',
        description: 'Day on which units are shown (valid time), past or future; today if omitted',
      }),
      knownAt: t.arg({
        type: 'DateTime',
        description: 'Instant at which the knowledge is taken, not in the future; now if omitted. Excludes `revision`',
      }),
      revision: t.arg({
        type: 'Revision',
        description: 'Revision at which the knowledge is taken; the newest if omitted. Excludes `knownAt`',
      }),
    },
    resolve: (_root, args, context) => findRegister(context, args),
  }),
}));
