import type { SearchTerms } from '../../domain/text/search-terms.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { UnitFilter } from '../../domain/unit/filter.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { knownAtKeyRevision } from '../sql/temporal-conditions.ts';

/** A search with its filters. */
export interface SearchQuery {
  /** Absent to find all units that match the filters */
  readonly terms: SearchTerms | undefined;
  readonly filter: UnitFilter | undefined;
  /** RESH-id of a unit: limits the search to its subtree */
  readonly within: number | undefined;
  /** Whether to find units that are no longer valid on the day too */
  readonly includeClosed?: boolean | undefined;
}

/** A search at a snapshot of the register. */
export type SearchAtSnapshot = SearchQuery & Snapshot;

/** Points by which closed units come after all others. */
export const CLOSED_PENALTY = 100_000;

/**
 * Returns a join that finds the version in which a search shows a unit: on the day, or the last one of a closed unit.
 * `offset 0` makes PostgreSQL look up one row by its key, even if the planner would rather scan the table.
 */
export function shownVersionSql(reshId: string): Prisma.Sql {
  return Prisma.sql`
      cross join lateral (
        select v.id as version_id, v.name_sort_key, v.path, v.valid_to, coalesce(v.valid_to <= key.day, false) as is_closed
        from unit_version v
        where v.resh_id = ${Prisma.raw(reshId)}
          and ${knownAtKeyRevision('v')}
          and v.valid_from <= key.day
        order by v.valid_from desc
        limit 1
        offset 0
      ) shown`;
}

/** Returns the snapshot as one row `key`, whose values the planner treats as constants. */
export function snapshotKeySql({ revision, day }: Snapshot): Prisma.Sql {
  return Prisma.sql`(select ${revision}::integer as revision, ${day}::date as day) as key`;
}

/** Returns SQL for a text in lower case. A database with the collation "C" lowers ASCII letters only. */
export function lowerExpression(text: string): string {
  return `translate(lower(${text}), 'ÆØÅ', 'æøå')`;
}
