/** Something that a rule forbids. */
export interface Violation {
  /** Number of the rule of the tree, `path`, `text`, `mapping` or `ledger` */
  readonly rule: string;
  /** The unit, of a mapping node the one it points at; null where there is none or the ledger is meant */
  readonly reshId: number | null;
  /** Days on which it is so, as a range whose end is the first day outside; null where no day is meant */
  readonly days: string | null;
  /** Revisions in which it is so, as a range whose end is the first one outside; null where none is meant */
  readonly revisions: string | null;
  readonly problem: string;
}
