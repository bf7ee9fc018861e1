import fc from 'fast-check';
import type { ChangeInputs, MutationName } from '../../../src/domain/plan/change-input.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { numbers, subjects, units, worldStart, worldDay } from '../world/world.ts';

/** A mutation of the tests' world, by the subject who sends it. */
export type MutationRequest = {
  [Name in MutationName]: { readonly subject: string; readonly name: Name; readonly input: ChangeInputs[Name] };
}[MutationName];

/** All days on which anything in a random world begins or ends: few, so that changes meet. The first is before the world began. */
export const mutationDays: readonly Day[] = [
  '2009-06-01',
  worldStart,
  '2010-01-02',
  '2016-02-29',
  '2020-01-01',
  '2026-11-22',
  worldDay,
  '2026-11-24',
  '2027-01-01',
  '2027-06-01',
  '2030-01-01',
];

/** What random numbers ask for; which unit is meant depends on how many there are by then. */
export interface MutationDraw {
  readonly name: MutationName;
  readonly subject: string;
  readonly unit: number;
  readonly other: number;
  readonly day: Day | undefined;
  readonly end: Day | undefined;
  readonly isDryRun: boolean;
  readonly isWide: boolean;
  readonly text: string | null | undefined;
  readonly otherText: string | null | undefined;
  readonly code: string;
  readonly otherCode: string;
  readonly number: string;
  readonly grantee: string;
}

const mutationNames: fc.Arbitrary<MutationName> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('moveUnit' as const) },
  { weight: 4, arbitrary: fc.constantFrom('createDepartment' as const, 'updateUnit' as const) },
  { weight: 3, arbitrary: fc.constantFrom('closeUnit' as const, 'reopenUnit' as const) },
  { weight: 2, arbitrary: fc.constantFrom('setUnitCodes' as const, 'setIdentifier' as const) },
  { weight: 1, arbitrary: fc.constantFrom('connectTreatmentSite' as const, 'disconnectTreatmentSite' as const) },
  { weight: 2, arbitrary: fc.constantFrom('setMappingNode' as const, 'removeMappingNode' as const) },
  { weight: 1, arbitrary: fc.constantFrom('grantAccess' as const, 'revokeAccess' as const) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'mergeUnits' as const,
      'splitUnit' as const,
      'withdrawUnit' as const,
      'reorganize' as const,
      'reorganize' as const,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'registerOrganization' as const,
      'registerContractSpecialist' as const,
      'registerTreatmentSite' as const,
    ),
  },
);

const people = [...Object.values(subjects), 'newcomer'];
const texts = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('Ward A', 'Ward B', 'Åse') },
  { weight: 2, arbitrary: fc.constantFrom(null, undefined) },
  { weight: 1, arbitrary: fc.constantFrom('', 'x'.repeat(2_000), 'a\u0000b') },
);

/** A wish for any mutation: by the operator mostly, so that most are carried out. */
export const mutationDraws: fc.Arbitrary<MutationDraw> = fc.record({
  name: mutationNames,
  subject: fc.oneof(
    { weight: 3, arbitrary: fc.constant(subjects.operator as string) },
    { weight: 1, arbitrary: fc.constantFrom(...people) },
  ),
  unit: fc.nat(1_000),
  other: fc.nat(1_000),
  day: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...mutationDays) }, fc.constant(undefined)),
  end: fc.option(fc.constantFrom(...mutationDays), { nil: undefined, freq: 2 }),
  isDryRun: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  isWide: fc.boolean(),
  text: texts,
  otherText: texts,
  code: fc.constantFrom('010', '010', '020', '020', '030', '040', '999'),
  otherCode: fc.constantFrom('010', '020'),
  number: fc.constantFrom(...Object.values(numbers)),
  grantee: fc.constantFrom(...people),
});

// Few, so that they meet and stand beneath each other.
const nodeIds: readonly string[] = ['1', '2', '3', '4'];

/** A unit that the register knows, with all that stand beneath it on some day. */
export interface KnownUnit {
  readonly reshId: number;
  readonly children: readonly number[];
}

/** The mutation that a wish comes to where these units are known, some of them perhaps closed; one in forty names no unit of them. */
export function buildMutation(draw: MutationDraw, knownUnits: readonly KnownUnit[]): MutationRequest {
  const { name, subject, day, end, isWide, text, otherText, number, grantee } = draw;
  const pick = (n: number): number =>
    n % 40 === 39 ? 9_999 : (knownUnits[n % knownUnits.length]?.reshId ?? units.north);
  const reshId = pick(draw.unit);
  const other = pick(draw.other);
  const third = pick(draw.unit + 3 * draw.other);
  const children = knownUnits.find((unit) => unit.reshId === reshId)?.children ?? [];
  const common = { effectiveOn: day, dryRun: draw.isDryRun };
  const codes = [{ codeSet: 8451, code: draw.code, attributes: includeIf(isWide, [{ codeSet: 8451, code: '020' }]) }];
  const unitName = text ?? 'Unit';
  const facts = {
    shortName: otherText,
    responsiblePerson: includeIf(isWide, otherText),
    internationalNames: includeIf(
      draw.other % 4 === 0,
      isWide ? [{ language: 'en', name: unitName }] : text === null ? null : [],
    ),
    addresses: includeIf(
      draw.other % 5 === 0,
      isWide ? [{ type: 'VISITING' as const, lines: [unitName], city: 'By' }] : [],
    ),
    contactPoints: includeIf(
      draw.other % 6 === 0,
      isWide
        ? [{ type: 'WEB' as const, value: `https://example.org/${draw.other}` }]
        : [{ type: 'EMAIL' as const, value: 'a@example.org' }],
    ),
  };
  switch (name) {
    case 'createDepartment':
      return {
        subject,
        name,
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
      };
    case 'updateUnit':
      return {
        subject,
        name,
        input: {
          ...common,
          ...facts,
          reshId,
          name: text,
          designation: includeIf(draw.other % 3 === 0, isWide ? '01' : null),
          organizationNumber: includeIf(draw.other % 7 === 0, isWide ? number : null),
        },
      };
    case 'moveUnit':
      return {
        subject,
        name,
        input: { ...common, reshId, newParentReshId: draw.other % 20 === 0 ? null : other },
      };
    case 'closeUnit':
      return { subject, name, input: { ...common, reshId, withDescendants: isWide } };
    case 'reopenUnit':
      return {
        subject,
        name,
        input: { ...common, reshId, withDescendants: isWide, newParentReshId: includeIf(draw.other % 3 === 0, other) },
      };
    case 'mergeUnits':
      return {
        subject,
        name,
        input: {
          ...common,
          sourceReshIds: draw.other % 3 === 0 ? [reshId] : [reshId, other],
          ...(isWide ? { targetReshId: third } : { target: { name: unitName, parentReshId: third } }),
        },
      };
    case 'splitUnit':
      return {
        subject,
        name,
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
      };
    case 'withdrawUnit':
      return { subject, name, input: { ...common, reshId } };
    case 'reorganize':
      return {
        subject,
        name,
        input: {
          ...common,
          steps: [
            isWide
              ? { update: { reshId: third, name: text ?? 'Unit' } }
              : { move: { reshId: third, newParentReshId: other } },
            { move: { reshId, newParentReshId: other } },
            draw.other % 2 === 0
              ? { create: { key: 'a', name: unitName, parentReshId: reshId } }
              : { merge: { sourceReshIds: [other], targetReshId: third } },
            draw.other % 2 === 0
              ? { move: { reshId: other, newParentKey: 'a' } }
              : { move: { reshId: other, newParentReshId: third } },
          ].slice(0, 2 + (draw.unit % 3)),
        },
      };
    case 'setUnitCodes':
      return {
        subject,
        name,
        input: {
          ...common,
          reshId,
          add: includeIf(draw.other % 4 !== 0, codes),
          end: includeIf(draw.other % 3 === 0, [{ codeSet: 8451, code: draw.otherCode }]),
        },
      };
    case 'setIdentifier':
      return { subject, name, input: { ...common, reshId, system: isWide ? 'urn:a' : 'urn:b', value: text } };
    case 'connectTreatmentSite':
      return { subject, name, input: { ...common, reshId, organizationNumber: number } };
    case 'disconnectTreatmentSite':
      return { subject, name, input: { ...common, reshId } };
    case 'setMappingNode':
      return {
        subject,
        name,
        input: {
          ...common,
          systemId: 'urn:tree',
          nodeId: nodeIds[draw.unit % nodeIds.length] ?? '',
          name: text,
          parentNodeId: [...nodeIds, null, undefined][draw.other % (nodeIds.length + 2)],
          reshId: includeIf(isWide, draw.other % 4 === 0 ? null : reshId),
        },
      };
    case 'removeMappingNode':
      return {
        subject,
        name,
        input: { ...common, systemId: 'urn:tree', nodeId: nodeIds[draw.unit % nodeIds.length] ?? '' },
      };
    case 'grantAccess':
      return {
        subject,
        name,
        input: {
          ...common,
          subject: grantee,
          role: draw.other % 4 === 0 ? 'OPERATOR' : 'ADMINISTRATOR',
          reshId: includeIf(draw.other % 4 !== 0, reshId),
          name: text,
          validTo: end,
        },
      };
    case 'revokeAccess':
      return {
        subject,
        name,
        input: {
          ...common,
          subject: grantee,
          role: draw.other % 4 === 0 ? 'OPERATOR' : 'ADMINISTRATOR',
          reshId: includeIf(draw.other % 4 !== 0, reshId),
        },
      };
    case 'registerOrganization':
      return {
        subject,
        name,
        input: {
          ...common,
          ...facts,
          name: unitName,
          organizationNumber: number,
          parentReshId: includeIf(isWide, reshId),
          administrator: { subject: grantee, name: unitName },
        },
      };
    case 'registerContractSpecialist':
      return {
        subject,
        name,
        input: {
          ...common,
          ...facts,
          name: unitName,
          regionReshId: draw.unit % 2 === 0 ? units.north : reshId,
          codes: includeIf(isWide, codes),
        },
      };
    case 'registerTreatmentSite':
      return {
        subject,
        name,
        input: { ...common, name: unitName, organizationNumber: number, validFrom: day, validTo: end },
      };
  }
}

function includeIf<Value>(isIncluded: boolean, value: Value): Value | undefined {
  return isIncluded ? value : undefined;
}
