import { parseCodeReference } from '../../domain/unit/code-sets.ts';
import { isActiveOn } from '../kit/code-activity.ts';
import { loadCodes } from '../kit/load.ts';
import { Code, CodeSet, UnitCode, CodeCount } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';

Code.implement({
  description: 'Code of a national code set',
  fields: (t) => ({
    codeSet: t.field({
      type: CodeSet,
      description: 'Code set of the code',
      resolve: ({ row, view }) => ({ number: row.codeSet, oid: row.setOid, name: row.setName, view }),
    }),
    code: t.string({ description: 'Code within its set', resolve: ({ row }) => row.code }),
    name: t.string({ description: 'Name of the code', resolve: ({ row }) => row.name }),
    parent: t.field({
      type: Code,
      nullable: true,
      description: 'Parent code in the same set',
      resolve: async ({ row, view }, _args, context) =>
        row.parentCode === null
          ? null
          : (await loadCodes(context, [{ codeSet: row.codeSet, code: row.parentCode }], view))[0],
    }),
    children: t.field({
      type: [Code],
      description: 'Child codes in the same set',
      complexity: { field: 1, multiplier: 10 },
      resolve: async ({ row, view }, _args, { loaders }) => {
        const { codeSet, code: parentCode } = row;
        const rows = await loaders.codesBySet.load({ codeSet, parentCode, revision: view.revision, day: view.day });
        return rows.map((child) => ({ row: child, view }));
      },
    }),
    isActive: t.boolean({
      description:
        'Indicates whether units may be given the code on the day; a retired code stays on the units that have it',
      resolve: ({ row, view }) => isActiveOn(row, view.day),
    }),
    validity: t.field({
      type: Validity,
      nullable: true,
      description: 'Period in which the code may be used; null if unknown: the code then counts as usable on all days',
      resolve: ({ row }) =>
        row.codeValidFrom === null && row.codeValidTo === null
          ? null
          : { from: row.codeValidFrom, to: row.codeValidTo },
    }),
    replacedBy: t.field({
      type: [Code],
      description: 'Codes that replace the code',
      resolve: ({ row, view }, _args, context) => loadCodes(context, row.replacedBy.map(parseCodeReference), view),
    }),
  }),
});

UnitCode.implement({
  description: 'Code of a unit: a specialty or another service that the unit offers',
  fields: (t) => ({
    code: t.field({ type: Code, description: 'Code', resolve: ({ row, view }) => ({ row, view }) }),
    validity: t.field({
      type: Validity,
      description: 'Period in which the unit has the code',
      resolve: ({ row }) => ({ from: row.validFrom, to: row.validTo }),
    }),
    attributes: t.field({
      type: [Code],
      description: 'Codes that qualify the code',
      resolve: ({ row, view }, _args, context) => loadCodes(context, row.attributes.map(parseCodeReference), view),
    }),
  }),
});

CodeCount.implement({
  description: 'Number of units that have a code',
  fields: (t) => ({
    code: t.field({
      type: Code,
      description: 'Code',
      resolve: async ({ row, view }, _args, context) => {
        const [code] = await loadCodes(context, [row], view);
        if (!code) throw new Error(`Code ${row.codeSet}:${row.code} is in use but has no version.`);
        return code;
      },
    }),
    count: t.int({ description: 'Number of units that have exactly this code', resolve: ({ row }) => row.count }),
  }),
});
