/** Number of values and objects that a response shows, as the executor's limits count them. */
export interface Tally {
  values: number;
  objects: number;
}
