import {
  parseSearchTerms,
  SEARCH_TEXT_LIMIT,
  SEARCH_WORD_LIMIT,
  type SearchTerms,
} from '../../domain/text/search-terms.ts';
import type { UnitOrder } from '../../domain/unit/filter.ts';
import { clientError } from '../../errors/client-error.ts';
import type { SearchQuery } from '../../store/read/search-matches.ts';
import { connectionKey } from './cursor.ts';

/**
 * Parses the text of a search; undefined if there is nothing to search for.
 *
 * @throws LIMIT_EXCEEDED
 */
export function parseSearchText(text: string | null | undefined): SearchTerms | undefined {
  if (!text) return undefined;
  // Some characters, such as emoji, have two code units.
  const { length } = Array.from(text);
  if (length > SEARCH_TEXT_LIMIT)
    throw clientError(
      'LIMIT_EXCEEDED',
      `\`text\` has ${length} characters, but at most ${SEARCH_TEXT_LIMIT} are allowed. Search for fewer words.`,
    );
  const terms = parseSearchTerms(text);
  if (terms && terms.words.length > SEARCH_WORD_LIMIT)
    throw clientError(
      'LIMIT_EXCEEDED',
      `\`text\` has ${terms.words.length} words, but at most ${SEARCH_WORD_LIMIT} are allowed. Search for fewer words.`,
    );
  return terms;
}

/** Returns what the cursors of a search are bound to. */
export function searchKey({ terms, filter, within, includeClosed }: SearchQuery, order?: UnitOrder): string {
  return connectionKey('search', { terms, filter, within, includeClosed, order });
}
