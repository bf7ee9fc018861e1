import { units } from '../world/world.ts';
import { includeIf, type MutationBuilders } from './mutation-parts.ts';

/** Builds each mutation that creates, changes or closes units. */
export const unitMutations = {
  createDepartment: ({ common, facts, codes, unitName, reshId, end, isWide, number, draw }) => ({
    name: 'createDepartment',
    input: {
      ...common,
      ...facts,
      name: unitName,
      parentReshId: reshId,
      validTo: end,
      codes: includeIf(isWide, codes),
      treatmentSite: includeIf(isWide, number),
      designation: includeIf(draw.other % 3 === 0, '05'),
    },
  }),
  registerOrganization: ({ common, facts, unitName, reshId, isWide, number, grantee }) => ({
    name: 'registerOrganization',
    input: {
      ...common,
      ...facts,
      name: unitName,
      organizationNumber: number,
      parentReshId: includeIf(isWide, reshId),
      administrator: { subject: grantee, name: unitName },
    },
  }),
  registerContractSpecialist: ({ common, facts, codes, unitName, reshId, isWide, draw }) => ({
    name: 'registerContractSpecialist',
    input: {
      ...common,
      ...facts,
      name: unitName,
      regionReshId: draw.unit % 2 === 0 ? units.north : reshId,
      codes: includeIf(isWide, codes),
    },
  }),
  updateUnit: ({ common, facts, reshId, isWide, text, number, draw }) => ({
    name: 'updateUnit',
    input: {
      ...common,
      ...facts,
      reshId,
      name: text,
      designation: includeIf(draw.other % 3 === 0, isWide ? '01' : null),
      organizationNumber: includeIf(draw.other % 7 === 0, isWide ? number : null),
    },
  }),
  moveUnit: ({ common, reshId, other, draw }) => ({
    name: 'moveUnit',
    input: { ...common, reshId, newParentReshId: draw.other % 20 === 0 ? null : other },
  }),
  closeUnit: ({ common, reshId, isWide }) => ({
    name: 'closeUnit',
    input: { ...common, reshId, withDescendants: isWide },
  }),
  reopenUnit: ({ common, reshId, other, isWide, draw }) => ({
    name: 'reopenUnit',
    input: { ...common, reshId, withDescendants: isWide, newParentReshId: includeIf(draw.other % 3 === 0, other) },
  }),
  withdrawUnit: ({ common, reshId }) => ({ name: 'withdrawUnit', input: { ...common, reshId } }),
  mergeUnits: ({ common, unitName, reshId, other, third, isWide, draw }) => ({
    name: 'mergeUnits',
    input: {
      ...common,
      sourceReshIds: draw.other % 3 === 0 ? [reshId] : [reshId, other],
      ...(isWide ? { targetReshId: third } : { newTarget: { name: unitName, parentReshId: third } }),
    },
  }),
  splitUnit: ({ common, unitName, reshId, other, children, isWide, draw }) => ({
    name: 'splitUnit',
    input: {
      ...common,
      reshId,
      keepSource: draw.other % 3 === 0,
      into: [
        { name: unitName, childReshIds: children.filter((_child, index) => (index + draw.other) % 2 === 0) },
        isWide
          ? { name: 'Part', childReshIds: children.filter((_child, index) => (index + draw.other) % 2 === 1) }
          : { reshId: other, childReshIds: children.filter((_child, index) => (index + draw.other) % 2 === 1) },
      ],
    },
  }),
  reorganize: ({ common, unitName, reshId, other, third, isWide, draw }) => ({
    name: 'reorganize',
    input: {
      ...common,
      steps: [
        isWide
          ? { updateUnit: { unit: { reshId: third }, name: unitName } }
          : { moveUnit: { unit: { reshId: third }, newParent: { reshId: other } } },
        { moveUnit: { unit: { reshId }, newParent: { reshId: other } } },
        draw.other % 2 === 0
          ? { createDepartment: { key: 'a', name: unitName, parent: { reshId } } }
          : { mergeUnits: { sources: [{ reshId: other }], target: { reshId: third } } },
        draw.other % 2 === 0
          ? { moveUnit: { unit: { reshId: other }, newParent: { key: 'a' } } }
          : { moveUnit: { unit: { reshId: other }, newParent: { reshId: third } } },
      ].slice(0, 2 + (draw.unit % 3)),
    },
  }),
} satisfies Partial<MutationBuilders>;
