import {
  getArgumentValues,
  getNamedType,
  isLeafType,
  isNullableType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
  type SelectionNode,
} from 'graphql';
import { NotAnswerableError, NotCompilableError } from './executor-only.ts';
import { listPositions, type CompiledField, type FieldArguments, type UnitList } from './field.ts';
import { findCompiledField } from './fields.ts';
import { fragmentsOf } from './fragment-store.ts';
import type { Emit, Output, SnapshotView } from './output.ts';
import { selectFields, type OperationSource, type SelectedField } from './select-fields.ts';
import { assertWithinLimits } from './tally.ts';

/** A selection of an object type, compiled. */
export interface CompiledSelection {
  /** Writes the object */
  readonly emit: Emit<unknown>;
  /** Writes units of a list with commas between them; for the type `Unit` only */
  readonly emitUnits?: Emit<UnitList>;
  /** Whether the object can be long, so that it is not part of the stored JSON of a unit */
  readonly isLong: boolean;
  /** Text that is the same for selections with the same JSON */
  readonly signature: string;
}

interface CompiledMember extends Omit<CompiledSelection, 'emitUnits'> {
  readonly key: string;
  /** The executor counts each field as a value, but for `__typename` */
  readonly isCounted: boolean;
  /** Whether the JSON of the member is stored for itself */
  readonly isStoredAlone?: boolean;
}

/**
 * Compiles a selection of an object type.
 *
 * @throws NotCompilableError
 */
export function compileSelection(
  type: GraphQLObjectType,
  selections: readonly SelectionNode[],
  source: OperationSource,
): CompiledSelection {
  const members = selectFields(type, selections, source).map((field) => compileMember(type, field, source));
  const signature = `{${members.map((member) => member.signature).join(' ')}}`;
  return type.name === 'Unit' ? compileUnit(members, signature) : compileObject(members, signature);
}

function compileObject(members: readonly CompiledMember[], signature: string): CompiledSelection {
  const emitMembers = createMembersEmitter(members, true);
  // Directives can leave out all members.
  const end = members.length === 0 ? '{}' : '}';
  return {
    signature,
    isLong: members.some(({ isLong }) => isLong),
    emit: (source, view, output) => {
      emitMembers(source, view, output);
      output.writer.text(end);
    },
  };
}

// A unit is written in pieces: short fields are stored as bytes for each unit, most long ones are written each time.
function compileUnit(members: readonly CompiledMember[], signature: string): CompiledSelection {
  if (!members.some(({ isLong }) => isLong)) return compileShortUnit(compileObject(members, signature));
  const pieces = splitByLength(members).map((piece, index) => {
    const emitMembers = createMembersEmitter(piece, index === 0) as Emit<number>;
    const isStoredAlone = piece.every((member) => member.isStoredAlone);
    if (piece.some(({ isLong }) => isLong) && !isStoredAlone) return emitMembers;
    const pieceSignature = `${index === 0 ? '' : ','}${piece.map((member) => member.signature).join(' ')}`;
    return (position: number, view: SnapshotView, output: Output) =>
      fragmentsOf(view, pieceSignature, emitMembers, isStoredAlone).write(position, output);
  });
  const emit: Emit<number> = (position, view, output) => {
    for (const emitPiece of pieces) emitPiece(position, view, output);
    output.writer.text('}');
  };
  return {
    signature,
    isLong: true,
    emit: emit as Emit<unknown>,
    emitUnits: (units, view, output) => emitEach(listPositions(units), emit, view, output),
  };
}

function compileShortUnit({ emit, signature }: CompiledSelection): CompiledSelection {
  const make = emit as Emit<number>;
  return {
    signature,
    isLong: false,
    emit: (position, view, output) => {
      if (output.isStored) emit(position, view, output);
      else fragmentsOf(view, signature, make).write(position as number, output);
    },
    emitUnits: (units, view, output) => {
      const fragments = fragmentsOf(view, signature, make);
      if ('start' in units) fragments.writeRange(units.start, units.end, output);
      else emitEach(units, (position) => fragments.write(position, output), view, output);
    },
  };
}

/** Splits members into runs that are short, and members that are long. */
function splitByLength(members: readonly CompiledMember[]): CompiledMember[][] {
  const pieces: CompiledMember[][] = [];
  for (const member of members) {
    const piece = pieces.at(-1);
    if (piece && !member.isLong && !piece.some(({ isLong }) => isLong)) piece.push(member);
    else pieces.push([member]);
  }
  return pieces;
}

/** Returns a function that writes members, with the brace or comma before them. */
function createMembersEmitter(members: readonly CompiledMember[], isFirst: boolean): Emit<unknown> {
  const prefixes = members.map(({ key }, index) => `${isFirst && index === 0 ? '{' : ','}${JSON.stringify(key)}:`);
  const valueCount = members.filter(({ isCounted }) => isCounted).length;
  return (source, view, output) => {
    output.tally.values += valueCount;
    for (const [index, member] of members.entries()) {
      output.writer.text(prefixes[index] as string);
      member.emit(source, view, output);
    }
  };
}

function compileMember(type: GraphQLObjectType, field: SelectedField, source: OperationSource): CompiledMember {
  const { key, name } = field;
  if (name === '__typename') {
    const text = JSON.stringify(type.name);
    return { key, isCounted: false, isLong: false, signature: `${key}:${name}`, emit: emitText(() => text) };
  }
  const compiled = findCompiledField(type.name, name);
  const definition = type.getFields()[name];
  if (!compiled || !definition) throw new NotCompilableError(`${type.name}.${name}`);
  const args = readArguments(compiled, definition, field, source);
  const value = compileValue(compiled, definition, args, field, source);
  return { key, isCounted: true, ...value, signature: `${key}:${name}${JSON.stringify(args)}${value.signature}` };
}

function readArguments(
  { args: supported = [] }: CompiledField<unknown>,
  definition: GraphQLField<unknown, unknown>,
  { node }: SelectedField,
  { variables }: OperationSource,
): FieldArguments {
  const args = getArgumentValues(definition, node, variables);
  const given = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
  if (given.some(([name]) => !supported.includes(name))) throw new NotCompilableError(definition.name);
  return Object.fromEntries(given);
}

function compileValue(
  field: CompiledField<unknown>,
  definition: GraphQLField<unknown, unknown>,
  args: FieldArguments,
  { selections }: SelectedField,
  source: OperationSource,
): Omit<CompiledMember, 'key' | 'isCounted'> {
  const type = getNamedType(definition.type);
  if (field.kind === 'leaf') {
    if (!isLeafType(type)) throw new NotCompilableError(definition.name);
    return { isLong: false, signature: '', emit: emitText((parent, view) => JSON.stringify(field.read(parent, view))) };
  }
  if (!isObjectType(type)) throw new NotCompilableError(definition.name);
  const selection = compileSelection(type, selections, source);
  const { signature } = selection;
  const isLong = selection.isLong || field.kind === 'units' || field.isLong === true;
  if (field.kind === 'units') {
    const { emitUnits } = selection;
    if (!emitUnits) throw new NotCompilableError(definition.name);
    return {
      isLong,
      signature,
      emit: (parent, view, output) => {
        output.writer.text('[');
        emitUnits(field.read(parent, view, output.tally, args), view, output);
        output.writer.text(']');
      },
    };
  }
  const isNullable = field.kind === 'object' && isNullableType(definition.type);
  const emit: Emit<unknown> = (value, view, output) => {
    if (value !== null && value !== undefined && value !== -1) selection.emit(value, view, output);
    else if (isNullable) output.writer.text('null');
    else throw new NotAnswerableError(`${definition.name} has no value`);
  };
  if (field.kind === 'object')
    return {
      isLong,
      signature,
      emit: (parent, view, output) => emit(field.read(parent, view, output.tally, args), view, output),
    };
  return {
    isLong,
    isStoredAlone: field.isStoredAlone === true && !selection.isLong,
    signature,
    emit: (parent, view, output) => {
      output.writer.text('[');
      emitEach(field.read(parent, view, output.tally, args) as readonly unknown[], emit, view, output);
      output.writer.text(']');
    },
  };
}

function emitText(read: (source: unknown, view: SnapshotView) => string): Emit<unknown> {
  return (source, view, { writer }) => writer.text(read(source, view));
}

function emitEach<Item>(items: Iterable<Item>, emit: Emit<Item>, view: SnapshotView, output: Output): void {
  let isFirst = true;
  for (const item of items) {
    output.writer.comma(isFirst);
    isFirst = false;
    emit(item, view, output);
    assertWithinLimits(output.tally);
  }
}
