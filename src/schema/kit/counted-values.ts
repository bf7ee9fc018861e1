import { defaultFieldResolver, isIntrospectionType, isObjectType, type GraphQLSchema } from 'graphql';
import type { Context } from '../../context.ts';

/** Makes every field count the values that it returns: an operation may ask a unit for hundreds of them. */
export function withCountedValues(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve = defaultFieldResolver } = field;
      field.resolve = (parent, args, context: Context, info) => {
        context.countValue();
        return resolve(parent, args, context, info);
      };
    }
  }
  return schema;
}
