import {
  getOperationAST,
  getNullableType,
  GraphQLError,
  GraphQLString,
  Kind,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import { assertCursorForm } from '../schema/kit/cursor.ts';

/** Checks the form of the cursors of a mutation before it runs; the error would otherwise come after the commit. */
export const mutationCursors: Plugin<Context> = {
  onExecute: ({ args, setResultAndStopExecution }) => {
    const execution: ExecutionArgs = args;
    const operation = getOperationAST(execution.document, execution.operationName);
    if (operation?.operation !== OperationTypeNode.MUTATION) return;
    try {
      listCursors(execution).forEach(assertCursorForm);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      setResultAndStopExecution({ errors: [error] });
    }
  },
};

/** Returns the cursors that an operation passes as `after` of connections. */
function listCursors({ document, schema, variableValues }: ExecutionArgs): string[] {
  const cursors: string[] = [];
  const typeInfo = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(typeInfo, {
    Argument: ({ name, value }) => {
      const type = typeInfo.getArgument()?.type;
      if (name.value !== 'after' || !type || getNullableType(type) !== GraphQLString) return;
      const cursor =
        value.kind === Kind.VARIABLE ? variableValues?.[value.name.value] : 'value' in value && value.value;
      if (typeof cursor === 'string') cursors.push(cursor);
    },
  });
  visit(document, visitor);
  return cursors;
}
