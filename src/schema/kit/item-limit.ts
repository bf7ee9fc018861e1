import { clientError } from '../../errors/client-error.ts';
import { lookupLimit } from './limits.ts';

/** Describes an `items` argument. */
export function itemsDescription(what: string): string {
  return `${what}, at most ${lookupLimit}`;
}

/**
 * Checks that a list of items is within the limit.
 *
 * @throws LIMIT_EXCEEDED
 */
export function assertItemLimit(items: readonly unknown[]): void {
  if (items.length > lookupLimit)
    throw clientError(
      'LIMIT_EXCEEDED',
      `\`items\` has ${items.length} items, but at most ${lookupLimit} are allowed. Ask for ${lookupLimit} at a time.`,
    );
}
