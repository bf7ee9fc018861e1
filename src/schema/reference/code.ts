import type { Context } from '../../context.ts';
import { covers } from '../../domain/time/period.ts';
import { parseCodeReference } from '../../domain/unit/code-sets.ts';
import type { CodeKey } from '../../domain/unit/filter.ts';
import type { CodeCountRow, CodeRow, CodeSetRow, UnitCodeRow } from '../../store/read/codes.ts';
import { builder } from '../kit/builder.ts';
import { Validity } from '../kit/validity.ts';
import type { View } from '../kit/view.ts';

/** A code as seen from a view. */
export interface CodeAtSnapshot {
  readonly row: CodeRow;
  readonly view: View;
}

export const CodeSet = builder.objectRef<CodeSetRow & { readonly view: View }>('CodeSet');
export const Code = builder.objectRef<CodeAtSnapshot>('Code');

CodeSet.implement({
  description: 'National code set (Volven)',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Number of the code set in the national catalogue' }),
    oid: t.exposeString('oid', { description: 'Object identifier of the code set' }),
    name: t.exposeString('name', { description: 'Name of the code set' }),
    codes: t.field({
      type: [Code],
      description: 'Codes of the set, by code; retired ones too, unless a day is given',
      args: { activeOn: t.arg({ type: 'Date', description: 'Leaves out codes that may not be given on this day' }) },
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

function isActiveOn({ retired, codeValidFrom, codeValidTo }: CodeRow, day: string): boolean {
  return !retired && covers({ from: codeValidFrom ?? '0001-01-01', to: codeValidTo }, day);
}

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

/** Loads codes as on a view's day, leaving out those the register does not know. */
export async function loadCodes(
  { loaders, countObjects }: Context,
  keys: readonly CodeKey[],
  view: View,
): Promise<CodeAtSnapshot[]> {
  countObjects(keys.length);
  const rows = await Promise.all(
    keys.map(({ codeSet, code }) => loaders.codeByKey.load({ codeSet, code, revision: view.revision, day: view.day })),
  );
  return rows.flatMap((row) => (row ? [{ row, view }] : []));
}

export const UnitCode = builder.objectRef<{ readonly row: UnitCodeRow; readonly view: View }>('UnitCode').implement({
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

export const CodeCount = builder.objectRef<{ readonly row: CodeCountRow; readonly view: View }>('CodeCount').implement({
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
