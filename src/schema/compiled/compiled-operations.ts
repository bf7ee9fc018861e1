import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  Kind,
  validate,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { findCostError } from '../kit/cost.ts';
import {
  compileOperation,
  type CompiledOperation,
  type CompiledRequest,
  type ResponseScope,
} from './compile-operation.ts';
import { NotCompilableError } from './executor-only.ts';
import { indexFragments } from './select-fields.ts';

/** A request as a client sends it. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** An operation with its variables, ready to be answered. */
export interface PreparedRequest {
  readonly operationName: string | undefined;
  /** Returns what the response depends on; undefined where only the executor can answer */
  readonly findScope: (current: Snapshot) => ResponseScope | undefined;
  /** Writes the response as JSON; undefined where only the executor can answer */
  readonly write: (request: Omit<CompiledRequest, 'variables'>) => Buffer | undefined;
}

/** Prepares the answer to a request; undefined where only the executor can answer. */
export type CompiledOperations = (request: OperationRequest) => PreparedRequest | undefined;

/** Most documents, and most shapes of one operation, that are kept compiled. */
const DOCUMENT_LIMIT = 1_000;
/** Longest query that is compiled. */
const QUERY_LENGTH_LIMIT = 10_000;
const SHAPE_LIMIT = 50;
/** Longest text of the variables that decide the shape of an operation. */
const SHAPE_KEY_LIMIT = 1_000;

/**
 * Creates a function that answers queries from snapshots with the bytes that the executor would answer, and keeps
 * documents compiled.
 *
 * @param parseDocument parses a document within the limits of the server
 */
export function createCompiledOperations(
  schema: GraphQLSchema,
  parseDocument: (query: string) => DocumentNode,
): CompiledOperations {
  const prepared = createCache<PreparedOperation | null>(DOCUMENT_LIMIT);
  return ({ query, operationName, variables }) => {
    if (query.length > QUERY_LENGTH_LIMIT) return undefined;
    // An empty name is not the same as none.
    const key = `${operationName?.length ?? ''}:${operationName ?? ''}${query}`;
    const operation = prepared.find(key, () => prepareOperation(schema, parseDocument, query, operationName));
    return operation?.(variables ?? {});
  };
}

type PreparedOperation = (variables: Readonly<Record<string, unknown>>) => PreparedRequest | undefined;

function prepareOperation(
  schema: GraphQLSchema,
  parseDocument: (query: string) => DocumentNode,
  query: string,
  operationName: string | null | undefined,
): PreparedOperation | null {
  const document = parseValidDocument(schema, parseDocument, query);
  const operation = document && getOperationAST(document, operationName);
  if (!document || !operation) return null;
  const fragments = indexFragments(document);
  const shapeVariables = findShapeVariables(document);
  const shapes = createCache<CompiledOperation | null>(SHAPE_LIMIT);
  return (inputs) => {
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...inputs });
    if (!coerced) return undefined;
    const key = formatShapeKey(coerced, shapeVariables);
    if (key.length > SHAPE_KEY_LIMIT) return undefined;
    const compiled = shapes.find(key, () =>
      isWithinLimits(schema, document, operation, coerced)
        ? tryToCompile(operation, { schema, fragments, variables: coerced })
        : null,
    );
    if (!compiled) return undefined;
    return {
      operationName: operation.name?.value,
      findScope: (current) => compiled.findScope({ current, variables: coerced }),
      write: (request) => compiled.write({ ...request, variables: coerced }),
    };
  };
}

function parseValidDocument(
  schema: GraphQLSchema,
  parseDocument: (query: string) => DocumentNode,
  query: string,
): DocumentNode | undefined {
  try {
    const document = parseDocument(query);
    return validate(schema, document).length === 0 ? document : undefined;
  } catch {
    // The executor reports what is wrong with a document.
    return undefined;
  }
}

function isWithinLimits(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variableValues: Readonly<Record<string, unknown>>,
): boolean {
  return !findCostError({
    schema,
    document,
    operationName: operation.name?.value ?? null,
    variableValues: { ...variableValues },
  });
}

function tryToCompile(...args: Parameters<typeof compileOperation>): CompiledOperation | null {
  try {
    return compileOperation(...args);
  } catch (error) {
    // The executor reports arguments and directives with a value that they cannot have, such as null.
    if (error instanceof NotCompilableError || error instanceof GraphQLError) return null;
    throw error;
  }
}

/** Fields of Query and Register, with those of their arguments that decide the shape of the response. */
const rootFields: ReadonlyMap<string, readonly string[]> = new Map([
  ['unit', []],
  ['units', []],
  ['register', []],
  ['search', ['first', 'filter']],
]);

/** Returns the variables that decide the shape of the response: all but those that only select its root units. */
function findShapeVariables(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  const addVariables = {
    [Kind.VARIABLE]: ({ name }: { readonly name: { readonly value: string } }) => {
      names.add(name.value);
    },
  };
  visit(document, {
    [Kind.DIRECTIVE]: (node) => {
      visit(node, addVariables);
    },
    [Kind.FIELD]: (node) => {
      const shapeArguments = rootFields.get(node.name.value);
      for (const argument of node.arguments ?? [])
        if (!shapeArguments || shapeArguments.includes(argument.name.value)) visit(argument, addVariables);
    },
  });
  return names;
}

// The cost of an operation depends on the lengths of its lists.
function formatShapeKey(variables: Readonly<Record<string, unknown>>, shapeVariables: ReadonlySet<string>): string {
  const parts = Object.entries(variables).flatMap(([name, value]) => {
    if (shapeVariables.has(name)) return [[name, value]];
    return Array.isArray(value) ? [[name, value.length]] : [];
  });
  return JSON.stringify(parts);
}

/** Creates a cache of the values that were used last. */
function createCache<Value>(limit: number) {
  const values = new Map<string, Value>();
  return {
    find: (key: string, make: () => Value): Value => {
      const known = values.get(key);
      if (known !== undefined) {
        values.delete(key);
        values.set(key, known);
        return known;
      }
      const value = make();
      values.set(key, value);
      const [oldest] = values.keys();
      if (values.size > limit && oldest !== undefined) values.delete(oldest);
      return value;
    },
  };
}
