import type { SnapshotView } from './output.ts';
import type { Tally } from './tally.ts';

/** Values of a field's arguments; those that the operation omits are absent. */
export type FieldArguments = Readonly<Record<string, unknown>>;

/** Units of a list, by position: those of a range, or some in an order of their own. */
export type UnitList = { readonly start: number; readonly end: number } | readonly number[];

/** A field that is read from a snapshot. Sources of the type `Unit` are positions; -1 is no unit. */
export type CompiledField<Source> = {
  /** Arguments that the field can have; with another one, the operation is not compiled */
  readonly args?: readonly string[];
} & (
  | { readonly kind: 'leaf'; readonly read: (source: Source, view: SnapshotView) => unknown }
  | {
      readonly kind: 'object' | 'list';
      readonly type: string;
      /** Whether the value can be long, so that it is not part of the stored JSON of its unit */
      readonly isLong?: boolean;
      readonly read: (source: Source, view: SnapshotView, tally: Tally, args: FieldArguments) => unknown;
    }
  | {
      readonly kind: 'units';
      readonly read: (source: Source, view: SnapshotView, tally: Tally, args: FieldArguments) => UnitList;
    }
);

/** The compiled fields of an object type, by name. */
export type CompiledFields<Source> = Readonly<Record<string, CompiledField<Source>>>;

export function leaf<Source>(read: (source: Source, view: SnapshotView) => unknown): CompiledField<Source> {
  return { kind: 'leaf', read };
}

export function object<Source>(
  type: string,
  read: (source: Source, view: SnapshotView, tally: Tally, args: FieldArguments) => unknown,
): CompiledField<Source> {
  return { kind: 'object', type, read };
}

export function list<Source>(
  type: string,
  read: (source: Source, view: SnapshotView, tally: Tally, args: FieldArguments) => readonly unknown[],
): CompiledField<Source> {
  return { kind: 'list', type, read };
}
