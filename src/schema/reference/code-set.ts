import { isActiveOn } from '../kit/code-activity.ts';
import { Code, CodeSet } from '../kit/refs.ts';

CodeSet.implement({
  description: 'National code set (Volven)',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Number of the code set in the national catalogue (Volven)' }),
    oid: t.exposeString('oid', { description: 'Object identifier of the code set' }),
    name: t.exposeString('name', { description: 'Name of the code set' }),
    codes: t.field({
      type: [Code],
      description: 'Codes of the set, by code; retired codes are included unless `validAt` is given',
      args: {
        validAt: t.arg({ type: 'Date', description: 'Day on which the codes must be active; all codes if omitted' }),
      },
      complexity: { field: 1, multiplier: 100 },
      resolve: async ({ number, view }, { validAt }, { loaders }) => {
        const day = validAt ?? view.day;
        const rows = await loaders.codesBySet.load({ codeSet: number, parentCode: null, revision: view.revision, day });
        return rows
          .filter((row) => !validAt || isActiveOn(row, validAt))
          .map((row) => ({ row, view: { ...view, day } }));
      },
    }),
  }),
});
