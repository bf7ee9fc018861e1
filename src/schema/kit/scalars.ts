import { GraphQLError, GraphQLScalarType, Kind, print, type ValueNode } from 'graphql';
import { clipForMessage } from '../../domain/text/clip-for-message.ts';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { isDay, type Day } from '../../domain/time/day.ts';
import { parseInstant } from '../../domain/time/instant.ts';
import { clientError } from '../../errors/client-error.ts';
import { builder } from './builder.ts';

builder.addScalarType(
  'Date',
  createInputScalar('Date', {
    description: 'Calendar day in ISO 8601, such as `2026-11-23`; days begin and end at midnight in Oslo',
    page: 'date',
    parse: parseDay,
    serialize: (value) => value,
  }),
);

function createInputScalar<Value>(
  name: string,
  options: {
    description: string;
    /** Name of the page in docs/scalars/ that specifies the scalar; the server serves it */
    page: string;
    parse: (value: unknown) => Value;
    serialize: (value: unknown) => unknown;
  },
) {
  return new GraphQLScalarType<Value, unknown>({
    name,
    description: options.description,
    specifiedByURL: `/docs/scalars/${options.page}`,
    parseValue: options.parse,
    parseLiteral: (node) => withNodeLocation(node, () => options.parse(readLiteral(node))),
    serialize: options.serialize,
  });
}

// GraphQL passes our errors on unchanged, so the position of the value in the document is added here.
function withNodeLocation<Value>(node: ValueNode, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (error instanceof GraphQLError)
      throw new GraphQLError(error.message, { nodes: node, extensions: error.extensions });
    throw error;
  }
}

function readLiteral(node: ValueNode): unknown {
  if (node.kind === Kind.INT || node.kind === Kind.FLOAT) return Number(node.value);
  return 'value' in node ? node.value : print(node);
}

function parseDay(value: unknown): Day {
  return typeof value === 'string' && isDay(value)
    ? value
    : throwInvalidValue('Date', value, 'write a day that exists as "YYYY-MM-DD", such as "2026-11-23"');
}

function throwInvalidValue(type: string, value: unknown, remedy: string): never {
  throw clientError('BAD_INPUT', `${type} cannot be ${clipForMessage(value)}: ${remedy}`);
}

builder.addScalarType(
  'DateTime',
  createInputScalar('DateTime', {
    description: 'Instant in ISO 8601, in UTC, such as `2026-11-23T11:00:00.000Z`',
    page: 'date-time',
    parse: parseDateTime,
    serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
  }),
);

function parseDateTime(value: unknown): Date {
  return (
    (typeof value === 'string' ? parseInstant(value) : undefined) ??
    throwInvalidValue('DateTime', value, 'write an instant with its offset, such as "2026-11-23T12:00:00Z"')
  );
}

builder.addScalarType(
  'ReshId',
  createInputScalar('ReshId', {
    description:
      'Permanent id of a unit: an integer from 1 to 2147483647 without meaning of its own; a string of its digits is ' +
      'accepted too',
    page: 'resh-id',
    parse: parseReshId,
    serialize: (value) => value,
  }),
);

function parseReshId(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return isIntegerFrom(number, 1)
    ? number
    : throwInvalidValue('ReshId', value, `write a whole number from 1 to ${MAX_INTEGER}`);
}

function isIntegerFrom(value: unknown, minimum: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= MAX_INTEGER;
}

builder.addScalarType(
  'Revision',
  createInputScalar('Revision', {
    description: 'Number of a committed change of the register, counted from 1; revision 0 is the empty register',
    page: 'revision',
    parse: parseRevision,
    serialize: (value) => value,
  }),
);

function parseRevision(value: unknown): number {
  return isIntegerFrom(value, 0)
    ? value
    : throwInvalidValue('Revision', value, `write a whole number from 0 to ${MAX_INTEGER}, without quotes`);
}

builder.addScalarType(
  'OrganizationNumber',
  createInputScalar('OrganizationNumber', {
    description:
      'Organization number (organisasjonsnummer) in the national register of legal entities: a string of nine ' +
      'digits that ends in a modulus-11 check digit; input may have them in groups of three, such as `983 974 724`, ' +
      'and white space around them',
    page: 'organization-number',
    parse: parseOrganizationNumber,
    serialize: (value) => value,
  }),
);

function parseOrganizationNumber(value: unknown): string {
  return typeof value === 'string' && /^\d{3}([ \u00a0]?)\d{3}\1\d{3}$/.test(value.trim())
    ? value.replaceAll(/\D/g, '')
    : throwInvalidValue('OrganizationNumber', value, 'write nine digits in quotes, such as "983974724"');
}
