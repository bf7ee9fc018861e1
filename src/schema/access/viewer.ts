import type { Viewer as TokenHolder } from '../../auth/viewer.ts';
import { builder } from '../kit/builder.ts';
import { Grant } from '../kit/refs.ts';

const Viewer = builder.objectRef<TokenHolder>('Viewer').implement({
  description: 'Holder of the token in the request',
  fields: (t) => ({
    subject: t.exposeString('subject', { description: 'Subject of the person in tokens (`sub`)' }),
    name: t.string({
      description: 'Name of the viewer: from the register, else from the token, else the subject',
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
      description: 'Grants of the viewer today, by role and RESH-id',
      resolve: async ({ subject }, _args, { loaders, currentSnapshot }) =>
        loaders.grantsBySubject.load({ subject, ...(await currentSnapshot()) }),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: true,
    description: 'Holder of the token in the request; null without a token',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
