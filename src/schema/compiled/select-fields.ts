import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
} from 'graphql';

/** What a compiled operation is made from. The variables are those that decide its shape, with their values. */
export interface OperationSource {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A field of the response: its key, and its nodes in the document, which are merged. */
export interface SelectedField {
  readonly key: string;
  readonly name: string;
  readonly node: FieldNode;
  readonly selections: readonly SelectionNode[];
}

/** Returns the fragments of a document by name. */
export function indexFragments(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}

/** Returns the fields that selections of an object type select, in the order of the response. */
export function selectFields(
  type: GraphQLObjectType,
  selections: readonly SelectionNode[],
  source: OperationSource,
): SelectedField[] {
  const fields = new Map<string, { node: FieldNode; selections: SelectionNode[] }>();
  collect(type, selections, source, fields);
  return [...fields].map(([key, { node, selections: merged }]) => ({
    key,
    name: node.name.value,
    node,
    selections: merged,
  }));
}

function collect(
  type: GraphQLObjectType,
  selections: readonly SelectionNode[],
  source: OperationSource,
  fields: Map<string, { node: FieldNode; selections: SelectionNode[] }>,
): void {
  for (const selection of selections) {
    if (!isIncluded(selection, source)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const known = fields.get(key);
      const nested = selection.selectionSet?.selections ?? [];
      if (known) known.selections.push(...nested);
      else fields.set(key, { node: selection, selections: [...nested] });
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? source.fragments.get(selection.name.value) : selection;
    if (fragment && applies(fragment.typeCondition?.name.value, type, source.schema))
      collect(type, fragment.selectionSet.selections, source, fields);
  }
}

function isIncluded(selection: SelectionNode, { variables }: OperationSource): boolean {
  if (!selection.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
  return skip?.['if'] !== true && include?.['if'] !== false;
}

function applies(condition: string | undefined, type: GraphQLObjectType, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditionType = schema.getType(condition);
  return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
}
