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
import { textProblem } from '../domain/text/text-problem.ts';

const refuse = (place: string, problem: string, node?: ASTNode): GraphQLError =>
  new GraphQLError(`The text in ${place} ${problem}, which no text may have; leave it out.`, {
    ...(node && { nodes: [node] }),
    extensions: { code: 'TEXT_INVALID' },
  });

const inVariables = (value: unknown, place: string): GraphQLError | undefined => {
  if (typeof value === 'string') {
    const problem = textProblem(value);
    return problem ? refuse(place, problem) : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = inVariables(part, Array.isArray(value) ? `${place}[${key}]` : `${place}.${key}`);
    if (found) return found;
  }
  return undefined;
};

const inDocument = (document: DocumentNode): GraphQLError | undefined => {
  let found: GraphQLError | undefined;
  visit(document, {
    [Kind.STRING]: (node) => {
      const problem = textProblem(node.value);
      if (problem) found ??= refuse('the operation', problem, node);
    },
  });
  return found;
};

// What a change is given is checked with the change, which tells it as something to mend; all else in the document is checked here.
const withoutChangeInputs = (document: DocumentNode): DocumentNode =>
  visit(document, {
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

const usedVariables = (document: DocumentNode): Set<string> => {
  const used = new Set<string>();
  visit(document, {
    [Kind.VARIABLE_DEFINITION]: () => false,
    [Kind.VARIABLE]: ({ name }) => void used.add(name.value),
  });
  return used;
};

const errorIn = ({ document, variableValues }: ExecutionArgs): GraphQLError | undefined => {
  const checked = withoutChangeInputs(document);
  const used = usedVariables(checked);
  const variables = Object.entries(variableValues ?? {});
  return inDocument(checked) ?? inVariables(Object.fromEntries(variables.filter(([name]) => used.has(name))), '$');
};

/** Refuses text that cannot be stored, in the operation and its variables, before anything runs; the error names the place. */
export const textCheck: Plugin = {
  onExecute: ({ args, setResultAndStopExecution }) => {
    const error = errorIn(args);
    if (error) setResultAndStopExecution({ errors: [error] });
  },
  onSubscribe: ({ args, setResultAndStopExecution }) => {
    const error = errorIn(args);
    if (error) setResultAndStopExecution({ errors: [error] });
  },
};
