import { GraphQLError, parse, type DocumentNode, type ParseOptions, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import { clientError } from '../errors/client-error.ts';

/** Most tokens in a document. */
export const TOKEN_LIMIT = 20_000;
/** Deepest nesting of brackets in a document, far above the depth limit of operations. */
export const BRACKET_LIMIT = 200;

/** Rejects documents that would exhaust the parser; an operation that exceeds a limit gets that error and no data. */
export const operationLimits: Plugin<Context> = {
  onExecute: ({ args }) => ({
    onExecuteDone: ({ setResult }) => {
      const error = args.contextValue.limitError();
      if (error) setResult({ errors: [new GraphQLError(error.message, { extensions: error.extensions })] });
    },
  }),
  onParse: ({ setParseFn }) => {
    setParseFn(parseDocument);
  },
};

/**
 * Parses a document.
 *
 * @throws LIMIT_EXCEEDED if it would exhaust the parser, or its syntax error
 */
export function parseDocument(source: string | Source, options?: ParseOptions): DocumentNode {
  if (isNestedTooDeep(typeof source === 'string' ? source : source.body))
    return throwLimitExceeded(`The document nests more than ${BRACKET_LIMIT} brackets. Ask for fewer levels.`);
  return parse(source, { ...options, maxTokens: TOKEN_LIMIT });
}

// Brackets in strings count too; no real string nests hundreds of them.
function isNestedTooDeep(document: string): boolean {
  let depth = 0;
  for (const character of document) {
    if (character === '{' || character === '[' || character === '(') depth += 1;
    else if (character === '}' || character === ']' || character === ')') depth -= 1;
    if (depth > BRACKET_LIMIT) return true;
  }
  return false;
}

function throwLimitExceeded(message: string): never {
  throw clientError('LIMIT_EXCEEDED', message);
}
