import fc from 'fast-check';
import type { MutationName } from '../../../src/domain/plan/change-input.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { numbers, subjects, worldStart, worldDay } from '../world/world.ts';

/** Days on which random changes take effect: few, so that changes meet. The first is before the world begins. */
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

/** A random draw of a mutation. Units are resolved when the mutation is built, from those that exist then. */
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
  { weight: 2, arbitrary: fc.constantFrom('updateUnitCodes' as const, 'setIdentifier' as const) },
  { weight: 1, arbitrary: fc.constant('removeIdentifier' as const) },
  { weight: 1, arbitrary: fc.constantFrom('connectTreatmentSite' as const, 'disconnectTreatmentSite' as const) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'updateTreatmentSite' as const,
      'closeTreatmentSite' as const,
      'reopenTreatmentSite' as const,
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom('setMappingNode' as const, 'removeMappingNode' as const) },
  { weight: 1, arbitrary: fc.constantFrom('grantAccess' as const, 'revokeAccess' as const) },
  { weight: 2, arbitrary: fc.constant('undoChange' as const) },
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

/** Draws of any mutation, mostly by the operator, so that most are accepted. */
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
