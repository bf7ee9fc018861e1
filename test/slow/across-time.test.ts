import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Succession } from '../../src/domain/succession.ts';
import type { Database } from '../../src/store/database.ts';
import { createClient } from '../support/client.ts';
import { openTestDatabase } from '../support/database.ts';
import { graphql } from '../support/generated/gql.ts';
import { ModelAcrossTime } from '../support/model/across-time.ts';
import { dayNear, histories, type History } from '../support/model/history.ts';
import { forgetEverything, recordKnowledge } from '../support/model/record.ts';
import { nothingKnown } from '../support/model/register.ts';
import { tried } from '../support/model/runs.ts';
import { recordSuccessions } from '../support/successions.ts';

const acrossTime = graphql(`
  query AcrossTime($reshIds: [ReshId!]!, $placed: [PlacementInput!]!, $translated: [UnitAtInput!]!, $to: Date!) {
    units(reshIds: $reshIds) {
      unit {
        predecessors(transitive: true) {
          ...Told
        }
        successors(transitive: true) {
          ...Told
        }
      }
    }
    placements(items: $placed) {
      outcome
      unit {
        seenOn
      }
      enterprise {
        reshId
      }
      region {
        reshId
      }
      treatmentSite {
        organizationNumber
      }
      warnings {
        code
        didYouMean
        replacedBy {
          reshId
        }
      }
    }
    translateUnits(items: $translated, to: $to) {
      outcome
      units {
        reshId
        seenOn
      }
      steps {
        ...Told
      }
    }
  }

  fragment Told on Succession {
    from {
      reshId
    }
    to {
      reshId
    }
    effectiveOn
  }
`);

const thereAndBack = graphql(`
  query ThereAndBack($there: [UnitAtInput!]!, $to: Date!, $back: [UnitAtInput!]!, $from: Date!) {
    there: translateUnits(items: $there, to: $to) {
      outcome
      units {
        reshId
      }
    }
    back: translateUnits(items: $back, to: $from) {
      outcome
      units {
        reshId
      }
    }
  }
`);

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const today = '2026-11-23';

/** Any unit becoming any other on any day: also what no change of ours would record, such as units that become each other. */
const successionsOf = ({ revisions, days }: History, drawn: readonly (readonly number[])[]): Succession[] => {
  const reshIds = [...(revisions.at(-1)?.timelines ?? [])].flatMap(([id, timeline]) => (timeline.length > 0 ? id : []));
  const edges = drawn.flatMap(([one = 0, other = 0, on = 0, kind = 0]): Succession[] => {
    const [fromReshId, toReshId] = [reshIds[one % reshIds.length], reshIds[other % reshIds.length]];
    const effectiveOn = days[on % days.length];
    if (fromReshId === undefined || toReshId === undefined || effectiveOn === undefined) return [];
    return fromReshId === toReshId
      ? []
      : [
          {
            ...{ fromReshId, toReshId, effectiveOn },
            kind: (['MERGE', 'SPLIT', 'REPLACEMENT'] as const)[kind % 3] ?? 'MERGE',
            extent: kind % 2 === 0 ? 'FULL' : 'PARTIAL',
          },
        ];
  });
  // Each once: which of two alike comes first says nothing.
  return [...new Map(edges.map((edge) => [`${edge.fromReshId}>${edge.toReshId}@${edge.effectiveOn}`, edge])).values()];
};

const record = async (history: History, successions: readonly Succession[]): Promise<void> => {
  await forgetEverything(database);
  for (const [revision, knowledge] of history.revisions.entries())
    if (revision > 0) await recordKnowledge(database, history.revisions[revision - 1] ?? nothingKnown, knowledge);
  await recordSuccessions(database, successions);
};

type Told = readonly { from: { reshId: number }; to: { reshId: number }; effectiveOn: string }[];
const told = (steps: Told): string[] =>
  steps.map(({ from, to, effectiveOn }) =>
    [effectiveOn, String(from.reshId).padStart(10, '0'), String(to.reshId).padStart(10, '0')].join(' '),
  );

describe('questions across time over a random history', () => {
  it('are answered as the model does', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(1),
        fc.array(fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), { maxLength: 10 }),
        fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
        async (history, drawn, [one = 0, other = 0, third = 0, slip = 0]) => {
          const successions = successionsOf(history, drawn);
          await record(history, successions);
          const model = new ModelAcrossTime(history.revisions, successions);
          const [at, to, date] = [dayNear(history, one), dayNear(history, other), dayNear(history, third)];
          const asked = [
            ...history.reshIds,
            ...history.reshIds.map((reshId) => reshId * 10 + (slip % 10)),
            ...history.reshIds.map((reshId) => reshId + (slip % 100)),
          ];
          const { units, placements, translateUnits } = await createClient(database, { today }).ask(acrossTime, {
            reshIds: history.reshIds as number[],
            placed: asked.map((reshId) => ({ reshId, date })),
            translated: asked.map((reshId) => ({ reshId, at })),
            to,
          });

          history.reshIds.forEach((reshId, place) => {
            const unit = units[place]?.unit;
            if (unit)
              expect([told(unit.predecessors), told(unit.successors)]).toEqual([
                model.predecessors(reshId),
                model.successors(reshId),
              ]);
          });
          expect(
            placements.map(({ outcome, unit, enterprise, region, treatmentSite, warnings }) => ({
              ...{ outcome, seenOn: unit?.seenOn ?? null },
              enterprise: enterprise?.reshId ?? null,
              region: region?.reshId ?? null,
              site: treatmentSite?.organizationNumber ?? null,
              warnings: warnings.map(({ code }) => code),
              didYouMean: warnings.flatMap(({ didYouMean }) => didYouMean),
              replacedBy: warnings.flatMap(({ replacedBy }) => replacedBy.map(({ reshId }) => reshId)),
            })),
          ).toEqual(asked.map((reshId) => model.placement(reshId, date)));
          expect(
            translateUnits.map(({ outcome, units: became, steps }) => ({
              outcome,
              units: became.map(({ reshId }) => reshId),
              steps: told(steps),
            })),
          ).toEqual(asked.map((reshId) => model.translation(reshId, at, to)));
          expect(
            translateUnits
              .flatMap(({ units: became }) => became.map(({ seenOn }) => seenOn))
              .every((day) => day === to),
          ).toBe(true);
        },
      ),
      tried(15),
    );
  });

  it('lead back to the same units where nothing was reorganized', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), fc.nat(), fc.nat(), async (history, one, other) => {
        await record(history, []);
        const [from, to] = [dayNear(history, one), dayNear(history, other)];
        const { there, back } = await createClient(database, { today }).ask(thereAndBack, {
          ...{ from, to },
          there: history.reshIds.map((reshId) => ({ reshId, at: from })),
          back: history.reshIds.map((reshId) => ({ reshId, at: to })),
        });

        there.forEach(({ outcome, units }, place) => {
          const reshId = history.reshIds[place];
          if (['MOVED', 'RENAMED', 'UNCHANGED'].includes(outcome)) expect(units).toEqual([{ reshId }]);
          const returned = back[place];
          if (units.length > 0 && returned && returned.units.length > 0) expect(returned).toEqual({ outcome, units });
        });
      }),
      tried(8),
    );
  });
});
