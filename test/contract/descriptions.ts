import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  type GraphQLSchema,
} from 'graphql';

interface Described {
  readonly at: string;
  readonly description: string | null | undefined;
  readonly isBooleanField?: boolean;
}

const everythingIn = (schema: GraphQLSchema): Described[] => {
  const found: Described[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    found.push({ at: type.name, description: type.description });
    if (isEnumType(type))
      for (const value of type.getValues())
        found.push({ at: `${type.name}.${value.name}`, description: value.description });
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields()))
        found.push({ at: `${type.name}.${field.name}`, description: field.description });
    if (isObjectType(type) || isInterfaceType(type))
      for (const field of Object.values(type.getFields())) {
        const at = `${type.name}.${field.name}`;
        found.push({
          at,
          description: field.description,
          isBooleanField: getNamedType(field.type).name === 'Boolean',
        });
        for (const argument of field.args)
          found.push({ at: `${at}(${argument.name}:)`, description: argument.description });
      }
  }
  for (const directive of schema.getDirectives()) {
    if (isSpecifiedDirective(directive)) continue;
    found.push({ at: `@${directive.name}`, description: directive.description });
    for (const argument of directive.args)
      found.push({ at: `@${directive.name}(${argument.name}:)`, description: argument.description });
  }
  return found;
};

const faultOf = ({ description, isBooleanField }: Described): string | undefined => {
  if (!description) return 'has no description';
  if (description !== description.trim()) return 'begins or ends with a space';
  if (!/^\p{Lu}/u.test(description)) return 'does not begin with a capital letter';
  if (description.endsWith('.') && !/\. \p{Lu}/u.test(description)) return 'ends a single sentence with a full stop';
  if (/\b(TODO|FIXME|XXX|TBD)\b/i.test(description)) return 'is not finished';
  if (isBooleanField && !description.startsWith('Indicates whether ')) return 'does not say «Indicates whether ...»';
  return undefined;
};

/** Where the schema's descriptions are missing or off the grammar: place and fault, one line each. */
export const descriptionFaults = (schema: GraphQLSchema): string[] =>
  everythingIn(schema).flatMap((described) => {
    const fault = faultOf(described);
    return fault ? [`${described.at} ${fault}`] : [];
  });
