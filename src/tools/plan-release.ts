import type { GraphQLSchema } from 'graphql';
import { listDeprecationFaults } from './deprecations.ts';
import { listUnagreedBreaks } from './schema-changes.ts';
import type { AgreedBreak, SchemaRelease } from './schema-releases.ts';

/** What a release would do. */
export interface ReleasePlan {
  /** What keeps the schema from being released, one line each */
  readonly faults: readonly string[];
  /** Day of the release that the new one takes the place of */
  readonly replacedDay: string | undefined;
}

/**
 * Plans the release of a schema on a day.
 *
 * @param options.released oldest first
 * @param options.isReplacing whether the newest release is taken back; one of the same day is replaced in any case, but
 *   its promises count
 */
export async function planRelease(options: {
  readonly released: readonly SchemaRelease[];
  readonly schema: GraphQLSchema;
  readonly day: string;
  readonly isReplacing: boolean;
  readonly agreedBreaks: readonly AgreedBreak[];
}): Promise<ReleasePlan> {
  const { released, schema, day, isReplacing, agreedBreaks } = options;
  const newest = released.at(-1);
  const kept = isReplacing || newest?.day === day ? released.slice(0, -1) : released;
  const promised = isReplacing ? kept.at(-1) : newest;
  const breaks = promised ? await listUnagreedBreaks(promised.schema, schema, agreedBreaks) : [];
  return {
    faults: [
      ...breaks.map((text) => `${text}: agree on it in docs/releases/agreed-breaks.json, or undo it`),
      ...listDeprecationFaults([...kept, { day, schema }], schema),
    ],
    replacedDay: kept.length < released.length ? newest?.day : undefined,
  };
}
