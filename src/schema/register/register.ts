import type { Context } from '../../context.ts';
import { clientError } from '../../errors/client-error.ts';
import { readRoots } from '../../store/read/units.ts';
import { builder, type SchemaBuilderTypes } from '../kit/builder.ts';
import { LookupOutcome } from '../kit/enums.ts';
import { lookupLimit, pageLimit } from '../kit/limits.ts';
import { loadMappingNodes, loadTreatmentSites } from '../kit/load.ts';
import { findUnitByIdentifier, findOrganization, lookUpUnit, type UnitLookupResult } from '../kit/lookup.ts';
import { afterDescription, firstDescription, heavyPageCost } from '../kit/page.ts';
import { MappingNode, TreatmentSite, Unit } from '../kit/refs.ts';
import { UnitFilter } from '../kit/unit-filter-input.ts';
import { atSnapshot } from '../kit/view.ts';
import { currentRegister, type RegisterAtSnapshot } from './register-view.ts';
import { searchUnits, UnitSearchConnection } from './search.ts';

const UnitLookup = builder.objectRef<UnitLookupResult>('UnitLookup').implement({
  description: 'What became of a RESH-id that was asked for',
  fields: (t) => ({
    reshId: t.expose('reshId', { type: 'ReshId', description: 'RESH-id as asked' }),
    outcome: t.expose('outcome', { type: LookupOutcome, description: 'What became of it' }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'The unit: where CLOSED as on its last day, where NOT_YET_VALID as on its first; null where there is none to show',
      resolve: ({ unit }) => unit,
    }),
  }),
});

type FieldBuilder<Parent> = PothosSchemaTypes.ObjectFieldBuilder<SchemaBuilderTypes, Parent>;

export const Register = builder.objectRef<RegisterAtSnapshot>('Register').implement({
  description: 'The register on a day, with the knowledge of a revision',
  fields: (t) => registerFields(t, (register) => register),
});

/** The fields of a register, for Register itself and for Query, where they show the register valid today, as known now. */
function registerFields<Parent>(
  t: FieldBuilder<Parent>,
  resolveRegister: (parent: Parent, context: Context) => RegisterAtSnapshot | Promise<RegisterAtSnapshot>,
) {
  return {
    validAt: t.field({
      type: 'Date',
      description: 'Day on which every unit below is seen',
      resolve: async (parent, _args, context) => (await resolveRegister(parent, context)).view.day,
    }),
    revision: t.field({
      type: 'Revision',
      description: 'Revision with whose knowledge it is seen: quote it with validAt, and the answer can be had again',
      resolve: async (parent, _args, context) => (await resolveRegister(parent, context)).view.revision,
    }),
    knownAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Instant that revision was recorded; null at revision 0, the empty register',
      resolve: async (parent, _args, context) => (await resolveRegister(parent, context)).recordedAt,
    }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description: 'Unit with a RESH-id; null when unknown or not valid on the day',
      args: {
        reshId: t.arg({ type: 'ReshId', required: true, description: 'RESH-id of the unit' }),
        includeClosed: t.arg.boolean({
          defaultValue: false,
          description: 'Whether a unit that has closed is shown, as on its last day',
        }),
      },
      resolve: async (parent, { reshId, includeClosed }, context) => {
        const { view } = await resolveRegister(parent, context);
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
      description: 'What became of each of several RESH-ids, in the order asked, one for each',
      args: {
        reshIds: t.arg({ type: ['ReshId'], required: true, description: 'RESH-ids of the units, at most 1000' }),
      },
      complexity: ({ reshIds }) => ({ field: 1, multiplier: reshIds.length }),
      resolve: async (parent, { reshIds }, context) => {
        if (reshIds.length > lookupLimit)
          throw clientError(
            'LIMIT_EXCEEDED',
            `«reshIds» has ${reshIds.length} ids, and ${lookupLimit} are allowed. Ask in parts of ${lookupLimit}.`,
          );
        const { view } = await resolveRegister(parent, context);
        return Promise.all(reshIds.map((reshId) => lookUpUnit(context, reshId, view)));
      },
    }),
    unitByIdentifier: t.field({
      type: Unit,
      nullable: true,
      description:
        'Unit that has an identifier on the day, RESH-ids and organization numbers included; the least RESH-id where several have it',
      args: {
        system: t.arg.string({
          required: true,
          description: 'System that gave the identifier: urn:oid:... or another URI',
        }),
        value: t.arg.string({ required: true, description: 'The identifier itself' }),
      },
      resolve: async (parent, { system, value }, context) =>
        findUnitByIdentifier(context, system, value, (await resolveRegister(parent, context)).view),
    }),
    organization: t.field({
      type: Unit,
      nullable: true,
      description: 'Unit that has an organization number on the day',
      args: {
        organizationNumber: t.arg({
          type: 'OrganizationNumber',
          required: true,
          description: 'The number; one with a wrong check digit finds nothing',
        }),
      },
      resolve: async (parent, { organizationNumber }, context) =>
        findOrganization(context, organizationNumber, (await resolveRegister(parent, context)).view),
    }),
    roots: t.field({
      type: [Unit],
      description: 'All units with no parent, by name in Norwegian order',
      complexity: { field: 1, multiplier: 5 },
      resolve: async (parent, _args, context) => {
        const { view } = await resolveRegister(parent, context);
        return (await readRoots(context.database.prisma, view)).map((row) => atSnapshot(row, view));
      },
    }),
    search: t.field({
      type: UnitSearchConnection,
      description:
        'Units valid on the day, by names, short names, former names, RESH-id, organization number and identifiers, best match first; spelling mistakes and missing accents are forgiven',
      args: {
        text: t.arg.string({
          description:
            'Words that must all be found, alone or within longer ones, or a number or identifier; everything when left out',
        }),
        filter: t.arg({ type: UnitFilter, description: 'What the units must be' }),
        within: t.arg({ type: 'ReshId', description: 'RESH-id of a unit: only it and what is beneath it' }),
        first: t.arg.int({ description: firstDescription(pageLimit) }),
        after: t.arg.string({ description: afterDescription }),
      },
      complexity: heavyPageCost(pageLimit),
      resolve: async (parent, args, context) =>
        searchUnits(context, args, (await resolveRegister(parent, context)).view),
    }),
    treatmentSite: t.field({
      type: TreatmentSite,
      nullable: true,
      description: 'Treatment site (behandlingssted) with a number; null when unknown',
      args: {
        organizationNumber: t.arg({ type: 'OrganizationNumber', required: true, description: 'Number of the site' }),
      },
      resolve: async (parent, { organizationNumber }, context) => {
        const { view } = await resolveRegister(parent, context);
        return (await loadTreatmentSites(context, [organizationNumber], view))[0] ?? null;
      },
    }),
    mapping: t.field({
      type: [MappingNode],
      description:
        "All nodes of another system's own tree over our units, as it is on the day, by name in Norwegian order, then node id; none where there is no such system",
      args: { systemId: t.arg.string({ required: true, description: 'System whose tree is asked for' }) },
      complexity: { field: 1, multiplier: 50 },
      resolve: async (parent, { systemId }, context) =>
        loadMappingNodes(context, systemId, (await resolveRegister(parent, context)).view),
    }),
  };
}

builder.queryFields((t) =>
  registerFields(t as unknown as FieldBuilder<object>, (_root, context) => currentRegister(context)),
);
