/** A unit with its name, for a message. */
export interface UnitName {
  readonly reshId: number;
  readonly name: string;
}

/** Returns the label of a unit in messages: `108597 "Akutten"`. */
export function unitLabel({ reshId, name }: UnitName): string {
  return `${reshId} "${name}"`;
}
