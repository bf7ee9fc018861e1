import { formatCodeReference } from './code-sets.ts';
import type { FieldValue } from './field-values.ts';
import type { UnitListValues } from './state.ts';

/** Returns a value of a field as text, the entries of a list separated by semicolons: `8451:010; 8451:020`. */
export function formatFieldValue(field: FieldValue): string {
  switch (field.field) {
    case 'codes':
      return field.value.map(formatUnitCode).join('; ');
    case 'identifiers':
      return field.value.map(({ system, value }) => `${system} ${value}`).join('; ');
    case 'internationalNames':
      return field.value.map(({ language, name }) => `${language}: ${name}`).join('; ');
    case 'addresses':
      return field.value.map(formatAddress).join('; ');
    case 'contactPoints':
      return field.value.map(({ type, value }) => `${type}: ${value}`).join('; ');
    default:
      return String(field.value);
  }
}

function formatUnitCode({ attributes, ...code }: UnitListValues['codes']): string {
  const codeText = formatCodeReference(code);
  return attributes.length === 0 ? codeText : `${codeText} (${attributes.join(', ')})`;
}

function formatAddress({ type, lines, postalCode, city, country }: UnitListValues['addresses']): string {
  const town = [postalCode, city].filter(isPresent).join(' ');
  return `${type}: ${[...lines, town, country].filter(isPresent).join(', ')}`;
}

function isPresent(text: string | null): text is string {
  return text !== null && text !== '';
}
