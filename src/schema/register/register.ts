import type { Context } from '../../context.ts';
import { clientError } from '../../errors/client-error.ts';
import { readRoots } from '../../store/read/units.ts';
import { builder } from '../kit/builder.ts';
import { LookupOutcome } from '../kit/enums.ts';
import { lookupLimit, pageLimit } from '../kit/limits.ts';
import { loadMappingRoots, loadTreatmentSites } from '../kit/load.ts';
import { findUnitByIdentifier, findOrganization, lookUpUnit, type UnitLookupResult } from '../kit/lookup.ts';
import { formatRegisterId, parseRegisterId } from '../kit/node-id.ts';
import { afterDescription, firstDescription, heavyPageCost } from '../kit/page.ts';
import { MappingNode, TreatmentSite, Unit } from '../kit/refs.ts';
import { UnitFilter, UnitOrder } from '../kit/unit-filter-input.ts';
import { atSnapshot } from '../kit/view.ts';
import { addRegisterFields, RegisterView } from './register-fields.ts';
import { findRegister, type RegisterAtSnapshot } from './register-view.ts';
import { searchUnits, UnitSearchConnection } from './search.ts';

const UnitLookup = builder.objectRef<UnitLookupResult>('UnitLookup').implement({
  description: 'Result of the lookup of a RESH-id',
  fields: (t) => ({
    reshId: t.expose('reshId', { type: 'ReshId', description: 'RESH-id as requested' }),
    outcome: t.expose('outcome', { type: LookupOutcome, description: 'Outcome of the lookup' }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'Unit, as on its last day if CLOSED and on its first if NOT_YET_VALID; null if no state can be shown',
      resolve: ({ unit }) => unit,
    }),
  }),
});

export const Register = builder.objectRef<RegisterAtSnapshot>('Register');

builder.node(Register, {
  description: 'Register on a day, with the knowledge of a revision',
  interfaces: [RegisterView],
  id: {
    description: 'Global id of the register; it includes day and revision if the request specified them',
    resolve: ({ view }) => formatRegisterId(view),
  },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'recordedAt' in value && 'view' in value,
  loadManyWithoutCache: (ids, context) => Promise.all(ids.map((id) => loadRegisterByNodeId(context, id))),
});

async function loadRegisterByNodeId(context: Context, id: string): Promise<RegisterAtSnapshot | null> {
  const { day, revision } = parseRegisterId(id);
  const isKnown = revision === undefined || revision <= (await context.newestRevision()).revision;
  return isKnown ? findRegister(context, { validAt: day, revision }) : null;
}

addRegisterFields((t, findShown) => ({
  validAt: t.field({
    type: 'Date',
    description: 'Day on which all units are shown (valid time)',
    resolve: async (parent, _args, context) => (await findShown(parent, context)).view.day,
  }),
  revision: t.field({
    type: 'Revision',
    description: 'Revision at which the knowledge is taken; with `validAt` it reproduces the response at any time',
    resolve: async (parent, _args, context) => (await findShown(parent, context)).view.revision,
  }),
  knownAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'Instant at which that revision was recorded; null at revision 0, the empty register',
    resolve: async (parent, _args, context) => (await findShown(parent, context)).recordedAt,
  }),
  unit: t.field({
    type: Unit,
    nullable: true,
    description: 'Unit with a RESH-id; null if unknown or not valid on the day',
    args: {
      reshId: t.arg({ type: 'ReshId', required: true, description: 'RESH-id of the unit' }),
      includeClosed: t.arg.boolean({
        defaultValue: false,
        description: 'Whether to show a closed unit, as on its last day',
      }),
    },
    resolve: async (parent, { reshId, includeClosed }, context) => {
      const { view } = await findShown(parent, context);
      const { outcome, unit } = await (includeClosed
        ? lookUpUnit(context, reshId, view)
        : context.loaders.unitByReshId
            .load({ reshId, revision: view.revision, day: view.day })
            .then((row) => ({ outcome: 'FOUND' as const, unit: row ? atSnapshot(row, view) : null })));
      return outcome === 'FOUND' || outcome === 'CLOSED' ? unit : null;
    },
  }),
  units: t.field({
    type: [UnitLookup],
    description: 'Results of the lookup of several RESH-ids: one for each, in the order requested',
    args: {
      reshIds: t.arg({ type: ['ReshId'], required: true, description: 'RESH-ids of the units, at most 1000' }),
    },
    complexity: ({ reshIds }) => ({ field: 1, multiplier: reshIds.length }),
    resolve: async (parent, { reshIds }, context) => {
      if (reshIds.length > lookupLimit)
        throw clientError(
          'LIMIT_EXCEEDED',
          `\`reshIds\` has ${reshIds.length} ids, but at most ${lookupLimit} are allowed. ` +
            `Ask for ${lookupLimit} at a time.`,
        );
      const { view } = await findShown(parent, context);
      return Promise.all(reshIds.map((reshId) => lookUpUnit(context, reshId, view)));
    },
  }),
  unitByIdentifier: t.field({
    type: Unit,
    nullable: true,
    description:
      'Unit that has an identifier on the day; RESH-ids and organization numbers are identifiers too. The ' +
      'lowest RESH-id if several units have it',
    args: {
      system: t.arg.string({
        required: true,
        description: 'System of the identifier: a URI such as `urn:oid:...`, or any other text',
      }),
      value: t.arg.string({ required: true, description: 'Value of the identifier' }),
    },
    resolve: async (parent, { system, value }, context) =>
      findUnitByIdentifier(context, system, value, (await findShown(parent, context)).view),
  }),
  organization: t.field({
    type: Unit,
    nullable: true,
    description: 'Unit that has an organization number on the day',
    args: {
      organizationNumber: t.arg({
        type: 'OrganizationNumber',
        required: true,
        description: 'Organization number; a wrong check digit finds no unit',
      }),
    },
    resolve: async (parent, { organizationNumber }, context) =>
      findOrganization(context, organizationNumber, (await findShown(parent, context)).view),
  }),
  roots: t.field({
    type: [Unit],
    description: 'Units without a parent, by name in Norwegian order',
    complexity: { field: 1, multiplier: 5 },
    resolve: async (parent, _args, context) => {
      const { view } = await findShown(parent, context);
      return (await readRoots(context.database.prisma, view)).map((row) => atSnapshot(row, view));
    },
  }),
  search: t.field({
    type: UnitSearchConnection,
    description:
      'Units valid on the day that match a text, best match first: in a name, short name, name in another language, ' +
      'former name or the name of their treatment site; or as RESH-id, organization number, number of a treatment ' +
      'site or identifier, former ones included. Only if nothing has the words as they are, similar words match',
    args: {
      text: t.arg.string({
        description:
          'Words that a name must have, whole or as parts of words, or a number or identifier; all units if omitted. ' +
          'Letter case and accents are ignored, `aa` is `å`, `oe` is `ø` and `ae` is `æ`',
      }),
      filter: t.arg({ type: UnitFilter, description: 'Conditions that the units must meet' }),
      withinReshId: t.arg({
        type: 'ReshId',
        description: 'RESH-id of a unit: includes only the unit and the units under it',
      }),
      includeClosed: t.arg.boolean({
        defaultValue: false,
        description: 'Whether to find closed units too: after all others, each as on its last day',
      }),
      orderBy: t.arg({ type: UnitOrder, description: 'Order of the units; best match first if omitted' }),
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: heavyPageCost(pageLimit),
    resolve: async (parent, args, context) => searchUnits(context, args, (await findShown(parent, context)).view),
  }),
  treatmentSite: t.field({
    type: TreatmentSite,
    nullable: true,
    description: 'Treatment site (behandlingssted) with an organization number; null if unknown',
    args: {
      organizationNumber: t.arg({
        type: 'OrganizationNumber',
        required: true,
        description: 'Organization number of the site',
      }),
    },
    resolve: async (parent, { organizationNumber }, context) => {
      const { view } = await findShown(parent, context);
      return (await loadTreatmentSites(context, [organizationNumber], view))[0] ?? null;
    },
  }),
  mappingRoots: t.field({
    type: [MappingNode],
    description:
      "Nodes at the top of another system's tree on the day, by name in Norwegian order, then node id; empty if " +
      'there is no such system',
    args: { systemId: t.arg.string({ required: true, description: 'System that owns the tree' }) },
    complexity: { field: 1, multiplier: 10 },
    resolve: async (parent, { systemId }, context) =>
      loadMappingRoots(context, systemId, (await findShown(parent, context)).view),
  }),
}));
