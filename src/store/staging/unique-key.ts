/** A unique key of the rows of a file: SQL expressions over a staged row `r`. */
export interface UniqueKey {
  /** Key as text; null where the row has none */
  readonly key: string;
  readonly column: string;
  readonly value: string;
  /** Problem of a row with the key of another; `%s` is the label of the other */
  readonly problem: string;
  /** Label of the row in problems of others */
  readonly rowLabel: string;
  readonly remedy: string;
  /** Whether only rows with a first day are compared */
  readonly needsFirstDay?: boolean;
}
