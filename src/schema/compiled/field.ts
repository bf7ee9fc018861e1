import type { SnapshotView } from './output.ts';
import type { Tally } from './tally.ts';

/** Values of a field's arguments; those that the operation omits are absent. */
export type FieldArguments = Readonly<Record<string, unknown>>;

/** Units of a list, by position: those of a range, or some in an order of their own. */
export type UnitList = { readonly start: number; readonly end: number } | readonly number[];

/** Returns the positions of a list. */
export function* listPositions(units: UnitList): Iterable<number> {
  if (!('start' in units)) yield* units;
  else for (let position = units.start; position < units.end; position += 1) yield position;
}

/** A field that is read from a snapshot. Sources of the type `Unit` are positions; -1 is no unit. */
export type CompiledField<Source> = {
  /** Arguments that the field can have; with another one, the operation is not compiled */
  readonly args?: readonly string[];
} & (
  | { readonly kind: 'leaf'; readonly read: (source: Source, view: SnapshotView) => unknown }
  | {
      readonly kind: 'object' | 'list';
      /** Whether the value can be long, so that it is not part of the stored JSON of its unit */
      readonly isLong?: boolean;
      /** Whether the JSON of a long value is stored for itself, because it takes longer to make than to copy */
      readonly isStoredAlone?: boolean;
      readonly read: (source: Source, view: SnapshotView, tally: Tally, args: FieldArguments) => unknown;
    }
  | {
      readonly kind: 'units';
      readonly read: (source: Source, view: SnapshotView, tally: Tally, args: FieldArguments) => UnitList;
    }
);

/** The compiled fields of an object type, by name. */
export type CompiledFields<Source> = Readonly<Record<string, CompiledField<Source>>>;

/** A field with a scalar, or a list of scalars, that is written as JSON. */
export function leaf<Source>(read: (source: Source, view: SnapshotView) => unknown): CompiledField<Source> {
  return { kind: 'leaf', read };
}

/** A field with an object; null or -1 if there is none. */
export function object<Source>(
  read: (source: Source, view: SnapshotView, tally: Tally, args: FieldArguments) => unknown,
): CompiledField<Source> {
  return { kind: 'object', read };
}

/** A field with a list of objects. */
export function list<Source>(
  read: (source: Source, view: SnapshotView, tally: Tally, args: FieldArguments) => readonly unknown[],
): CompiledField<Source> {
  return { kind: 'list', read };
}
