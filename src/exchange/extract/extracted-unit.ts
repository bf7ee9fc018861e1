import type { Period } from '../../domain/time/period.ts';
import type { UnitFacts } from '../../domain/unit/facts.ts';
import type { AddressRow, ContactPointRow } from '../../store/read/unit-details.ts';

/** Rows that are read a page at a time. */
export type Pages<Row> = AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;

/** A unit of an extract. */
export interface ExtractedUnit {
  readonly place: PlacedUnit;
  /** Unbroken period around the day in which the unit is valid */
  readonly validity: Period;
  /** Unbroken period around the day in which the units above it are the same */
  readonly placed: Period;
  readonly designationName: string | null;
  readonly siteName: string | null;
  readonly codes: readonly NamedCode[];
  /** Empty if the format shows no details */
  readonly details: UnitDetails;
}

/** Facts of a unit on a day. */
export type UnitFactsRow = UnitFacts & { readonly reshId: number };

/** A unit and its place in the tree. */
export class PlacedUnit {
  /** Levels under the root: 0 at a root */
  readonly depth: number;
  readonly root: PlacedUnit;
  /** The nearest organization, the unit itself included */
  readonly enterprise: PlacedUnit | null;

  constructor(
    readonly row: UnitFactsRow,
    readonly parent: PlacedUnit | null,
  ) {
    this.depth = parent === null ? 0 : parent.depth + 1;
    this.root = parent === null ? this : parent.root;
    this.enterprise = row.type === 'ORGANIZATION' ? this : (parent?.enterprise ?? null);
  }
}

/** A code that a unit has, with its name. */
export interface NamedCode {
  readonly codeSet: number;
  readonly code: string;
  readonly name: string | null;
  readonly attributes: readonly string[];
}

/** Lists that only some formats show. */
export interface UnitDetails {
  readonly identifiers: readonly { readonly system: string; readonly value: string }[];
  readonly internationalNames: readonly { readonly language: string; readonly name: string }[];
  readonly addresses: readonly Inherited<Omit<AddressRow, 'n'>>[];
  readonly contactPoints: readonly Inherited<Omit<ContactPointRow, 'n'>>[];
}

/** A detail of a unit or of a unit above it. */
export type Inherited<Row> = Row & { readonly inherited: boolean };
