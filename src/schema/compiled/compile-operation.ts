import {
  getArgumentValues,
  getNamedType,
  GraphQLError,
  isObjectType,
  OperationTypeNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { ByteWriter } from '../../domain/text/byte-writer.ts';
import type { Day } from '../../domain/time/day.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { RegisterSnapshot } from '../../store/snapshot/register-snapshot.ts';
import type { SearchIndex } from '../../store/snapshot/search/search-index.ts';
import { lookupLimit } from '../kit/limits.ts';
import { encodeGlobalID, formatRegisterId } from '../kit/node-id.ts';
import { live, type NamedCoordinates } from '../kit/view.ts';
import { compileSelection } from './compile-selection.ts';
import { NotAnswerableError, NotCompilableError } from './executor-only.ts';
import type { Output, SnapshotView } from './output.ts';
import { readSearchPage, searchArguments } from './search-page.ts';
import { selectFields, type OperationSource, type SelectedField } from './select-fields.ts';
import { assertWithinLimits } from './tally.ts';

/** What a compiled operation is executed with. */
export interface CompiledRequest {
  /** The newest revision, and today */
  readonly current: Snapshot;
  /** Returns a snapshot if it is in memory */
  readonly findSnapshot: (at: Snapshot) => RegisterSnapshot | undefined;
  /** With all revisions of the snapshots; absent where the response does not depend on it */
  readonly searchIndex?: SearchIndex | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the response to an operation depends on, beside the operation and its variables. */
export interface ResponseScope {
  /** Snapshots that the response shows */
  readonly snapshots: readonly Snapshot[];
  /** Whether the operation names the day and revision of all of them, so that its response never changes */
  readonly isPinned: boolean;
  /** Whether the response depends on the search index */
  readonly usesSearchIndex: boolean;
}

/** A compiled operation. */
export interface CompiledOperation {
  /** Undefined where only the executor can answer */
  readonly findScope: (request: Omit<CompiledRequest, 'findSnapshot'>) => ResponseScope | undefined;
  /** Writes the response; undefined where only the executor can answer */
  readonly write: (request: CompiledRequest) => Buffer | undefined;
}

/**
 * Most searches in an operation. A search for new words takes milliseconds during which the process answers nothing
 * else; the database would run many of them beside other requests.
 */
const SEARCH_LIMIT = 2;

type Definition = GraphQLField<unknown, unknown>;

/** Writes fields of Query or, with a view, of Register. */
type EmitRoot = (request: CompiledRequest, output: Output, view?: SnapshotView) => void;

/** Writes a field of a register. */
type EmitField = (view: SnapshotView, request: CompiledRequest, output: Output) => void;

/**
 * Compiles a query into a function that writes its response from snapshots.
 *
 * @throws NotCompilableError
 */
export function compileOperation(operation: OperationDefinitionNode, source: OperationSource): CompiledOperation {
  const queryType = source.schema.getQueryType();
  if (operation.operation !== OperationTypeNode.QUERY || !queryType || operation.directives?.length)
    throw new NotCompilableError(operation.operation);
  const emitQuery = compileRoot(queryType, operation.selectionSet.selections, source);
  let expectedSize: number | undefined;
  const write = (request: CompiledRequest): Buffer | undefined => {
    const output: Output = {
      writer: new ByteWriter(expectedSize),
      tally: { values: 0, objects: 0 },
      isStored: false,
    };
    output.writer.text('{"data":');
    emitQuery(request, output);
    output.writer.text('}');
    assertWithinLimits(output.tally);
    expectedSize = output.writer.length + 1_000;
    return output.writer.toBuffer();
  };
  return {
    findScope: withoutClientErrors(createScopeFinder(queryType, operation, source)),
    write: withoutClientErrors(write),
  };
}

// The executor reports errors of the client, such as a page that is too large.
function withoutClientErrors<Request, Result>(run: (request: Request) => Result) {
  return (request: Request): Result | undefined => {
    try {
      return run(request);
    } catch (error) {
      if (error instanceof NotAnswerableError || error instanceof GraphQLError) return undefined;
      throw error;
    }
  };
}

function createScopeFinder(
  queryType: GraphQLObjectType,
  { selectionSet }: OperationDefinitionNode,
  source: OperationSource,
): (request: Omit<CompiledRequest, 'findSnapshot'>) => ResponseScope {
  const fields = selectFields(queryType, selectionSet.selections, source);
  const registers = fields.filter(({ name }) => name === 'register');
  const searchCount = countSearches(queryType, fields, source);
  if (searchCount > SEARCH_LIMIT) throw new NotCompilableError('search');
  const showsCurrent = fields.some(({ name }) => name !== 'register' && name !== '__typename');
  const definition = queryType.getFields()['register'];
  return (request) => {
    const views = definition ? registers.map(({ node }) => findRegisterView(definition, node, request)) : [];
    return {
      snapshots: [...(showsCurrent ? [request.current] : []), ...views.map(({ at }) => at)],
      isPinned: !showsCurrent && views.every(({ named }) => named.namesRevision && named.namesDay),
      usesSearchIndex: searchCount > 0,
    };
  };
}

/** Counts the searches of Query or Register fields. */
function countSearches(type: GraphQLObjectType, fields: readonly SelectedField[], source: OperationSource): number {
  return fields.reduce((count, { name, selections }) => {
    const definition = type.getFields()[name];
    if (name !== 'register' || !definition) return name === 'search' ? count + 1 : count;
    const registerType = objectTypeOf(definition);
    return count + countSearches(registerType, selectFields(registerType, selections, source), source);
  }, 0);
}

/** Returns the snapshot that a field `register` shows, and the coordinates that it names. */
function findRegisterView(
  definition: Definition,
  node: FieldNode,
  { current, variables }: Omit<CompiledRequest, 'findSnapshot'>,
): { at: Snapshot; named: NamedCoordinates } {
  const { validAt, revision, knownAt } = getArgumentValues(definition, node, { ...variables }) as {
    readonly validAt?: Day | null;
    readonly revision?: number | null;
    readonly knownAt?: Date | null;
  };
  const at = { revision: revision ?? current.revision, day: validAt ?? current.day };
  if (at.revision > current.revision || (knownAt ?? null) !== null) throw new NotAnswerableError();
  return { at, named: { namesRevision: typeof revision === 'number', namesDay: typeof validAt === 'string' } };
}

function findView(request: CompiledRequest, at: Snapshot, named: NamedCoordinates): SnapshotView {
  const snapshot = request.findSnapshot(at);
  if (!snapshot) throw new NotAnswerableError();
  return { snapshot, named };
}

// Query has the fields of Register for the current view, and `register` for another one.
function compileRoot(type: GraphQLObjectType, selections: readonly SelectionNode[], source: OperationSource): EmitRoot {
  const fields = selectFields(type, selections, source).map((field, index) => ({
    emit: compileRootField(type, field, source),
    isCounted: field.name !== '__typename',
    prefix: `${index === 0 ? '' : ','}${JSON.stringify(field.key)}:`,
  }));
  const valueCount = fields.filter(({ isCounted }) => isCounted).length;
  return (request, output, view) => {
    output.tally.values += valueCount;
    output.writer.text('{');
    for (const { emit, prefix } of fields) {
      output.writer.text(prefix);
      emit(request, output, view);
    }
    output.writer.text('}');
  };
}

function compileRootField(type: GraphQLObjectType, field: SelectedField, source: OperationSource): EmitRoot {
  if (field.name === '__typename') return (_request, { writer }) => writer.text(JSON.stringify(type.name));
  const definition = type.getFields()[field.name];
  if (!definition) throw new NotCompilableError(field.name);
  if (field.name === 'register') return compileRegister(definition, field, source);
  const emit = compileRegisterField(definition, field, source);
  return (request, output, view) => emit(view ?? findView(request, request.current, live), request, output);
}

function compileRegister(definition: Definition, field: SelectedField, source: OperationSource): EmitRoot {
  const emit = compileRoot(objectTypeOf(definition), field.selections, source);
  return (request, output) => {
    const { at, named } = findRegisterView(definition, field.node, request);
    emit(request, output, findView(request, at, named));
  };
}

function compileRegisterField(definition: Definition, field: SelectedField, source: OperationSource): EmitField {
  if (field.name === 'id') return writeRegisterId;
  if (field.name === 'revision') return ({ snapshot }, _request, { writer }) => writer.text(`${snapshot.at.revision}`);
  if (field.name === 'validAt') return ({ snapshot }, _request, { writer }) => writer.text(`"${snapshot.at.day}"`);
  if (field.name === 'unit') return compileUnitField(definition, field, source);
  if (field.name === 'units') return compileUnitsField(definition, field, source);
  if (field.name === 'search') return compileSearchField(definition, field, source);
  if (field.name === 'roots') return compileRootsField(definition, field, source);
  throw new NotCompilableError(field.name);
}

const writeRegisterId: EmitField = ({ snapshot, named }, _request, { writer }) =>
  writer.text(JSON.stringify(encodeGlobalID('Register', formatRegisterId({ ...snapshot.at, ...named }))));

function compileUnitField(definition: Definition, field: SelectedField, source: OperationSource): EmitField {
  const { emit } = compileSelection(objectTypeOf(definition), field.selections, source);
  return (view, request, output) => {
    const { reshId, includeClosed } = getArgumentValues(definition, field.node, { ...request.variables });
    const position = view.snapshot.tree.positionOf(reshId as number);
    if (position >= 0) emit(position, view, output);
    else if (includeClosed === true) throw new NotAnswerableError();
    else output.writer.text('null');
  };
}

function compileUnitsField(definition: Definition, field: SelectedField, source: OperationSource): EmitField {
  const { emit } = compileSelection(objectTypeOf(definition), field.selections, source);
  return (view, request, output) => {
    const args = getArgumentValues(definition, field.node, { ...request.variables });
    const reshIds = args['reshIds'] as readonly number[];
    if (reshIds.length > lookupLimit) throw new NotAnswerableError();
    output.writer.text('[');
    for (const [index, reshId] of reshIds.entries()) {
      const position = view.snapshot.tree.positionOf(reshId);
      if (position < 0) throw new NotAnswerableError();
      output.writer.comma(index === 0);
      emit(position, view, output);
    }
    output.writer.text(']');
  };
}

function compileSearchField(definition: Definition, field: SelectedField, source: OperationSource): EmitField {
  const { emit } = compileSelection(objectTypeOf(definition), field.selections, source);
  return (view, { variables, searchIndex }, output) => {
    const args = Object.entries(getArgumentValues(definition, field.node, { ...variables }));
    // Leaving out closed units is the default.
    const given = args.filter(([, value]) => value !== null && value !== undefined && value !== false);
    if (!searchIndex || given.some(([name]) => !searchArguments.includes(name))) throw new NotAnswerableError();
    emit(readSearchPage(searchIndex, view, output.tally, Object.fromEntries(given)), view, output);
  };
}

function compileRootsField(definition: Definition, field: SelectedField, source: OperationSource): EmitField {
  const { emitUnits } = compileSelection(objectTypeOf(definition), field.selections, source);
  if (!emitUnits) throw new NotCompilableError(field.name);
  return (view, _request, output) => {
    output.writer.text('[');
    emitUnits(view.snapshot.roots(), view, output);
    output.writer.text(']');
  };
}

function objectTypeOf(definition: Definition): GraphQLObjectType {
  const type = getNamedType(definition.type);
  if (!isObjectType(type)) throw new NotCompilableError(definition.name);
  return type;
}
