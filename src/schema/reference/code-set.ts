import { readCodeSets } from '../../store/read/codes.ts';
import { builder } from '../kit/builder.ts';
import { isActiveOn } from '../kit/code-activity.ts';
import { Code, CodeSet } from '../kit/refs.ts';
import { liveView } from '../kit/view.ts';

CodeSet.implement({
  description: 'National code set (Volven)',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Number of the code set in the national catalogue (Volven)' }),
    oid: t.exposeString('oid', { description: 'Object identifier of the code set' }),
    name: t.exposeString('name', { description: 'Name of the code set' }),
    codes: t.field({
      type: [Code],
      description: 'Codes of the set, by code; retired codes are included unless `activeOn` is given',
      args: {
        activeOn: t.arg({ type: 'Date', description: 'Day on which the codes must be active; all codes if omitted' }),
      },
      complexity: { field: 1, multiplier: 100 },
      resolve: async ({ number, view }, { activeOn }, { loaders }) => {
        const day = activeOn ?? view.day;
        const rows = await loaders.codesBySet.load({ codeSet: number, parentCode: null, revision: view.revision, day });
        return rows
          .filter((row) => !activeOn || isActiveOn(row, activeOn))
          .map((row) => ({ row, view: { ...view, day } }));
      },
    }),
  }),
});

builder.queryFields((t) => ({
  codeSets: t.field({
    type: [CodeSet],
    description: 'National code sets that the register uses, by number',
    complexity: { field: 1, multiplier: 12 },
    resolve: async (_root, _args, context) => {
      const view = await liveView(context);
      return (await readCodeSets(context.database.prisma, view.revision)).map((set) => ({ ...set, view }));
    },
  }),
  codeSet: t.field({
    type: CodeSet,
    nullable: true,
    description: 'National code set with a number; null if the register does not use it',
    args: { number: t.arg.int({ required: true, description: 'Number of the code set, such as 8451' }) },
    resolve: async (_root, { number }, context) => {
      const view = await liveView(context);
      const [set] = await readCodeSets(context.database.prisma, view.revision, number);
      return set ? { ...set, view } : null;
    },
  }),
}));
