import type { Context } from '../../context.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { toClientError } from '../../errors/client-error.ts';
import type { ChangeResult, PayloadUnit } from '../../operations/engine/change-result.ts';
import { builder, type SchemaBuilderTypes } from '../kit/builder.ts';
import { loadUnits, loadMappingNode, loadTreatmentSites, loadGrantHolder } from '../kit/load.ts';
import { Administrator, Change, Impact, MappingNode, TreatmentSite, Unit } from '../kit/refs.ts';
import { liveView, viewAsKnownNow, viewOfChange, type View } from '../kit/view.ts';
import { UserError, UserWarning } from '../kit/messages.ts';

type PayloadFields = PothosSchemaTypes.ObjectFieldBuilder<SchemaBuilderTypes, ChangeResult>;
type InterfaceFields = PothosSchemaTypes.InterfaceFieldBuilder<SchemaBuilderTypes, ChangeResult>;

const ChangePayload = builder.interfaceRef<ChangeResult>('ChangePayload').implement({
  description: 'Result of a mutation: what all mutations return',
  fields: commonFields,
});

/** The fields of one payload, in addition to those that all payloads have. */
type PayloadField = 'unit' | 'units' | 'treatmentSite' | 'mappingNode' | 'administrator';

/** Declares the payload of a mutation: what every payload has, and what this one shows. */
export function declarePayload(name: string, mutation: string, fields: readonly PayloadField[]) {
  const payload = builder.objectRef<ChangeResult>(name);
  builder.objectType(payload, { description: `Result of the mutation ${mutation}`, interfaces: [ChangePayload] });
  if (fields.includes('unit')) builder.objectFields(payload, unitField);
  if (fields.includes('units')) builder.objectFields(payload, unitsField);
  if (fields.includes('treatmentSite')) builder.objectFields(payload, treatmentSiteField);
  if (fields.includes('mappingNode')) builder.objectFields(payload, mappingNodeField);
  if (fields.includes('administrator')) builder.objectFields(payload, administratorField);
  return payload;
}

function commonFields(t: InterfaceFields) {
  return {
    change: t.field({
      type: Change,
      nullable: true,
      description: 'Committed change; null for a dry run or a failed change',
      resolve: ({ revision }, _args, { loaders }) =>
        revision === null ? null : loaders.changeByRevision.load(revision).then((change) => change ?? null),
    }),
    impact: t.field({
      type: Impact,
      nullable: true,
      description: 'Effects of the change or dry run; null if the change failed',
      resolve: ({ impact, revision }) => impact && { ...impact, revision },
    }),
    userErrors: t.field({
      type: [UserError],
      description: 'All validation errors of the input; empty if the change was made, or a dry run succeeded',
      resolve: ({ userErrors }) => [...userErrors],
    }),
    warnings: t.field({
      type: [UserWarning],
      description: 'Warnings: unusual input that is allowed',
      resolve: ({ warnings }) => [...warnings],
    }),
  };
}

/**
 * Shows a record of a payload as known now, so that caches take it for the live one. In a repeated response, and if
 * another change has removed it in the meantime, it is shown as the change left it.
 */
async function show<Shown>(
  context: Context,
  { isRepeated }: ChangeResult,
  at: Snapshot,
  load: (view: View) => Promise<Shown | null>,
): Promise<Shown | null> {
  const found = isRepeated ? null : await load(await viewAsKnownNow(context, at.day));
  return found ?? load(await viewOfChange(context, at));
}

function showUnit(context: Context, result: ChangeResult, { reshId, ...at }: PayloadUnit) {
  return show(context, result, at, async (view) => (await loadUnits(context, [reshId], view))[0] ?? null);
}

/** The unit of a payload. */
function unitField(t: PayloadFields) {
  return {
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'Unit after the change, on the day on which it takes effect; if closed, on its last day; null for a dry ' +
        'run or a failed change',
      resolve: (result, _args, context) => (result.shown?.unit ? showUnit(context, result, result.shown.unit) : null),
    }),
  };
}

/** The units of a payload. */
function unitsField(t: PayloadFields) {
  return {
    units: t.field({
      type: [Unit],
      nullable: true,
      description:
        'Units after the change, each on the day on which it takes effect; if closed, on its last day; null for ' +
        'a dry run or a failed change',
      resolve: async (result, _args, context) => {
        if (!result.shown?.units) return null;
        const units = await Promise.all(result.shown.units.map((unit) => showUnit(context, result, unit)));
        return units.filter((unit) => unit !== null);
      },
    }),
  };
}

/** The treatment site of a payload. */
function treatmentSiteField(t: PayloadFields) {
  return {
    treatmentSite: t.field({
      type: TreatmentSite,
      nullable: true,
      description:
        'Treatment site after the change, on the day on which it takes effect; if closed, on its last day; null for ' +
        'a dry run or a failed change',
      resolve: async (result, _args, context) => {
        const site = result.shown?.treatmentSite;
        if (site === undefined) return null;
        const load = async (number: string, view: View) =>
          (await loadTreatmentSites(context, [number], view))[0] ?? null;
        return typeof site === 'string'
          ? load(site, await liveView(context))
          : show(context, result, site, (view) => load(site.organizationNumber, view));
      },
    }),
  };
}

/** The node of a payload. */
function mappingNodeField(t: PayloadFields) {
  return {
    mappingNode: t.field({
      type: MappingNode,
      nullable: true,
      description:
        'Node after the change, on the day on which it takes effect; if removed, on its last day; null for a ' +
        'dry run or a failed change',
      resolve: (result, _args, context) => {
        if (!result.shown?.mappingNode) return null;
        const { systemId, nodeId } = result.shown.mappingNode;
        return show(context, result, result.shown.mappingNode, (view) =>
          loadMappingNode(context, systemId, nodeId, view),
        );
      },
    }),
  };
}

/** The administrator of a payload. */
function administratorField(t: PayloadFields) {
  return {
    administrator: t.field({
      type: Administrator,
      nullable: true,
      description: 'Holder of the grant, with the unit; null for a dry run or a failed change',
      resolve: ({ shown }, _args, context) =>
        shown?.administrator ? loadGrantHolder(context, shown.administrator) : null,
    }),
  };
}

/**
 * Makes a change for a resolver. The request then reads the newest revision again.
 *
 * @throws GraphQLError with the code of the denial, if the change is denied
 */
export async function resolveMutation(
  context: Context,
  runMutation: () => Promise<ChangeResult>,
): Promise<ChangeResult> {
  try {
    const result = await runMutation();
    context.invalidateNewestRevision();
    return result;
  } catch (error) {
    throw toClientError(error, context.language);
  }
}
