/** Stored rows that break a rule. */
export interface Violation {
  /** Number of the rule of the tree, `path`, `text`, `mapping` or `ledger` */
  readonly rule: string;
  /** The unit, or the unit that a mapping node points at; null if there is none, and for the ledger */
  readonly reshId: number | null;
  /** Days of the violation, as a range with an exclusive end; null if it has no days */
  readonly days: string | null;
  /** Revisions of the violation, as a range with an exclusive end; null if it has no revisions */
  readonly revisions: string | null;
  readonly problem: string;
}

/** SQL that inserts the rows of the query behind it as violations. */
export const insertViolation = 'insert into verify_violation (rule, resh_id, days, revisions, problem)';
