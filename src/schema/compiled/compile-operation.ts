import {
  getArgumentValues,
  getNamedType,
  GraphQLError,
  isObjectType,
  OperationTypeNode,
  type GraphQLField,
  type GraphQLObjectType,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import type { Day } from '../../domain/time/day.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { RegisterSnapshot } from '../../store/snapshot/register-snapshot.ts';
import { OBJECT_LIMIT, VALUE_LIMIT } from '../../context/budget.ts';
import { lookupLimit } from '../kit/limits.ts';
import { ByteWriter } from './byte-writer.ts';
import { compileSelection, NotCompilableError } from './compile-selection.ts';
import type { Output, SnapshotView } from './output.ts';
import { selectFields, type OperationSource, type SelectedField } from './select-fields.ts';

/** What a compiled operation is executed with. */
export interface CompiledRequest {
  /** The newest revision, and today */
  readonly current: Snapshot;
  /** Returns a snapshot if it is in memory */
  readonly findSnapshot: (at: Snapshot) => RegisterSnapshot | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Writes the response of an operation; undefined where only the executor can answer. */
export type CompiledOperation = (request: CompiledRequest) => Buffer | undefined;

/** A request has something that only the executor can answer. */
class NotAnswerableError extends Error {}

type EmitRoot = (view: SnapshotView, request: CompiledRequest, output: Output) => void;

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
  return (request) => {
    try {
      const output: Output = {
        writer: new ByteWriter(expectedSize),
        tally: { values: 0, objects: 0 },
        isStored: false,
      };
      output.writer.text('{"data":');
      emitQuery(findView(request, request.current, false), request, output);
      output.writer.text('}');
      if (output.tally.values > VALUE_LIMIT || output.tally.objects > OBJECT_LIMIT) return undefined;
      expectedSize = output.writer.length + 1_000;
      return output.writer.toBuffer();
    } catch (error) {
      // The executor reports errors of the client, such as a page that is too large.
      if (error instanceof NotAnswerableError || error instanceof GraphQLError) return undefined;
      throw error;
    }
  };
}

function findView(request: CompiledRequest, at: Snapshot, pinned: boolean): SnapshotView {
  const snapshot = request.findSnapshot(at);
  if (!snapshot) throw new NotAnswerableError();
  return { snapshot, pinned };
}

// Query has the fields of Register for the current view, and `register` for another one.
function compileRoot(type: GraphQLObjectType, selections: readonly SelectionNode[], source: OperationSource): EmitRoot {
  const fields = selectFields(type, selections, source).map((field) => ({
    emit: compileRootField(type, field, source),
    isCounted: field.name !== '__typename',
    key: JSON.stringify(field.key),
  }));
  const valueCount = fields.filter(({ isCounted }) => isCounted).length;
  return (view, request, output) => {
    output.tally.values += valueCount;
    for (const [index, { emit, key }] of fields.entries()) {
      output.writer.text(`${index === 0 ? '{' : ','}${key}:`);
      emit(view, request, output);
    }
    output.writer.text('}');
  };
}

function compileRootField(type: GraphQLObjectType, field: SelectedField, source: OperationSource): EmitRoot {
  if (field.name === '__typename') return (_view, _request, { writer }) => writer.text(JSON.stringify(type.name));
  const definition = type.getFields()[field.name];
  if (!definition) throw new NotCompilableError(field.name);
  if (field.name === 'register') return compileRegister(definition, field, source);
  if (field.name === 'revision') return ({ snapshot }, _request, { writer }) => writer.text(`${snapshot.at.revision}`);
  if (field.name === 'validAt') return ({ snapshot }, _request, { writer }) => writer.text(`"${snapshot.at.day}"`);
  if (field.name === 'unit') return compileUnitField(definition, field, source);
  if (field.name === 'units') return compileUnitsField(definition, field, source);
  if (field.name === 'roots') return compileRootsField(definition, field, source);
  throw new NotCompilableError(field.name);
}

type Definition = GraphQLField<unknown, unknown>;

function compileRegister(definition: Definition, field: SelectedField, source: OperationSource): EmitRoot {
  const emit = compileRoot(objectTypeOf(definition), field.selections, source);
  return (_view, request, output) => {
    const args = getArgumentValues(definition, field.node, { ...request.variables });
    const revision = (args['revision'] as number | null | undefined) ?? request.current.revision;
    const day = (args['validAt'] as Day | null | undefined) ?? request.current.day;
    if (revision > request.current.revision || (args['knownAt'] ?? null) !== null) throw new NotAnswerableError();
    emit(findView(request, { revision, day }, true), request, output);
  };
}

function compileUnitField(definition: Definition, field: SelectedField, source: OperationSource): EmitRoot {
  const { emit } = compileSelection(objectTypeOf(definition), field.selections, source);
  return (view, request, output) => {
    const { reshId, includeClosed } = getArgumentValues(definition, field.node, { ...request.variables });
    const position = view.snapshot.tree.positionOf(reshId as number);
    if (position >= 0) emit(position, view, output);
    else if (includeClosed === true) throw new NotAnswerableError();
    else output.writer.text('null');
  };
}

function compileUnitsField(definition: Definition, field: SelectedField, source: OperationSource): EmitRoot {
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

function compileRootsField(definition: Definition, field: SelectedField, source: OperationSource): EmitRoot {
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
