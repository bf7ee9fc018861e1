import { ComplexityErrorKind, complexityFromQuery } from '@pothos/plugin-complexity';
import { getOperationAST, GraphQLError, Kind, type ExecutionArgs } from 'graphql';
import { complexityError } from './complexity-error.ts';
import { breadthLimit, costLimit, depthLimit } from './limits.ts';

const limits = { maxComplexity: costLimit, maxDepth: depthLimit, maxBreadth: breadthLimit };

/**
 * Returns the error of an operation that is over a limit, before anything of it runs; undefined if it is within all
 * limits. Queries and mutations are checked as they start; a subscription would only be checked at its first event.
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
    // Happens if a variable has a wrong type.
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}
