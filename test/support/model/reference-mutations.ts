import { includeIf, type MutationBuilders } from './mutation-parts.ts';

// Few, so that the nodes meet and become parents of each other.
const nodeIds: readonly string[] = ['1', '2', '3', '4'];

/** Builds each mutation of codes, identifiers, treatment sites, mapping nodes and access. */
export const referenceMutations = {
  updateUnitCodes: ({ common, codes, reshId, draw }) => ({
    name: 'updateUnitCodes',
    input: {
      ...common,
      reshId,
      add: includeIf(draw.other % 4 !== 0, codes),
      end: includeIf(draw.other % 3 === 0, [{ codeSet: 8451, code: draw.otherCode }]),
    },
  }),
  setIdentifier: ({ common, reshId, isWide, text }) => ({
    name: 'setIdentifier',
    input: { ...common, reshId, system: isWide ? 'urn:a' : 'urn:b', value: text ?? 'A' },
  }),
  removeIdentifier: ({ common, reshId, isWide }) => ({
    name: 'removeIdentifier',
    input: { ...common, reshId, system: isWide ? 'urn:a' : 'urn:b' },
  }),
  connectTreatmentSite: ({ common, reshId, number }) => ({
    name: 'connectTreatmentSite',
    input: { ...common, reshId, organizationNumber: number },
  }),
  disconnectTreatmentSite: ({ common, reshId }) => ({ name: 'disconnectTreatmentSite', input: { ...common, reshId } }),
  setMappingNode: ({ common, reshId, isWide, text, draw }) => ({
    name: 'setMappingNode',
    input: {
      ...common,
      systemId: 'urn:tree',
      nodeId: nodeIds[draw.unit % nodeIds.length] ?? '',
      name: text,
      parentNodeId: [...nodeIds, null, undefined][draw.other % (nodeIds.length + 2)],
      reshId: includeIf(isWide, draw.other % 4 === 0 ? null : reshId),
    },
  }),
  removeMappingNode: ({ common, draw }) => ({
    name: 'removeMappingNode',
    input: { ...common, systemId: 'urn:tree', nodeId: nodeIds[draw.unit % nodeIds.length] ?? '' },
  }),
  grantAccess: ({ common, grant, end, text }) => ({
    name: 'grantAccess',
    input: { ...common, ...grant, name: text, validTo: end },
  }),
  revokeAccess: ({ common, grant }) => ({ name: 'revokeAccess', input: { ...common, ...grant } }),
  // Few of the revisions that a test makes, and one that loaded code lists.
  undoChange: ({ common, draw }) => ({ name: 'undoChange', input: { ...common, revision: 1 + (draw.unit % 8) } }),
  registerTreatmentSite: ({ common, unitName, day, end, number }) => ({
    name: 'registerTreatmentSite',
    input: { ...common, name: unitName, organizationNumber: number, validFrom: day, validTo: end },
  }),
  updateTreatmentSite: ({ common, reshId, isWide, text, number, draw }) => ({
    name: 'updateTreatmentSite',
    input: {
      ...common,
      organizationNumber: number,
      name: text,
      municipality: includeIf(isWide, text),
      legalEntityReshId: includeIf(draw.other % 3 === 0, draw.other % 2 === 0 ? null : reshId),
    },
  }),
  closeTreatmentSite: ({ common, number }) => ({
    name: 'closeTreatmentSite',
    input: { ...common, organizationNumber: number },
  }),
  reopenTreatmentSite: ({ common, number }) => ({
    name: 'reopenTreatmentSite',
    input: { ...common, organizationNumber: number },
  }),
} satisfies Partial<MutationBuilders>;
