import type { FieldMap } from '@pothos/core';
import { extendSchema, parse, type GraphQLSchema } from 'graphql';
import type { Context } from '../../context.ts';
import { builder, type SchemaBuilderTypes } from '../kit/builder.ts';
import { findLiveRegister, type RegisterAtSnapshot } from './register-view.ts';

/** What is seen from a point in time: the fields of Register, and of Query for the live register. */
export const RegisterView = builder.interfaceRef<RegisterAtSnapshot>('RegisterView').implement({
  description:
    'What is seen from a point in time. Register shows the point that the request names; Query shows the live ' +
    'register: today, as known now',
  resolveType: () => 'Register',
});

type FieldBuilder = PothosSchemaTypes.ObjectFieldBuilder<SchemaBuilderTypes, object>;
type FindRegister = (parent: object, context: Context) => RegisterAtSnapshot | Promise<RegisterAtSnapshot>;

/**
 * Declares fields that are seen from a point in time.
 *
 * @param declare receives a function that finds the register to show
 */
export function addRegisterFields(declare: (t: FieldBuilder, findRegister: FindRegister) => FieldMap): void {
  builder.interfaceFields(RegisterView, (t) =>
    declare(t as unknown as FieldBuilder, (parent) => parent as RegisterAtSnapshot),
  );
  builder.queryFields((t) => declare(t as unknown as FieldBuilder, (_root, context) => findLiveRegister(context)));
}

/** Lets Query implement RegisterView: Pothos gives interfaces to no root type. */
export function withRegisterView(schema: GraphQLSchema): GraphQLSchema {
  return extendSchema(schema, parse(`extend type Query implements ${RegisterView.name}`));
}
