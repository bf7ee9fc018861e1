import { formatFieldValue } from '../../../src/domain/unit/field-text.ts';
import type { FieldValue, UnitField } from '../../../src/domain/unit/field-values.ts';

interface Coded {
  readonly code: string;
  readonly codeSet: { readonly number: number };
}

interface TypedValue {
  readonly text: string | null;
  readonly type: string | null;
  readonly parentReshId: number | null;
  readonly designation: { readonly code: string } | null;
  readonly organizationNumber: string | null;
  readonly treatmentSite: { readonly organizationNumber: string } | null;
  readonly codes: readonly { readonly code: Coded; readonly attributes: readonly Coded[] }[] | null;
  readonly identifiers: readonly object[] | null;
  readonly internationalNames: readonly object[] | null;
  readonly addresses: readonly object[] | null;
  readonly contactPoints: readonly object[] | null;
}

/** A field change as clients select it with `fieldChangeSelection`. */
interface TypedFieldChange {
  readonly field: string;
  readonly before: TypedValue | null;
  readonly after: TypedValue | null;
}

/** A field change with its values as text. */
export interface FieldTexts {
  readonly field: string;
  readonly old: string | null;
  readonly new: string | null;
}

type WithFieldTexts<Value> = Value extends { field: string; before: unknown; after: unknown }
  ? FieldTexts
  : Value extends readonly (infer Item)[]
    ? WithFieldTexts<Item>[]
    : Value extends object
      ? { [Key in keyof Value]: WithFieldTexts<Value[Key]> }
      : Value;

const valueSelection = `{
  text type parentReshId organizationNumber
  designation { code }
  treatmentSite { organizationNumber }
  codes { code { code codeSet { number } } attributes { code codeSet { number } } }
  identifiers { system value }
  internationalNames { language name }
  addresses { type lines postalCode city country }
  contactPoints { type value }
}`;

/** Selection of a field change with all members of its values. */
export const fieldChangeSelection = `field before ${valueSelection} after ${valueSelection}`;

/** Returns a response with its field changes as texts, so that an expectation is a line. */
export function withFieldTexts<Value>(value: Value): WithFieldTexts<Value> {
  return toTexts(value) as WithFieldTexts<Value>;
}

function toTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toTexts);
  if (typeof value !== 'object' || value === null) return value;
  if (isFieldChange(value)) return toFieldTexts(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toTexts(member)]));
}

function isFieldChange(value: object): value is TypedFieldChange {
  return 'field' in value && 'before' in value && 'after' in value;
}

function toFieldTexts({ field, before, after }: TypedFieldChange): FieldTexts {
  const name = field.toLowerCase().replaceAll(/_[a-z]/g, (text) => text.charAt(1).toUpperCase()) as UnitField;
  return { field: name, old: before && formatValue(name, before), new: after && formatValue(name, after) };
}

function formatValue(field: UnitField, typed: TypedValue): string {
  const values: Record<UnitField, unknown> = {
    name: typed.text,
    shortName: typed.text,
    parent: typed.parentReshId,
    type: typed.type,
    designation: typed.designation?.code,
    designationText: typed.text,
    organizationNumber: typed.organizationNumber,
    treatmentSite: typed.treatmentSite?.organizationNumber,
    responsiblePerson: typed.text,
    codes: typed.codes?.map(({ code, attributes }) => ({
      codeSet: code.codeSet.number,
      code: code.code,
      attributes: attributes.map((attribute) => `${attribute.codeSet.number}:${attribute.code}`),
    })),
    identifiers: typed.identifiers,
    internationalNames: typed.internationalNames,
    addresses: typed.addresses,
    contactPoints: typed.contactPoints,
  };
  return formatFieldValue({ field, value: values[field] } as FieldValue);
}
