import { readCodeSets } from '../../store/read/codes.ts';
import { builder } from '../kit/builder.ts';
import { currentView } from '../kit/view.ts';
import { CodeSet } from '../reference/code.ts';
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
  codeSets: t.field({
    type: [CodeSet],
    description: 'National code sets that the register uses, by number',
    complexity: { field: 1, multiplier: 12 },
    resolve: async (_root, _args, context) => {
      const view = await currentView(context);
      return (await readCodeSets(context.database.prisma, view.revision)).map((set) => ({ ...set, view }));
    },
  }),
  codeSet: t.field({
    type: CodeSet,
    nullable: true,
    description: 'National code set with a number; null when the register does not use it',
    args: { number: t.arg.int({ required: true, description: 'Number of the code set, such as 8451' }) },
    resolve: async (_root, { number }, context) => {
      const view = await currentView(context);
      const [set] = await readCodeSets(context.database.prisma, view.revision, number);
      return set ? { ...set, view } : null;
    },
  }),
}));
