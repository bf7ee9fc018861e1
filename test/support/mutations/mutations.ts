import type { GraphQLFormattedError } from 'graphql';
import type { ChangeInputs, MutationName } from '../../../src/domain/plan/change-input.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import type { TestClient } from '../http/client.ts';
import { fieldChangeSelection, withFieldTexts, type FieldTexts } from '../http/field-texts.ts';

/** Payload of a mutation; fields that its type does not have are absent. */
export interface ChangePayload {
  readonly change: { readonly revision: number; readonly effectiveOn: Day | null; readonly operation: string } | null;
  readonly impact: {
    readonly unitCount: number;
    readonly pathCount: number;
    readonly notes: readonly string[];
    readonly units: readonly {
      readonly reshId: number;
      readonly kinds: readonly string[];
      readonly effectiveOn: Day;
      readonly fields: readonly FieldTexts[];
    }[];
    readonly grantsGained: readonly ImpactGrant[];
    readonly grantsLost: readonly ImpactGrant[];
  } | null;
  /** The units of the impact as the change leaves them, or as the dry run would */
  readonly impactUnits: readonly ImpactUnit[];
  readonly userErrors: readonly PayloadUserError[];
  readonly warnings: readonly PayloadUserError[];
  readonly unit?: {
    readonly reshId: number;
    readonly name: string;
    readonly seenOn: Day;
    readonly parent: { readonly reshId: number } | null;
  } | null;
  readonly units?: readonly { readonly reshId: number; readonly name: string; readonly seenOn: Day }[] | null;
  readonly treatmentSite?: { readonly organizationNumber: string } | null;
  readonly administrator?: { readonly subject: string; readonly name: string } | null;
  readonly mappingNode?: {
    readonly nodeId: string;
    readonly name: string;
    readonly parent: { readonly nodeId: string } | null;
    readonly unit: { readonly reshId: number } | null;
  } | null;
}

interface ImpactUnit {
  readonly reshId: number;
  readonly key: string | null;
  readonly unit: {
    readonly reshId: number;
    readonly type: string;
    readonly name: string;
    readonly path: readonly number[];
    readonly parentReshId: number | null;
    readonly parent: { readonly reshId: number; readonly name: string; readonly path: readonly number[] } | null;
    readonly designation: { readonly code: string } | null;
    readonly treatmentSite: { readonly organizationNumber: string } | null;
    readonly validity: { readonly from: Day | null; readonly to: Day | null };
    readonly seenOn: Day;
  } | null;
}

interface ImpactGrant {
  readonly role: string;
  readonly administrator: { readonly subject: string };
  readonly unit: { readonly reshId: number } | null;
}

interface PayloadUserError {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
}

/** Response to one mutation: its payload, null if it was denied, and the errors of the request. */
export interface ChangeResponse {
  readonly status: number;
  readonly payload: ChangePayload | null;
  readonly errors: readonly GraphQLFormattedError[];
}

/** Mutations by name. */
export type Mutations = {
  readonly [Name in MutationName]: (input: ChangeInputs[Name]) => Promise<ChangeResponse>;
};

type PayloadField = 'unit' | 'units' | 'treatmentSite' | 'mappingNode' | 'administrator';
const payloadFields: Readonly<Record<MutationName, readonly PayloadField[]>> = {
  registerOrganization: ['unit', 'administrator'],
  registerContractSpecialist: ['unit'],
  registerTreatmentSite: ['treatmentSite'],
  updateTreatmentSite: ['treatmentSite'],
  closeTreatmentSite: ['treatmentSite'],
  reopenTreatmentSite: ['treatmentSite'],
  createDepartment: ['unit'],
  updateUnit: ['unit'],
  moveUnit: ['unit'],
  closeUnit: ['unit'],
  reopenUnit: ['unit'],
  mergeUnits: ['units'],
  splitUnit: ['units'],
  withdrawUnit: ['unit'],
  reorganize: ['units'],
  updateUnitCodes: ['unit'],
  connectTreatmentSite: ['unit'],
  disconnectTreatmentSite: ['unit'],
  setIdentifier: ['unit'],
  removeIdentifier: ['unit'],
  setMappingNode: ['mappingNode'],
  removeMappingNode: ['mappingNode'],
  grantAccess: ['administrator'],
  revokeAccess: ['administrator'],
  undoChange: [],
};

export const mutationNames = Object.keys(payloadFields) as readonly MutationName[];

const fieldSelections = {
  unit: 'unit { reshId name seenOn parent { reshId } }',
  units: 'units { reshId name seenOn }',
  treatmentSite: 'treatmentSite { organizationNumber }',
  mappingNode: 'mappingNode { nodeId name parent { nodeId } unit { reshId } }',
  administrator: 'administrator { subject name }',
};

/** Returns the mutations as a client sends them. */
export function createMutations(client: Pick<TestClient, 'send'>): Mutations {
  return Object.fromEntries(
    mutationNames.map((name) => [
      name,
      async (input: object): Promise<ChangeResponse> => {
        const { status, data, errors } = await client.send({
          query:
            `mutation Make($input: ${capitalize(name)}Input!) { ${name}(input: ` +
            `$input) { ${buildPayloadSelection(name)} } }`,
          variables: { input },
        });
        const payloads = data as Record<string, SentPayload | null> | null | undefined;
        const payload = payloads?.[name] ?? null;
        return { status, payload: payload && toChangePayload(payload), errors: errors ?? [] };
      },
    ]),
  ) as unknown as Mutations;
}

/** A payload as the API sends it. */
type SentPayload = Omit<ChangePayload, 'impact' | 'impactUnits'> & {
  readonly impact: (Omit<NonNullable<ChangePayload['impact']>, 'units' | 'notes'> & SentImpact) | null;
};

interface SentImpact {
  readonly notes: readonly { readonly message: string }[];
  readonly units: {
    readonly nodes: readonly (ImpactUnit & {
      readonly kinds: string[];
      readonly effectiveOn: Day;
      readonly fields: [];
    })[];
  };
}

/** Lists the units of the impact, with their fields as texts, and apart from that the units themselves. */
function toChangePayload({ impact, ...payload }: SentPayload): ChangePayload {
  const nodes = impact?.units.nodes ?? [];
  const units = nodes.map(({ reshId, kinds, effectiveOn, fields }) => ({
    reshId,
    kinds,
    effectiveOn,
    fields: withFieldTexts(fields),
  }));
  return {
    ...payload,
    impact: impact && { ...impact, units, notes: impact.notes.map(({ message }) => message) },
    impactUnits: nodes.map(({ reshId, key, unit }) => ({ reshId, key, unit })),
  };
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const unitSelection = `unit {
  reshId type name path parentReshId
  parent { reshId name path }
  designation { code }
  treatmentSite { organizationNumber }
  validity { from to }
  seenOn
}`;

/** Returns the selection set of the payload of a mutation. */
export function buildPayloadSelection(name: MutationName): string {
  return `
  change { revision effectiveOn operation }
  impact {
    unitCount pathCount notes { message }
    units(first: 1000) { nodes { reshId key kinds effectiveOn fields { ${fieldChangeSelection} } ${unitSelection} } }
    grantsGained { role administrator { subject } unit { reshId } }
    grantsLost { role administrator { subject } unit { reshId } }
  }
  userErrors { code message field }
  warnings { code message field }
  ${payloadFields[name].map((field) => fieldSelections[field]).join('\n  ')}`;
}
