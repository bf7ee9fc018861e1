import { ComplexityErrorKind, type ComplexityErrorFn } from '@pothos/plugin-complexity';
import type { GraphQLError } from 'graphql';
import { clientError } from '../../errors/client-error.ts';

/** Returns the error of an operation over a limit, with the limit, the value and the remedy. */
export function complexityError(kind: ComplexityErrorKind, result: Parameters<ComplexityErrorFn>[1]): GraphQLError {
  if (kind === ComplexityErrorKind.Depth)
    return clientError(
      'LIMIT_EXCEEDED',
      `The operation is ${result.depth} levels deep, but at most ${result.maxDepth} are allowed. ` +
        'Ask for `descendants` instead of nested `children`, or split the operation.',
    );
  if (kind === ComplexityErrorKind.Breadth)
    return clientError(
      'LIMIT_EXCEEDED',
      `The operation has ${result.breadth} fields, but at most ${result.maxBreadth} are allowed. ` +
        'Use `units(reshIds:)` instead of aliases, or split the operation.',
    );
  return clientError(
    'LIMIT_EXCEEDED',
    `The operation may return ${result.complexity} values, but at most ${result.maxComplexity} are allowed. ` +
      'Ask for smaller pages (`first`) or fewer fields.',
  );
}
