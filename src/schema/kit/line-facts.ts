import type { LineFact } from '../../domain/unit/facts.ts';

// The designation is not among them: a unit shows the code itself, with its name.
const descriptions = {
  shortName: 'Short name of the unit',
  responsiblePerson: 'Person responsible for the unit',
} as const satisfies Partial<Record<LineFact, string>>;
type NamedLineFact = keyof typeof descriptions;

/** Declares a field for each fact of one line of text that units and inputs have by the same name. */
export function lineFactFields<Field>(
  declareField: (fact: NamedLineFact, description: string) => Field,
): Record<NamedLineFact, Field> {
  return Object.fromEntries(
    Object.entries(descriptions).map(([fact, description]) => [fact, declareField(fact as NamedLineFact, description)]),
  ) as Record<NamedLineFact, Field>;
}
