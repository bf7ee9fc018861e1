import { builder } from '../kit/builder.ts';
import { findRegister } from './register-view.ts';
import { Register } from './register.ts';

builder.queryFields((t) => ({
  register: t.field({
    type: Register,
    description: 'The register at another date, or as it was known at another time',
    args: {
      validAt: t.arg({
        type: 'Date',
        description: 'Day on which units are seen, past or planned; today when left out',
      }),
      knownAt: t.arg({
        type: 'DateTime',
        description:
          'Instant whose knowledge is used, not ahead; what is known now when left out; not together with revision',
      }),
      revision: t.arg({
        type: 'Revision',
        description: 'Revision whose knowledge is used; the newest when left out; not together with knownAt',
      }),
    },
    resolve: (_root, args, context) => findRegister(context, args),
  }),
}));
