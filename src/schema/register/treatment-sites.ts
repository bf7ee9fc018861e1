import { countSites, readSiteNumbers, type SiteFilter } from '../../store/read/treatment-site-pages.ts';
import { builder } from '../kit/builder.ts';
import { connectionKey } from '../kit/cursor.ts';
import { pageLimit } from '../kit/limits.ts';
import { loadTreatmentSites } from '../kit/load.ts';
import { afterDescription, firstDescription, heavyPageCost, readPage } from '../kit/page.ts';
import { sitePositionSchema } from '../kit/positions.ts';
import { TreatmentSiteConnection } from '../kit/refs.ts';
import { addRegisterFields } from './register-fields.ts';

const TreatmentSiteFilter = builder.inputType('TreatmentSiteFilter', {
  description: 'Conditions that treatment sites must meet. An omitted field sets no condition',
  fields: (t) => ({
    name: t.string({ description: 'Part of the name; letter case and accents are ignored' }),
    municipality: t.string({ description: 'Municipality of the site; letter case and accents are ignored' }),
    legalEntityWithinReshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of a unit: includes only sites whose legal entity is the unit or under it',
    }),
    isInUse: t.boolean({ description: 'Whether units must be connected to the site, or no unit may be' }),
  }),
});

addRegisterFields((t, findRegister) => ({
  treatmentSites: t.field({
    type: TreatmentSiteConnection,
    description: 'Treatment sites (behandlingssteder) valid on the day, by organization number',
    args: {
      filter: t.arg({ type: TreatmentSiteFilter, description: 'Conditions that the sites must meet' }),
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: heavyPageCost(pageLimit),
    resolve: async (parent, args, context) => {
      const { prisma } = context.database;
      const filter = toSiteFilter(args.filter ?? {});
      return readPage(
        context,
        args,
        {
          key: connectionKey('sitesOfRegister', filter),
          view: (await findRegister(parent, context)).view,
          limit: pageLimit,
          positionSchema: sitePositionSchema,
          toPosition: (number: string): [string] => [number],
          read: ({ revision, day }, size, after) =>
            readSiteNumbers(prisma, { revision, day }, filter, size, after?.[0]),
          count: ({ revision, day }) => countSites(prisma, { revision, day }, filter),
        },
        async (number, view) => {
          const [node] = await loadTreatmentSites(context, [number], view);
          if (!node) throw new Error(`Treatment site ${number} is on the page but has no version.`);
          return { node };
        },
      );
    },
  }),
}));

type SiteFilterInput = { readonly [Field in keyof SiteFilter]?: SiteFilter[Field] | null };

/** Returns a filter without conditions that are null; these are the same as omitted ones. */
function toSiteFilter({ name, municipality, legalEntityWithinReshId, isInUse }: SiteFilterInput): SiteFilter {
  return {
    name: name ?? undefined,
    municipality: municipality ?? undefined,
    legalEntityWithinReshId: legalEntityWithinReshId ?? undefined,
    isInUse: isInUse ?? undefined,
  };
}
