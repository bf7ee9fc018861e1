import { leaf, type CompiledFields } from './field.ts';

/** The place of a first page in its connection. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  /** Return null on an empty page */
  readonly formatStartCursor: () => string | null;
  readonly formatEndCursor: () => string | null;
}

export const pageInfoFields: CompiledFields<PageInfo> = {
  hasNextPage: leaf(({ hasNextPage }) => hasNextPage),
  hasPreviousPage: leaf(() => false),
  startCursor: leaf(({ formatStartCursor }) => formatStartCursor()),
  endCursor: leaf(({ formatEndCursor }) => formatEndCursor()),
};
