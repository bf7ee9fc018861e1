import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayBefore } from '../../src/domain/time/day.ts';
import type { Succession } from '../../src/domain/unit/succession.ts';
import { createClient } from '../support/http/client.ts';
import { clearRegister } from '../support/database/database.ts';
import { graphql } from '../support/generated/gql.ts';
import { dayNear, histories, type History } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { emptyState } from '../support/model/register-state.ts';
import { successionDraws, addSuccessions } from '../support/model/successions.ts';
import { TemporalQueryModel, formatSuccession } from '../support/model/temporal-queries.ts';
import { buildDetails, detailDraws, recordDetails, type UnitDetail } from '../support/model/unit-details.ts';
import { useRegister } from '../support/registers/use-register.ts';

const temporalQuery = graphql(`
  query AcrossTime(
    $reshIds: [ReshId!]!
    $placed: [PlacementInput!]!
    $translated: [UnitAtInput!]!
    $to: Date!
    $revision: Revision!
    $knownAt: DateTime!
    $within: ReshId
  ) {
    register(revision: $revision) {
      units(reshIds: $reshIds) {
        unit {
          predecessors(transitive: true) {
            ...SuccessionFields
          }
          successors(transitive: true) {
            ...SuccessionFields
          }
        }
      }
    }
    qualityIssues(withinReshId: $within, first: 100) {
      totalCount
      nodes {
        kind
        unit {
          reshId
        }
        others {
          reshId
        }
      }
    }
    known: register(knownAt: $knownAt) {
      placements(items: $placed) {
        outcome
        unit {
          seenOn
        }
        ...PlacementFacts
        warnings {
          code
          didYouMean
          replacedBy {
            reshId
          }
        }
      }
    }
    target: register(validAt: $to) {
      translateUnits(items: $translated) {
        outcome
        units {
          reshId
          seenOn
        }
        steps {
          ...SuccessionFields
        }
      }
    }
  }

  fragment SuccessionFields on Succession {
    from {
      reshId
    }
    to {
      reshId
    }
    effectiveOn
    kind
    extent
  }
`);

const pathsQuery = graphql(`
  query PathsOfUnits($reshIds: [ReshId!]!, $validAt: Date!) {
    register(validAt: $validAt) {
      units(reshIds: $reshIds) {
        unit {
          reshId
          isActive
          ancestors {
            reshId
          }
          ancestryHistory {
            validity {
              from
              to
            }
            ancestors {
              reshId
            }
          }
        }
      }
    }
  }
`);

const roundTripQuery = graphql(`
  query ThereAndBack($there: [UnitAtInput!]!, $to: Date!, $back: [UnitAtInput!]!, $from: Date!) {
    there: register(validAt: $to) {
      translateUnits(items: $there) {
        outcome
        units {
          reshId
        }
      }
    }
    back: register(validAt: $from) {
      translateUnits(items: $back) {
        outcome
        units {
          reshId
        }
      }
    }
  }
`);

const testRegister = useRegister();

const today = '2026-11-23';

async function recordHistory({ revisions }: History, details: readonly UnitDetail[]): Promise<void> {
  await clearRegister(testRegister.database);
  for (const [revision, state] of revisions.entries())
    if (revision > 0) await recordState(testRegister.database, revisions[revision - 1] ?? emptyState, state);
  await recordDetails(testRegister.database, details);
}

type SuccessionSteps = readonly {
  readonly from: { reshId: number };
  readonly to: { reshId: number };
  readonly effectiveOn: string;
  readonly kind: Succession['kind'];
  readonly extent: Succession['extent'];
}[];

function formatSteps(steps: SuccessionSteps): string[] {
  return steps.map(({ from, to, ...rest }) =>
    formatSuccession({ fromReshId: from.reshId, toReshId: to.reshId, ...rest }),
  );
}

describe('temporal queries over a random history', () => {
  it('equal the model', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(1),
        successionDraws,
        detailDraws,
        fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
        async (timelines, draws, drawnDetails, [one = 0, other = 0, third = 0, typoIndex = 0, past = 0, scope = 0]) => {
          const history = addSuccessions(timelines, draws);
          const details = buildDetails(history, drawnDetails);
          await recordHistory(history, details);
          const newest = history.revisions.length - 1;
          const model = new TemporalQueryModel(history, details, newest);
          const revision = 1 + (past % newest);
          const changes = await testRegister.database.prisma.change.findMany({ orderBy: { revision: 'asc' } });
          const knownAt = changes[revision - 1]?.recordedAt ?? new Date();
          // If several revisions have the same instant, the last one was known then.
          const earlier = changes.findLast(({ recordedAt }) => recordedAt <= knownAt)?.revision ?? 0;
          const [revisionModel, knownAtModel] = [revision, earlier].map(
            (then) => new TemporalQueryModel(history, details, then),
          );
          const today = dayNear(history, scope);
          const within = scope % 2 === 0 ? undefined : history.reshIds[scope % history.reshIds.length];
          const [at, to, date] = [dayNear(history, one), dayNear(history, other), dayNear(history, third)];
          const queriedReshIds = [
            ...history.reshIds,
            ...history.reshIds.map((reshId) => reshId * 10 + (typoIndex % 10)),
            ...history.reshIds.map((reshId) => reshId + (typoIndex % 100)),
          ];
          const answer = await createClient(testRegister.database, { today }).query(temporalQuery, {
            reshIds: history.reshIds as number[],
            placed: queriedReshIds.map((reshId) => ({ reshId, validAt: date })),
            translated: queriedReshIds.map((reshId) => ({ reshId, validAt: at })),
            to,
            revision,
            knownAt: knownAt.toISOString(),
            ...(within !== undefined && { within }),
          });
          const { register, qualityIssues } = answer;
          const { placements } = answer.known;
          const { translateUnits } = answer.target;

          history.reshIds.forEach((reshId, index) => {
            const unit = register.units[index]?.unit;
            if (unit)
              expect([formatSteps(unit.predecessors), formatSteps(unit.successors)]).toEqual([
                revisionModel?.predecessors(reshId),
                revisionModel?.successors(reshId),
              ]);
          });
          const issues = model.qualityIssues(today, within);
          expect(
            qualityIssues.nodes.map(({ kind, unit, others }) => [
              ...[kind, unit.reshId],
              others.map(({ reshId }) => reshId),
            ]),
          ).toEqual(issues.slice(0, 100));
          expect(qualityIssues.totalCount).toBe(issues.length);
          expect(
            placements.map(({ outcome, unit, enterprise, region, treatmentSite, codes, warnings }) => ({
              outcome,
              seenOn: unit?.seenOn ?? null,
              enterprise: enterprise?.reshId ?? null,
              region: region?.reshId ?? null,
              site: treatmentSite?.organizationNumber ?? null,
              codes: codes.map(({ code }) => code.code),
              warnings: warnings.map(({ code }) => code),
              didYouMean: warnings.flatMap(({ didYouMean }) => didYouMean),
              replacedBy: warnings.flatMap(({ replacedBy }) => replacedBy.map(({ reshId }) => reshId)),
            })),
          ).toEqual(queriedReshIds.map((reshId) => knownAtModel?.placement(reshId, date)));
          expect(
            translateUnits.map(({ outcome, units: targets, steps }) => ({
              outcome,
              units: targets.map(({ reshId }) => reshId),
              steps: formatSteps(steps),
            })),
          ).toEqual(queriedReshIds.map((reshId) => model.translation(reshId, at, to)));
          expect(
            translateUnits
              .flatMap(({ units: targets }) => targets.map(({ seenOn }) => seenOn))
              .every((day) => day === to),
          ).toBe(true);
        },
      ),
      propertyOptions(15),
    );
  });

  it('return path histories that agree with the ancestors of every day', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), async (history) => {
        await recordHistory(history, []);
        const client = createClient(testRegister.database, { today });
        const reshIds = [...history.reshIds];
        // Nothing changes between these days.
        for (const validAt of history.days.flatMap((day) => [dayBefore(day), day])) {
          const { units } = (await client.query(pathsQuery, { reshIds, validAt })).register;
          for (const { unit } of units) {
            if (!unit) continue;
            const period = unit.ancestryHistory.find(
              ({ validity: { from, to } }) => from && from <= validAt && (!to || validAt < to),
            );
            expect(period?.ancestors).toEqual(unit.isActive ? unit.ancestors : undefined);
          }
        }
      }),
      propertyOptions(8),
    );
  });

  it('lead back to the same units when nothing was reorganized', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), fc.nat(), fc.nat(), async (history, one, other) => {
        await recordHistory(history, []);
        const [from, to] = [dayNear(history, one), dayNear(history, other)];
        const answer = await createClient(testRegister.database, { today }).query(roundTripQuery, {
          from,
          to,
          there: history.reshIds.map((reshId) => ({ reshId, validAt: from })),
          back: history.reshIds.map((reshId) => ({ reshId, validAt: to })),
        });

        const [there, back] = [answer.there.translateUnits, answer.back.translateUnits];
        there.forEach(({ outcome, units }, index) => {
          const reshId = history.reshIds[index];
          if (['MOVED', 'RENAMED', 'UNCHANGED'].includes(outcome)) expect(units).toEqual([{ reshId }]);
          const returned = back[index];
          if (units.length > 0 && returned && returned.units.length > 0) expect(returned).toEqual({ outcome, units });
        });
      }),
      propertyOptions(8),
    );
  });
});
