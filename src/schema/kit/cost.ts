import { ComplexityErrorKind, complexityFromQuery } from '@pothos/plugin-complexity';
import { getOperationAST, GraphQLError, Kind, type ExecutionArgs } from 'graphql';
import { complexityError } from './complexity-error.ts';
import { breadthLimit, costLimit, depthLimit } from './limits.ts';

const limits = { maxComplexity: costLimit, maxDepth: depthLimit, maxBreadth: breadthLimit };

/**
 * The error of an operation that goes beyond a limit, before anything of it runs; undefined where it keeps within them. Queries and
 * mutations are checked as they run; a subscription would be checked no earlier than by its first event.
 */
export function findCostError({
  schema,
  document,
  operationName,
  variableValues,
}: ExecutionArgs): GraphQLError | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  try {
    const cost = complexityFromQuery(
      { ...document, definitions: [operation, ...fragments] },
      { schema, variables: { ...variableValues } },
    );
    if (cost.depth > depthLimit) return complexityError(ComplexityErrorKind.Depth, { ...cost, ...limits });
    if (cost.breadth > breadthLimit) return complexityError(ComplexityErrorKind.Breadth, { ...cost, ...limits });
    if (cost.complexity > costLimit) return complexityError(ComplexityErrorKind.Complexity, { ...cost, ...limits });
    return undefined;
  } catch (error) {
    // A variable that does not fit.
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}
