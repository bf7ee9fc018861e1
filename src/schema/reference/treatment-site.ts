import type { Context } from '../../context.ts';
import { dayBefore, type Day } from '../../domain/time/day.ts';
import type { TreatmentSiteRow } from '../../store/read/treatment-sites.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import { builder } from '../kit/builder.ts';
import { connectionKey } from '../kit/cursor.ts';
import { pageLimit } from '../kit/limits.ts';
import { loadUnits, loadTreatmentSites } from '../kit/load.ts';
import { findNodeView, formatNodeId, parseNodeId } from '../kit/node-id.ts';
import { afterDescription, firstDescription, pageCost, readPage } from '../kit/page.ts';
import { namePositionSchema } from '../kit/positions.ts';
import { UnitConnection, Unit, Address, TreatmentSite, type TreatmentSiteAtSnapshot } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';
import { atSnapshot } from '../kit/view.ts';

builder.node(TreatmentSite, {
  description:
    'Treatment site (behandlingssted), where patients are seen: an establishment with an organization number of ' +
    "its own, which should not be the trust's",
  id: {
    description: 'Global id of the site; it includes day and revision if the request specified them',
    resolve: formatSiteNodeId,
  },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'site' in value,
  loadManyWithoutCache: (ids, context) => Promise.all(ids.map((id) => loadSiteByNodeId(context, id))),
  fields: (t) => ({
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      description: 'Organization number (organisasjonsnummer) of the establishment',
      resolve: ({ site }) => site.organizationNumber,
    }),
    name: t.string({ description: 'Name of the treatment site', resolve: ({ site }) => site.name }),
    validity: t.field({
      type: Validity,
      nullable: true,
      description: 'Period in which the site is valid; null if unknown: the site then counts as valid on all days',
      resolve: ({ site }) => (site.from === null && site.to === null ? null : site),
    }),
    municipality: t.string({
      nullable: true,
      description: 'Municipality of the site',
      resolve: ({ site }) => site.municipality,
    }),
    address: t.field({
      type: Address,
      nullable: true,
      description: 'Address of the site',
      resolve: ({ site }) => {
        const { addressLines: lines, postalCode, city, country } = site;
        const isKnown = lines.length > 0 || postalCode !== null || city !== null || country !== null;
        return isKnown ? { type: 'VISITING' as const, lines, postalCode, city, country, inherited: false } : null;
      },
    }),
    legalEntity: t.field({
      type: Unit,
      nullable: true,
      description: 'Unit that runs the site as a legal entity; null if unknown or not valid on the day',
      resolve: async ({ site, view }, _args, context) =>
        site.legalEntityReshId === null
          ? null
          : ((await loadUnits(context, [site.legalEntityReshId], view))[0] ?? null),
    }),
    units: t.field({
      type: UnitConnection,
      description: 'Units connected to the site, by name in Norwegian order, then RESH-id',
      args: {
        withinReshId: t.arg({
          type: 'ReshId',
          description: 'RESH-id of a unit: includes only the unit and the units under it; all units if omitted',
        }),
        first: t.arg.int({ description: firstDescription(pageLimit) }),
        after: t.arg.string({ description: afterDescription }),
      },
      complexity: pageCost(pageLimit),
      resolve: ({ site: { organizationNumber }, view: siteView }, args, context) => {
        const within = args.withinReshId ?? undefined;
        return readPage(
          context,
          args,
          {
            key: connectionKey('units', organizationNumber, ...(within === undefined ? [] : [within])),
            view: siteView,
            limit: pageLimit,
            positionSchema: namePositionSchema,
            toPosition: ({ nameSortKey, reshId }: UnitRow): [string, number] => [nameSortKey, reshId],
            read: ({ revision, day }, size, after) =>
              context.loaders.unitsByTreatmentSite.load({
                organizationNumber,
                within,
                revision,
                day,
                first: size,
                after: after && { nameSortKey: after[0], reshId: after[1] },
              }),
            count: ({ revision, day }) =>
              context.loaders.unitCountByTreatmentSite.load({ organizationNumber, within, revision, day }),
          },
          (row, view) => ({ node: atSnapshot(row, view) }),
        );
      },
    }),
  }),
});

// The id of a site that is shown outside its own validity includes the day of the state shown, like that of a unit.
function formatSiteNodeId({ site, view }: TreatmentSiteAtSnapshot): string {
  return formatNodeId(site.organizationNumber, view, findShownDay(site, view.day));
}

/** Returns the day itself, the last day of a site that has ended, or the first day of one that is not yet valid. */
function findShownDay({ from, to }: TreatmentSiteRow, day: Day): Day {
  if (to !== null && day >= to) return dayBefore(to);
  return from !== null && day < from ? from : day;
}

// Ids without a day of sites that are not valid today resolve to null.
async function loadSiteByNodeId(context: Context, id: string): Promise<TreatmentSiteAtSnapshot | null> {
  const nodeId = parseNodeId(id);
  const view = await findNodeView(context, nodeId);
  if (!view) return null;
  const seenOn = nodeId.seenOn ?? view.day;
  const [found] = await loadTreatmentSites(context, [nodeId.key], { ...view, day: seenOn });
  if (!found || (!view.namesDay && findShownDay(found.site, seenOn) !== seenOn)) return null;
  return { site: found.site, view };
}
