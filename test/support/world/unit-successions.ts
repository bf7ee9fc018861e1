import type { Day } from '../../../src/domain/time/day.ts';
import type { ChangingWorld } from './changing-world.ts';
import { createClient } from '../http/client.ts';
import { graphql } from '../generated/gql.ts';
import { worldDay } from './world.ts';

const successionsQuery = graphql(`
  query UnitSuccessions($reshId: ReshId!, $revision: Revision, $transitive: Boolean) {
    register(revision: $revision) {
      units(reshIds: [$reshId]) {
        outcome
        unit {
          seenOn
          predecessors(transitive: $transitive) {
            ...BecameEdge
          }
          successors(transitive: $transitive) {
            ...BecameEdge
          }
        }
      }
    }
  }

  fragment BecameEdge on Succession {
    from {
      reshId
    }
    to {
      reshId
    }
    kind
    extent
    effectiveOn
  }
`);

/** Returns the successions from and to a unit, each as `110 > 120 MERGE FULL 2027-01-01`. */
export async function readUnitSuccessions(
  { database }: ChangingWorld,
  reshId: number,
  options: { transitive?: boolean; revision?: number } = {},
): Promise<{ outcome: string | undefined; seenOn: Day | undefined; from: string[]; to: string[] }> {
  const client = createClient(database, { today: worldDay });
  const [found] = (await client.query(successionsQuery, { reshId, ...options })).register.units;
  const formatSuccession = ({
    from,
    to,
    kind,
    extent,
    effectiveOn,
  }: NonNullable<typeof found>['unit'] extends infer U
    ? NonNullable<U> extends { successors: (infer Edge)[] }
      ? Edge
      : never
    : never): string => `${from.reshId} > ${to.reshId} ${kind} ${extent} ${effectiveOn}`;
  return {
    outcome: found?.outcome,
    seenOn: found?.unit?.seenOn,
    from: (found?.unit?.predecessors ?? []).map(formatSuccession),
    to: (found?.unit?.successors ?? []).map(formatSuccession),
  };
}
