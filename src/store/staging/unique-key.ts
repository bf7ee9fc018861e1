/** A unique key of the rows of a file: SQL expressions over a staged row `r`. */
export interface UniqueKey {
  /** Key as text; null if the row has none */
  readonly key: string;
  readonly column: string;
  readonly value: string;
  /** Problem of a row with the key of another row; `%s` is the label of the other row */
  readonly problem: string;
  /** Label of the row in the problems of other rows */
  readonly rowLabel: string;
  readonly remedy: string;
  /** Whether only rows with a first day are compared */
  readonly needsFirstDay?: boolean;
}
