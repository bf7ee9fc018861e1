import {
  defaultFieldResolver,
  getArgumentValues,
  getNamedType,
  getOperationAST,
  GraphQLError,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { clientError } from '../../errors/client-error.ts';
import { breadthLimit, costLimit, depthLimit } from './limits.ts';

/**
 * Cost of a field with the items of a page, such as `nodes`: the field that returned the page has counted them, and
 * its multiplier holds for the fields of the items only. Whatever else a page has is paid once.
 */
export const pageItemCost = { field: 0, multiplier: 1 };

/** Makes the fields of queries and mutations refuse an operation over a limit, before any of them runs. */
export function withCostLimits(schema: GraphQLSchema): GraphQLSchema {
  const errors = new WeakMap<object, GraphQLError | null>();
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(type?.getFields() ?? {})) {
      const { resolve = defaultFieldResolver } = field;
      field.resolve = (parent, args, context, info) => {
        // The variables are one object for all fields of an execution.
        let error = errors.get(info.variableValues);
        if (error === undefined) {
          error = findLimitError(new CostOfOperation(schema, info.fragments, info.variableValues).of(info.operation));
          errors.set(info.variableValues, error);
        }
        if (error) throw error;
        return resolve(parent, args, context, info);
      };
    }
  return schema;
}

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
  try {
    const cost = new CostOfOperation(schema, listFragments(document), variableValues ?? {}).of(operation);
    return findLimitError(cost) ?? undefined;
  } catch (error) {
    // Happens if a variable has a wrong type.
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

function listFragments({ definitions }: DocumentNode): Fragments {
  return Object.fromEntries(
    definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
}

interface Cost {
  readonly depth: number;
  /** Number of fields */
  readonly breadth: number;
  readonly values: number;
  /** Values of the fields with the items of a page, for one item */
  readonly itemValues: number;
}

const noCost: Cost = { depth: 0, breadth: 0, values: 0, itemValues: 0 };

/** Cost of a field, as the complexity plugin keeps it in its extensions. */
type FieldCost = number | { readonly field?: number; readonly multiplier?: number };
type FieldCostOption = FieldCost | ((args: Record<string, unknown>, context: object, field: object) => FieldCost);

/** Estimates what an operation costs, from the costs of its fields and their arguments. */
class CostOfOperation {
  private readonly known = new Map<SelectionSetNode, Map<GraphQLNamedType, Cost>>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Fragments,
    private readonly variableValues: Readonly<Record<string, unknown>>,
  ) {}

  of({ operation, selectionSet }: OperationDefinitionNode): Cost {
    const type = this.schema.getRootType(operation);
    return type ? this.ofSelections(selectionSet, type) : noCost;
  }

  /** A fragment may be used many times, so its cost is computed once for each type. */
  private ofSelections(selectionSet: SelectionSetNode, type: GraphQLNamedType): Cost {
    const costByType = this.known.get(selectionSet) ?? new Map<GraphQLNamedType, Cost>();
    this.known.set(selectionSet, costByType);
    const known = costByType.get(type);
    if (known) return known;
    const cost = selectionSet.selections
      .map((selection) => {
        if (selection.kind === Kind.FIELD) return this.ofField(selection, type);
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments[selection.name.value] : selection;
        const condition = fragment?.typeCondition && this.schema.getType(fragment.typeCondition.name.value);
        return fragment ? this.ofSelections(fragment.selectionSet, condition ?? type) : noCost;
      })
      .reduce(addCosts, noCost);
    costByType.set(type, cost);
    return cost;
  }

  private ofField(node: FieldNode, type: GraphQLNamedType): Cost {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    if (!field) return { ...noCost, depth: 1, breadth: 1, values: 1 };
    const { own, multiplier, isPageItem } = this.readFieldCost(field, node);
    const inner = node.selectionSet ? this.ofSelections(node.selectionSet, getNamedType(field.type)) : noCost;
    const isPage = node.selectionSet !== undefined && hasPageItems(getNamedType(field.type));
    const values = own + (isPage ? inner.values + inner.itemValues * multiplier : inner.values * multiplier);
    return {
      depth: inner.depth + 1,
      breadth: inner.breadth + 1,
      values: isPageItem ? 0 : values,
      itemValues: isPageItem ? values : 0,
    };
  }

  private readFieldCost(field: GraphQLField<unknown, unknown>, node: FieldNode) {
    const option = field.extensions['complexity'] as FieldCostOption | undefined;
    const cost =
      typeof option === 'function' ? option(getArgumentValues(field, node, this.variableValues), {}, field) : option;
    const { field: own = 1, multiplier = 1 } = typeof cost === 'object' ? cost : { field: cost };
    return { own, multiplier: Math.max(multiplier, 0), isPageItem: option === pageItemCost };
  }
}

function addCosts(one: Cost, other: Cost): Cost {
  return {
    depth: Math.max(one.depth, other.depth),
    breadth: one.breadth + other.breadth,
    values: one.values + other.values,
    itemValues: one.itemValues + other.itemValues,
  };
}

function hasPageItems(type: GraphQLNamedType): boolean {
  return (
    isObjectType(type) &&
    Object.values(type.getFields()).some(({ extensions }) => extensions['complexity'] === pageItemCost)
  );
}

/** Returns the error of an operation over a limit, with the limit, the value and the remedy. */
function findLimitError({ depth, breadth, values }: Cost): GraphQLError | null {
  if (depth > depthLimit)
    return clientError(
      'LIMIT_EXCEEDED',
      `The operation is ${depth} levels deep, but at most ${depthLimit} are allowed. ` +
        'Ask for `descendants` instead of nested `children`, or split the operation.',
    );
  if (breadth > breadthLimit)
    return clientError(
      'LIMIT_EXCEEDED',
      `The operation has ${breadth} fields, but at most ${breadthLimit} are allowed. ` +
        'Use `units(reshIds:)` instead of aliases, or split the operation.',
    );
  if (values > costLimit)
    return clientError(
      'LIMIT_EXCEEDED',
      `The operation may return ${values} values, but at most ${costLimit} are allowed. ` +
        'Ask for smaller pages (`first`) or fewer fields.',
    );
  return null;
}
