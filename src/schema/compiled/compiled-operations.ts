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
import { BoundedCache, DOCUMENT_CHARACTER_LIMIT } from '../kit/bounded-cache.ts';
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

/** Longest query that is compiled, with the name of its operation. */
const QUERY_LENGTH_LIMIT = 10_000;
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
  const operations = new BoundedCache<PreparedOperation | null>(DOCUMENT_CHARACTER_LIMIT);
  // Each shape of an operation counts with the length of its document.
  const shapes = new BoundedCache<CompiledOperation | null>(DOCUMENT_CHARACTER_LIMIT);
  let operationCount = 0;
  return ({ query, operationName, variables }) => {
    // An empty name is not the same as none.
    const key = `${operationName?.length ?? ''}:${operationName ?? ''}${query}`;
    if (key.length > QUERY_LENGTH_LIMIT) return undefined;
    const operation = operations.findOrMake(key, key.length, () => {
      const document = parseValidDocument(schema, parseDocument, query);
      operationCount += 1;
      return document
        ? prepareOperation(schema, document, operationName, createShapes(operationCount, key.length))
        : null;
    });
    return operation?.(variables ?? {});
  };

  /** Returns a function that finds a shape of one operation. */
  function createShapes(operationNumber: number, length: number): FindShape {
    return (key, compile) => shapes.findOrMake(`${operationNumber} ${key}`, length + key.length, compile);
  }
}

/** Returns a compiled shape of an operation, which is compiled if it is not known. */
type FindShape = (key: string, compile: () => CompiledOperation | null) => CompiledOperation | null;

type PreparedOperation = (variables: Readonly<Record<string, unknown>>) => PreparedRequest | undefined;

function prepareOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  findShape: FindShape,
): PreparedOperation | null {
  const operation = getOperationAST(document, operationName);
  if (!operation) return null;
  const fragments = indexFragments(document);
  const shapeVariables = findShapeVariables(document);
  return (inputs) => {
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...inputs });
    if (!coerced) return undefined;
    const key = formatShapeKey(coerced, shapeVariables);
    if (key.length > SHAPE_KEY_LIMIT) return undefined;
    const compiled = findShape(key, () =>
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
