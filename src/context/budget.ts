import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../errors/error-codes.ts';

/** Most objects that an operation may return: units, codes, places in pages. */
export const OBJECT_LIMIT = 250_000;
/** Most values that an operation may return, one for each field of each object: assembling them blocks the server. */
export const VALUE_LIMIT = 1_000_000;

/**
 * Counts what a request returns, as the estimate cannot foresee an operation that goes up and down a tree repeatedly.
 */
export interface Budget {
  /** Counts objects; each call beyond the limit throws LIMIT_EXCEEDED */
  readonly countObjects: (objects: number) => void;
  /** Counts a value; each call beyond the limit throws LIMIT_EXCEEDED */
  readonly countValue: () => void;
  /** Throws LIMIT_EXCEEDED, with the message of the limit that was exceeded first */
  readonly throwLimitError: (message: string) => never;
  /** The error of the limit once it is exceeded; it replaces the whole response */
  readonly limitError: () => GraphQLError | undefined;
}

export function createBudget(): Budget {
  let objectCount = 0;
  let valueCount = 0;
  let limitError: GraphQLError | undefined;
  const throwLimitError = (message: string): never => {
    // All fields that fail share one error, with a path, so that the executor makes no copy for each of them.
    limitError ??= new GraphQLError(message, {
      path: [],
      extensions: { code: 'LIMIT_EXCEEDED' satisfies ErrorCode },
    });
    throw limitError;
  };
  return {
    throwLimitError,
    limitError: () => limitError,
    countObjects: (objects) => {
      objectCount += objects;
      if (objectCount > OBJECT_LIMIT) throwLimitError(describeExcess(`${OBJECT_LIMIT} objects`, 'fewer levels'));
    },
    countValue: () => {
      valueCount += 1;
      if (valueCount > VALUE_LIMIT) throwLimitError(describeExcess(`${VALUE_LIMIT} values`, 'fewer fields'));
    },
  };
}

function describeExcess(limit: string, remedy: string): string {
  return (
    `The operation returns more than ${limit}. ` +
    `Ask for smaller pages (\`first\`) or ${remedy}, and continue with \`after\`.`
  );
}
