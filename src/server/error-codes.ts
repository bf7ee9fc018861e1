import { GraphQLError, type ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';

/** Adds the code BAD_INPUT to errors in the variables of an operation. */
export const errorCodes: Plugin = {
  onExecute: () => ({ onExecuteDone: ({ result, setResult }) => addErrorCodes(result, setResult) }),
  onSubscribe: () => ({ onSubscribeResult: ({ result, setResult }) => addErrorCodes(result, setResult) }),
};

function addErrorCodes(result: unknown, setResult: (result: ExecutionResult) => void): void {
  if (isAsyncIterable(result)) return;
  const { errors, data, ...rest } = result as ExecutionResult;
  if (errors && data === undefined) setResult({ ...rest, errors: errors.map(withDefaultCode) });
}

// GraphQL rejects invalid variables before anything runs, with errors without a code.
function withDefaultCode(error: GraphQLError): GraphQLError {
  return error.extensions['code'] === undefined && error.path === undefined
    ? new GraphQLError(error.message, {
        ...(error.nodes && { nodes: error.nodes }),
        ...(error.originalError && { originalError: error.originalError }),
        extensions: { ...error.extensions, code: 'BAD_INPUT' },
      })
    : error;
}
