import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  visit,
  type ASTNode,
  type DocumentNode,
  type ExecutionArgs,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { findTextProblem } from '../../domain/text/text-problem.ts';

/**
 * Rejects text that cannot be stored, in the operation and its variables, before execution; the error names the place.
 */
export const textValidation: Plugin = {
  onExecute: ({ args, setResultAndStopExecution }) => {
    const error = findTextError(args);
    if (error) setResultAndStopExecution({ errors: [error] });
  },
  onSubscribe: ({ args, setResultAndStopExecution }) => {
    const error = findTextError(args);
    if (error) setResultAndStopExecution({ errors: [error] });
  },
};

function findTextError({ document, variableValues }: ExecutionArgs): GraphQLError | undefined {
  const checkedDocument = omitMutationArguments(document);
  const used = collectVariableNames(checkedDocument);
  const variables = Object.entries(variableValues ?? {});
  return (
    findErrorInDocument(checkedDocument) ??
    findErrorInVariables(Object.fromEntries(variables.filter(([name]) => used.has(name))), '$')
  );
}

// A mutation checks its own arguments and reports them as user errors; this plugin checks everything else.
function omitMutationArguments(document: DocumentNode): DocumentNode {
  return visit(document, {
    [Kind.OPERATION_DEFINITION]: {
      enter: (node) =>
        node.operation !== OperationTypeNode.MUTATION
          ? false
          : {
              ...node,
              selectionSet: {
                ...node.selectionSet,
                selections: node.selectionSet.selections.map((selection) =>
                  selection.kind === Kind.FIELD ? { ...selection, arguments: [] } : selection,
                ),
              },
            },
    },
  });
}

function collectVariableNames(document: DocumentNode): Set<string> {
  const used = new Set<string>();
  visit(document, {
    [Kind.VARIABLE_DEFINITION]: () => false,
    [Kind.VARIABLE]: ({ name }) => void used.add(name.value),
  });
  return used;
}

function findErrorInDocument(document: DocumentNode): GraphQLError | undefined {
  let found: GraphQLError | undefined;
  visit(document, {
    [Kind.STRING]: (node) => {
      const problem = findTextProblem(node.value);
      if (problem) found ??= createTextError('the operation', problem, node);
    },
  });
  return found;
}

function createTextError(location: string, problem: string, node?: ASTNode): GraphQLError {
  return new GraphQLError(`The text in ${location} ${problem}, which is not allowed; remove it.`, {
    ...(node && { nodes: [node] }),
    extensions: { code: 'TEXT_INVALID' },
  });
}

function findErrorInVariables(value: unknown, path: string): GraphQLError | undefined {
  if (typeof value === 'string') {
    const problem = findTextProblem(value);
    return problem ? createTextError(path, problem) : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = findErrorInVariables(part, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}
