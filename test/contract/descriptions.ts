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

interface DescribedElement {
  readonly path: string;
  readonly description: string | null | undefined;
  readonly isBooleanField?: boolean;
}

/** Returns the missing descriptions of a schema and those that break the rules, one line each. */
export function listDescriptionFaults(schema: GraphQLSchema): string[] {
  return listDescribedElements(schema).flatMap((described) => {
    const fault = findFault(described);
    return fault ? [`${described.path} ${fault}`] : [];
  });
}

function listDescribedElements(schema: GraphQLSchema): DescribedElement[] {
  const found: DescribedElement[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    found.push({ path: type.name, description: type.description });
    if (isEnumType(type))
      for (const value of type.getValues())
        found.push({ path: `${type.name}.${value.name}`, description: value.description });
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields()))
        found.push({ path: `${type.name}.${field.name}`, description: field.description });
    if (isObjectType(type) || isInterfaceType(type))
      for (const field of Object.values(type.getFields())) {
        const path = `${type.name}.${field.name}`;
        found.push({
          path,
          description: field.description,
          isBooleanField: getNamedType(field.type).name === 'Boolean',
        });
        for (const argument of field.args)
          found.push({ path: `${path}(${argument.name}:)`, description: argument.description });
      }
  }
  for (const directive of schema.getDirectives()) {
    if (isSpecifiedDirective(directive)) continue;
    found.push({ path: `@${directive.name}`, description: directive.description });
    for (const argument of directive.args)
      found.push({ path: `@${directive.name}(${argument.name}:)`, description: argument.description });
  }
  return found;
}

function findFault({ description, isBooleanField }: DescribedElement): string | undefined {
  if (!description) return 'has no description';
  if (description !== description.trim()) return 'begins or ends with a space';
  if (!/^\p{Lu}/u.test(description)) return 'does not begin with a capital letter';
  if (description.endsWith('.') && !/\. \p{Lu}/u.test(description)) return 'ends a single sentence with a full stop';
  if (/\b(TODO|FIXME|XXX|TBD)\b/i.test(description)) return 'is not finished';
  if (isBooleanField && !description.startsWith('Indicates whether ')) return 'does not begin with "Indicates whether"';
  return undefined;
}
