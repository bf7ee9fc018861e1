import { clientError } from '../../errors/client-error.ts';
import { lookupLimit } from './limits.ts';

/** Description of an `items` argument. */
export function itemsDescription(what: string): string {
  return `${what}, at most ${lookupLimit}`;
}

/**
 * Sees to it that no call asks for too much.
 *
 * @throws LIMIT_EXCEEDED
 */
export function assertItemLimit(items: readonly unknown[]): void {
  if (items.length > lookupLimit)
    throw clientError(
      'LIMIT_EXCEEDED',
      `«items» has ${items.length} items, and ${lookupLimit} are allowed. Ask in parts of ${lookupLimit}.`,
    );
}
