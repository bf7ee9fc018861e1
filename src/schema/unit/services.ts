import type { Context } from '../../context.ts';
import { SERVICE_CODE_SETS } from '../../domain/unit/code-sets.ts';
import { builder } from '../kit/builder.ts';
import { CodeCount, UnitCode } from '../reference/code.ts';
import { connectionKey } from '../kit/cursor.ts';
import { otherPage } from '../kit/limits.ts';
import { afterDescription, firstDescription, pageCost, readPage } from '../kit/page.ts';
import { sitePlace } from '../kit/positions.ts';
import { loadSites, TreatmentSite, TreatmentSiteConnection } from '../reference/treatment-site.ts';
import { at, subtreeOf, viewFrom, type SeenUnit } from '../kit/view.ts';
import { Unit } from './unit.ts';

const loadUnitCodes = async (unit: SeenUnit, { loaders, spend }: Context) => {
  const codes = await loaders.unitCodesByReshId.load(at(unit));
  spend(codes.length);
  return codes;
};

builder.objectFields(Unit, (t) => ({
  treatmentSite: t.field({
    type: TreatmentSite,
    nullable: true,
    description: "The unit's own treatment site (behandlingssted)",
    resolve: async (unit, _args, context) =>
      unit.row.treatmentSiteNumber === null
        ? null
        : ((await loadSites(context, [unit.row.treatmentSiteNumber], viewFrom(unit)))[0] ?? null),
  }),
  treatmentSites: t.field({
    type: TreatmentSiteConnection,
    description: 'Treatment sites of the unit and everything beneath it, by number',
    args: {
      first: t.arg.int({ description: firstDescription(otherPage) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: pageCost(otherPage),
    resolve: (unit, args, context) => {
      const { reshId } = unit.row;
      const subtreeAt = async (revision: number, day: string) => {
        const row = await context.loaders.unitByReshId.load({ reshId, revision, day });
        return row && { pathText: row.pathText, depth: row.path.length - 1, revision, day };
      };
      return readPage(
        context,
        args,
        {
          key: connectionKey('treatmentSites', reshId),
          view: viewFrom(unit),
          limit: otherPage,
          place: sitePlace,
          placeOf: (number: string): [string] => [number],
          read: async ({ revision, day }, size, place) => {
            const subtree = place ? await subtreeAt(revision, day) : subtreeOf(unit);
            return subtree
              ? context.loaders.treatmentSiteNumbersByPath.load({ ...subtree, first: size, after: place?.[0] })
              : [];
          },
          count: async ({ revision, day }) => {
            const subtree = await subtreeAt(revision, day);
            return subtree ? context.loaders.treatmentSiteCountByPath.load(subtree) : 0;
          },
        },
        async (number, view) => {
          const [node] = await loadSites(context, [number], view);
          if (!node) throw new Error(`Treatment site ${number} is in use but has no version.`);
          return { node };
        },
      );
    },
  }),
  specialties: t.field({
    type: [UnitCode],
    description: 'Codes of the service code sets 8451 and 8651 to 8655 (fagområde, helsehjelpsområde)',
    resolve: async (unit, _args, context) =>
      (await loadUnitCodes(unit, context))
        .filter(({ codeSet }) => SERVICE_CODE_SETS.includes(codeSet))
        .map((row) => ({ row, view: viewFrom(unit) })),
  }),
  codes: t.field({
    type: [UnitCode],
    description: 'Codes the unit has on the day, by set and code',
    args: { codeSets: t.arg.intList({ description: 'Numbers of the code sets; all of them when left out' }) },
    resolve: async (unit, { codeSets }, context) =>
      (await loadUnitCodes(unit, context))
        .filter(({ codeSet }) => !codeSets || codeSets.includes(codeSet))
        .map((row) => ({ row, view: viewFrom(unit) })),
  }),
  specialtyCounts: t.field({
    type: [CodeCount],
    description:
      'Service codes in use at or beneath the unit, with the number of units that carry exactly that code, most first',
    complexity: { field: 1, multiplier: 30 },
    resolve: async (unit, _args, { loaders }) =>
      (await loaders.codeCountsByPath.load({ ...subtreeOf(unit), codeSets: SERVICE_CODE_SETS })).map((row) => ({
        row,
        view: viewFrom(unit),
      })),
  }),
}));
