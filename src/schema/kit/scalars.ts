import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isDay, type Day } from '../../domain/time/day.ts';
import { parseInstant } from '../../domain/time/instant.ts';
import { builder } from './builder.ts';

const GREATEST_INTEGER = 2_147_483_647;

const shown = (value: unknown): string => {
  const text =
    typeof value === 'string' ? `"${value}"` : ((JSON.stringify(value) as string | undefined) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

const refuse = (type: string, value: unknown, remedy: string): never => {
  throw new GraphQLError(`${type} cannot be ${shown(value)}: ${remedy}`, { extensions: { code: 'BAD_INPUT' } });
};

const literal = (node: ValueNode): unknown => {
  if (node.kind === Kind.INT || node.kind === Kind.FLOAT) return Number(node.value);
  return 'value' in node ? node.value : undefined;
};

// GraphQL hands an error of ours on as it is: where in the document the value stands, only we can say.
const placed = <Value>(node: ValueNode, parse: () => Value): Value => {
  try {
    return parse();
  } catch (error) {
    if (error instanceof GraphQLError)
      throw new GraphQLError(error.message, { nodes: node, extensions: error.extensions });
    throw error;
  }
};

const inputScalar = <Value>(
  name: string,
  options: {
    description: string;
    specifiedByURL?: string;
    parse: (value: unknown) => Value;
    serialize: (value: unknown) => unknown;
  },
) =>
  new GraphQLScalarType<Value, unknown>({
    name,
    description: options.description,
    ...(options.specifiedByURL && { specifiedByURL: options.specifiedByURL }),
    parseValue: options.parse,
    parseLiteral: (node) => placed(node, () => options.parse(literal(node))),
    serialize: options.serialize,
  });

const integer =
  (name: string, least: number) =>
  (value: unknown): number =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= GREATEST_INTEGER
      ? value
      : refuse(name, value, `write a whole number from ${least} to ${GREATEST_INTEGER}, without quotes`);

const parseDay = (value: unknown): Day =>
  typeof value === 'string' && isDay(value)
    ? value
    : refuse('Date', value, 'write a day that exists as "YYYY-MM-DD", such as "2026-11-23"');

const readInstant = (value: unknown): Date =>
  (typeof value === 'string' ? parseInstant(value) : undefined) ??
  refuse('DateTime', value, 'write an instant with its offset, such as "2026-11-23T12:00:00Z"');

const parseOrganizationNumber = (value: unknown): string =>
  typeof value === 'string' && /^\d{9}$/.test(value)
    ? value
    : refuse('OrganizationNumber', value, 'write nine digits in quotes, such as "983974724"');

builder.addScalarType(
  'Date',
  inputScalar('Date', {
    description: 'Calendar day without a clock, as ISO 8601: "2026-11-23"; the register\'s days are days in Oslo',
    specifiedByURL: 'https://scalars.graphql.org/andimarek/local-date',
    parse: parseDay,
    serialize: (value) => value,
  }),
);
builder.addScalarType(
  'DateTime',
  inputScalar('DateTime', {
    description: 'Instant in UTC, as ISO 8601: "2026-11-23T11:00:00.000Z"',
    specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
    parse: readInstant,
    serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
  }),
);
builder.addScalarType(
  'ReshId',
  inputScalar('ReshId', {
    description: 'Id that a unit keeps for ever: a whole number from 1 to 2147483647, which says nothing of the unit',
    parse: integer('ReshId', 1),
    serialize: (value) => value,
  }),
);
builder.addScalarType(
  'Revision',
  inputScalar('Revision', {
    description: 'Number of a committed change of the register, 1 for the first; 0 is the empty register',
    parse: integer('Revision', 0),
    serialize: (value) => value,
  }),
);
builder.addScalarType(
  'OrganizationNumber',
  inputScalar('OrganizationNumber', {
    description:
      'Number in the national register of legal entities: nine digits as text, the last one a modulus-11 check digit',
    parse: parseOrganizationNumber,
    serialize: (value) => value,
  }),
);
