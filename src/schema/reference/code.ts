import { covers } from '../../domain/time/period.ts';
import { parseCodeReference } from '../../domain/unit/code-sets.ts';
import type { CodeRow } from '../../store/read/codes.ts';
import { loadCodes } from '../kit/load.ts';
import { Code, CodeSet, UnitCode, CodeCount } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';

Code.implement({
  description: 'Code of a national code set',
  fields: (t) => ({
    codeSet: t.field({
      type: CodeSet,
      description: 'Set the code belongs to',
      resolve: ({ row, view }) => ({ number: row.codeSet, oid: row.setOid, name: row.setName, view }),
    }),
    code: t.string({ description: 'The code itself', resolve: ({ row }) => row.code }),
    name: t.string({ description: 'Name of the code', resolve: ({ row }) => row.name }),
    parent: t.field({
      type: Code,
      nullable: true,
      description: 'Code above it in the same set',
      resolve: async ({ row, view }, _args, context) =>
        row.parentCode === null
          ? null
          : (await loadCodes(context, [{ codeSet: row.codeSet, code: row.parentCode }], view))[0],
    }),
    children: t.field({
      type: [Code],
      description: 'Codes directly beneath it in the same set',
      complexity: { field: 1, multiplier: 10 },
      resolve: async ({ row, view }, _args, { loaders }) => {
        const { codeSet, code: parentCode } = row;
        const rows = await loaders.codesBySet.load({ codeSet, parentCode, revision: view.revision, day: view.day });
        return rows.map((child) => ({ row: child, view }));
      },
    }),
    isActive: t.boolean({
      description: 'Indicates whether the code may be given on the day: a retired one stays where it was',
      resolve: ({ row, view }) => isActiveOn(row, view.day),
    }),
    validity: t.field({
      type: Validity,
      nullable: true,
      description: 'Days on which the code may be used; null where none are known: then on all days',
      resolve: ({ row }) =>
        row.codeValidFrom === null && row.codeValidTo === null
          ? null
          : { from: row.codeValidFrom, to: row.codeValidTo },
    }),
    replacedBy: t.field({
      type: [Code],
      description: 'Codes that replace it',
      resolve: ({ row, view }, _args, context) => loadCodes(context, row.replacedBy.map(parseCodeReference), view),
    }),
  }),
});

UnitCode.implement({
  description: 'Code that a unit has: a specialty or another service it offers',
  fields: (t) => ({
    code: t.field({ type: Code, description: 'The code', resolve: ({ row, view }) => ({ row, view }) }),
    validity: t.field({
      type: Validity,
      description: 'Days on which the unit has the code',
      resolve: ({ row }) => ({ from: row.validFrom, to: row.validTo }),
    }),
    attributes: t.field({
      type: [Code],
      description: 'Codes that qualify it',
      resolve: ({ row, view }, _args, context) => loadCodes(context, row.attributes.map(parseCodeReference), view),
    }),
  }),
});

CodeCount.implement({
  description: 'How many units carry exactly one code',
  fields: (t) => ({
    code: t.field({
      type: Code,
      description: 'The code',
      resolve: async ({ row, view }, _args, context) => {
        const [code] = await loadCodes(context, [row], view);
        if (!code) throw new Error(`Code ${row.codeSet}:${row.code} is in use but has no version.`);
        return code;
      },
    }),
    count: t.int({ description: 'Number of units that carry it', resolve: ({ row }) => row.count }),
  }),
});

/** Says whether units may be given a code on a day. */
export function isActiveOn({ retired, codeValidFrom, codeValidTo }: CodeRow, day: string): boolean {
  return !retired && covers({ from: codeValidFrom ?? '0001-01-01', to: codeValidTo }, day);
}
