import { searchSnapshot, type SearchHit } from '../../store/snapshot/search/search-snapshot.ts';
import type { SearchIndex } from '../../store/snapshot/search/search-index.ts';
import { encodeCursor } from '../kit/cursor.ts';
import { pageLimit } from '../kit/limits.ts';
import { resolvePageSize } from '../kit/page.ts';
import { parseSearchText, searchKey } from '../kit/search-text.ts';
import { NotAnswerableError } from './executor-only.ts';
import { leaf, object, type CompiledFields, type FieldArguments } from './field.ts';
import type { SnapshotView } from './output.ts';
import type { PageInfo } from './page-info.ts';
import type { Tally } from './tally.ts';

/** Arguments of a search that the compiled operation can have. */
export const searchArguments: readonly string[] = ['text', 'withinReshId', 'first'];

/** The first page of a search. */
interface SearchPage {
  readonly hits: readonly SearchHit[];
  readonly countUnits: () => number;
  readonly countClosed: () => number | undefined;
  readonly formatCursor: (hit: SearchHit) => string;
}

/** Searches a snapshot by text; the executor answers a search without text. */
export function readSearchPage(
  index: SearchIndex,
  { snapshot, named }: SnapshotView,
  tally: Tally,
  args: FieldArguments,
): SearchPage {
  const limit = resolvePageSize(args['first'] as number | undefined, pageLimit);
  const terms = parseSearchText(args['text'] as string | undefined);
  const within = args['withinReshId'] as number | undefined;
  const result = terms && searchSnapshot(snapshot, index, { terms, within, limit });
  if (!result) throw new NotAnswerableError('search');
  tally.objects += result.hits.length;
  return {
    ...result,
    formatCursor: ({ position, score }) => {
      const { nameSortKey, reshId } = snapshot.unitAt(position);
      const key = searchKey({ terms, filter: undefined, within });
      return encodeCursor(key, { ...snapshot.at, ...named }, [score, nameSortKey, reshId]);
    },
  };
}

/** A unit that a search found. */
interface SearchEdge {
  readonly hit: SearchHit;
  readonly page: SearchPage;
}

export const searchConnectionFields: CompiledFields<SearchPage> = {
  edges: { kind: 'list', isLong: true, read: (page): SearchEdge[] => page.hits.map((hit) => ({ hit, page })) },
  nodes: { kind: 'units', read: ({ hits }) => hits.map(({ position }) => position) },
  totalCount: leaf(({ countUnits }) => countUnits()),
  closedCount: leaf(({ countClosed }) => {
    const count = countClosed();
    if (count === undefined) throw new NotAnswerableError('closedCount');
    return count;
  }),
  pageInfo: object(({ hits, countUnits, formatCursor }): PageInfo => {
    const format = (hit: SearchHit | undefined): string | null => (hit ? formatCursor(hit) : null);
    return {
      hasNextPage: countUnits() > hits.length,
      formatStartCursor: () => format(hits[0]),
      formatEndCursor: () => format(hits.at(-1)),
    };
  }),
};

export const searchEdgeFields: CompiledFields<SearchEdge> = {
  cursor: leaf(({ hit, page }) => page.formatCursor(hit)),
  node: object(({ hit }) => hit.position),
  matched: object(({ hit }) => hit.match),
  isClosed: leaf(() => false),
};

export const searchMatchFields: CompiledFields<SearchHit['match']> = {
  kind: leaf(({ kind }) => kind),
  text: leaf(({ text }) => text),
};
