import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClient } from '../support/http/client.ts';
import { clearRegister } from '../support/database/database.ts';
import { graphql } from '../support/generated/gql.ts';
import { dayNear, histories, type History } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { RegisterModel } from '../support/model/register-model.ts';
import { emptyState } from '../support/model/register-state.ts';
import { useRegister } from '../support/registers/use-register.ts';

const registerQuery = graphql(`
  query WholeRegister($validAt: Date!, $revision: Revision!, $reshIds: [ReshId!]!, $within: ReshId!) {
    register(validAt: $validAt, revision: $revision) {
      validAt
      revision
      roots {
        reshId
      }
      units(reshIds: $reshIds) {
        reshId
        outcome
        unit {
          reshId
          type
          name
          shortName
          displayName
          organizationNumber
          validity {
            from
            to
          }
          seenOn
          isActive
          parent {
            reshId
            name
            seenOn
          }
          ancestors {
            reshId
            name
            seenOn
          }
          parentReshId
          path
          depth
          isWithin(reshId: $within)
          children {
            totalCount
            nodes {
              reshId
              name
              seenOn
            }
          }
          childrenByIdBackwards: children(orderBy: { field: RESH_ID, direction: DESC }) {
            nodes {
              reshId
            }
          }
          descendants {
            totalCount
            edges {
              depth
              node {
                reshId
                name
                seenOn
              }
            }
          }
          nearDescendants: descendants(maxDepth: 2) {
            edges {
              depth
              node {
                reshId
              }
            }
          }
          organizations: descendantCount(filter: { types: [ORGANIZATION] })
          formerChildren {
            totalCount
            edges {
              effectiveOn
              reason
              node {
                reshId
                name
                seenOn
                ancestors {
                  reshId
                }
              }
            }
          }
          hasChildren
          childCount
          descendantCount
          enterprise {
            reshId
            name
            seenOn
          }
          region {
            reshId
            name
            seenOn
          }
          treatmentSite {
            organizationNumber
          }
          treatmentSites {
            totalCount
            nodes {
              organizationNumber
            }
          }
          parentHistory {
            validity {
              from
              to
            }
            parent {
              reshId
              name
              seenOn
            }
          }
          ancestryHistory {
            validity {
              from
              to
            }
            ancestors {
              reshId
              name
              seenOn
            }
          }
          versions {
            parentReshId
            type
            name
            shortName
            organizationNumber
            treatmentSite {
              organizationNumber
            }
            validity {
              from
              to
            }
            recordedBy {
              revision
            }
            supersededBy {
              revision
            }
          }
        }
      }
    }
  }
`);

const register = useRegister();

const unusedReshId = 1_999_999_999;

/** Picks the unit for `isWithin`, a different one at each revision. */
function pickScope({ reshIds }: History, revision: number): number {
  return reshIds[revision % reshIds.length] ?? unusedReshId;
}

function queryRegister(history: History, revision: number, day: string) {
  return createClient(register.database, { today: '2026-11-23' }).query(registerQuery, {
    validAt: day,
    revision,
    reshIds: [...history.reshIds, unusedReshId],
    within: pickScope(history, revision),
  });
}

describe('queries over a random history', () => {
  it('equal the model at any revision and day, and stay the same after later changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(1),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 3, maxLength: 3 }),
        async (history, coordinates) => {
          await clearRegister(register.database);
          const snapshots: { revision: number; day: string; answer: unknown }[] = [];
          for (const [revision, state] of history.revisions.entries()) {
            if (revision > 0)
              await recordState(register.database, history.revisions[revision - 1] ?? emptyState, state);
            for (const [at, on] of coordinates) {
              if (at % history.revisions.length !== revision) continue;
              const day = dayNear(history, on);
              const answer = await queryRegister(history, revision, day);
              expect(answer).toEqual({
                register: new RegisterModel(history.revisions, revision).register(
                  [...history.reshIds, unusedReshId],
                  day,
                  pickScope(history, revision),
                ),
              });
              snapshots.push({ revision, day, answer });
            }
          }
          for (const { revision, day, answer } of snapshots)
            expect(await queryRegister(history, revision, day), `revision ${revision} on ${day}`).toEqual(answer);
        },
      ),
      propertyOptions(12),
    );
  });
});
