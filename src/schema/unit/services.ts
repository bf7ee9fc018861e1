import { SERVICE_CODE_SETS } from '../../domain/unit/code-sets.ts';
import { builder } from '../kit/builder.ts';
import { connectionKey } from '../kit/cursor.ts';
import { pageLimit } from '../kit/limits.ts';
import { loadTreatmentSites, loadUnitCodes } from '../kit/load.ts';
import { afterDescription, firstDescription, pageCost, readPage } from '../kit/page.ts';
import { sitePositionSchema } from '../kit/positions.ts';
import { CodeCount, TreatmentSite, TreatmentSiteConnection, Unit, UnitCode } from '../kit/refs.ts';
import { subtreeKey, relatedView } from '../kit/view.ts';

builder.objectFields(Unit, (t) => ({
  treatmentSite: t.field({
    type: TreatmentSite,
    nullable: true,
    description: 'Treatment site (behandlingssted) of the unit itself',
    resolve: async (unit, _args, context) =>
      unit.row.treatmentSiteNumber === null
        ? null
        : ((await loadTreatmentSites(context, [unit.row.treatmentSiteNumber], relatedView(unit)))[0] ?? null),
  }),
  treatmentSites: t.field({
    type: TreatmentSiteConnection,
    description: 'Treatment sites of the unit and the units under it, by organization number',
    args: {
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: pageCost(pageLimit),
    resolve: (unit, args, context) => {
      const { reshId } = unit.row;
      const loadSubtreeKey = async (revision: number, day: string) => {
        const row = await context.loaders.unitByReshId.load({ reshId, revision, day });
        return row && { pathText: row.pathText, depth: row.path.length - 1, revision, day };
      };
      return readPage(
        context,
        args,
        {
          key: connectionKey('treatmentSites', reshId),
          view: relatedView(unit),
          limit: pageLimit,
          positionSchema: sitePositionSchema,
          toPosition: (number: string): [string] => [number],
          read: async ({ revision, day }, size, after) => {
            const subtree = after ? await loadSubtreeKey(revision, day) : subtreeKey(unit);
            return subtree
              ? context.loaders.treatmentSiteNumbersByPath.load({ ...subtree, first: size, after: after?.[0] })
              : [];
          },
          count: async ({ revision, day }) => {
            const subtree = await loadSubtreeKey(revision, day);
            return subtree ? context.loaders.treatmentSiteCountByPath.load(subtree) : 0;
          },
        },
        async (number, view) => {
          const [node] = await loadTreatmentSites(context, [number], view);
          if (!node) throw new Error(`Treatment site ${number} is in use but has no version.`);
          return { node };
        },
      );
    },
  }),
  specialties: t.field({
    type: [UnitCode],
    description: 'Service codes of the unit, of the code sets 8451 and 8651 to 8655 (fagområde, helsehjelpsområde)',
    resolve: async (unit, _args, context) =>
      (await loadUnitCodes(unit, context)).filter(({ row }) => SERVICE_CODE_SETS.includes(row.codeSet)),
  }),
  codes: t.field({
    type: [UnitCode],
    description: 'Codes of the unit on the day, by set and code',
    args: { codeSets: t.arg.intList({ description: 'Numbers of the code sets to include; all if omitted' }) },
    resolve: async (unit, { codeSets }, context) =>
      (await loadUnitCodes(unit, context)).filter(({ row }) => !codeSets || codeSets.includes(row.codeSet)),
  }),
  specialtyCounts: t.field({
    type: [CodeCount],
    description:
      'Service codes of the unit and the units under it, each with the number of units that have exactly that ' +
      'code, most frequent first',
    complexity: { field: 1, multiplier: 30 },
    resolve: async (unit, _args, { loaders }) =>
      (await loaders.codeCountsByPath.load({ ...subtreeKey(unit), codeSets: SERVICE_CODE_SETS })).map((row) => ({
        row,
        view: relatedView(unit),
      })),
  }),
}));
