import { OBJECT_LIMIT, VALUE_LIMIT } from '../../context/budget.ts';
import { NotAnswerableError } from './executor-only.ts';

/** Number of values and objects that a response shows, as the executor's limits count them. */
export interface Tally {
  values: number;
  objects: number;
}

/**
 * Stops a response that is over a limit while it is written: one that goes up and down the tree has no other bound.
 *
 * @throws NotAnswerableError
 */
export function assertWithinLimits({ values, objects }: Tally): void {
  if (values > VALUE_LIMIT || objects > OBJECT_LIMIT) throw new NotAnswerableError('over a limit');
}
