import type { Viewer as TokenHolder } from '../../auth/viewer.ts';
import { builder } from '../kit/builder.ts';
import { Grant } from '../kit/refs.ts';

const Viewer = builder.objectRef<TokenHolder>('Viewer').implement({
  description: 'Who asks, by the token that was sent',
  fields: (t) => ({
    subject: t.exposeString('subject', { description: 'Who it is in tokens' }),
    name: t.string({
      description: 'Name as the register knows it, else as the token says it, else the subject',
      resolve: async ({ subject, name }, _args, context) => {
        const known = await context.loaders.administratorBySubject.load({
          subject,
          ...(await context.currentSnapshot()),
        });
        return known?.name ?? name ?? subject;
      },
    }),
    grants: t.field({
      type: [Grant],
      description: 'What the viewer may do today, by role and RESH-id',
      resolve: async ({ subject }, _args, { loaders, currentSnapshot }) =>
        loaders.grantsBySubject.load({ subject, ...(await currentSnapshot()) }),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: true,
    description: 'Who asks; null when no token was sent',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
