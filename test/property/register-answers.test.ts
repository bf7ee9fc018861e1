import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { createClient } from '../support/client.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';
import { graphql } from '../support/generated/gql.ts';
import { ModelAnswers } from '../support/model/answers.ts';
import { dayNear, histories, type History } from '../support/model/history.ts';
import { recordKnowledge } from '../support/model/record.ts';
import { tried } from '../support/model/runs.ts';
import { nothingKnown } from '../support/model/register.ts';

const wholeRegister = graphql(`
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
              until
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
            from
            to
            parent {
              reshId
              name
              seenOn
            }
          }
          ancestryHistory {
            from
            to
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
            treatmentSiteNumber
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

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const neverGiven = 1_999_999_999;
/** The unit that others are asked whether they are within, another one at each revision. */
const scopeOf = ({ reshIds }: History, revision: number): number => reshIds[revision % reshIds.length] ?? neverGiven;

const ask = (history: History, revision: number, day: string) =>
  createClient(database, { today: '2026-11-23' }).ask(wholeRegister, {
    validAt: day,
    revision,
    reshIds: [...history.reshIds, neverGiven],
    within: scopeOf(history, revision),
  });

describe('the register over a random history', () => {
  it('answers as the model at any revision and day, and for ever the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(1),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 3, maxLength: 3 }),
        async (history, coordinates) => {
          await emptyRegister(database);
          const snapshots: { revision: number; day: string; answer: unknown }[] = [];
          for (const [revision, knowledge] of history.revisions.entries()) {
            if (revision > 0)
              await recordKnowledge(database, history.revisions[revision - 1] ?? nothingKnown, knowledge);
            for (const [at, on] of coordinates) {
              if (at % history.revisions.length !== revision) continue;
              const day = dayNear(history, on);
              const answer = await ask(history, revision, day);
              expect(answer).toEqual({
                register: new ModelAnswers(history.revisions, revision).register(
                  [...history.reshIds, neverGiven],
                  day,
                  scopeOf(history, revision),
                ),
              });
              snapshots.push({ revision, day, answer });
            }
          }
          for (const { revision, day, answer } of snapshots)
            expect(await ask(history, revision, day), `revision ${revision} on ${day}`).toEqual(answer);
        },
      ),
      tried(12),
    );
  });
});
