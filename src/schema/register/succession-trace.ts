import type { Context } from '../../context.ts';
import { lookUp, type Lookup } from '../../domain/unit/lookup.ts';
import { follow, leadsForward, type Journey } from '../../domain/unit/succession.ts';
import type { SuccessionRow } from '../../store/read/successions.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import type { SeenUnit, View } from '../kit/view.ts';

/** The successions followed, and what the units that were met on the way are on the day that it leads to, the first one included. */
export interface Became {
  readonly steps: readonly SuccessionRow[];
  readonly reached: readonly { readonly reshId: number; readonly lookup: Lookup<UnitRow> }[];
}

/**
 * What units, each as of one day, became by another day, or where that lies before, what they came from: in the order asked. All of
 * them are read side by side, so that a thousand take as many statements as one.
 */
export const loadBecame = async (
  { loaders, spend }: Context,
  journeys: readonly Journey[],
  revision: number,
): Promise<Became[]> => {
  const timelineOf = (reshId: number) => loaders.timelineByReshId.load({ reshId, revision });
  const edges = await Promise.all(
    journeys.map((journey) =>
      loaders[leadsForward(journey) ? 'successorsByReshId' : 'predecessorsByReshId'].load({
        ...{ reshId: journey.reshId, revision },
        transitive: true,
      }),
    ),
  );
  return Promise.all(
    journeys.map(async (journey, place) => {
      const { steps, reached } = follow(journey, edges[place] ?? []);
      spend(steps.length + reached.length);
      const timelines = await Promise.all(reached.map(timelineOf));
      return {
        steps,
        reached: reached.map((reshId, nth) => ({ reshId, lookup: lookUp(timelines[nth] ?? [], true, journey.to) })),
      };
    }),
  );
};

/** Units that are valid on the day, as they are then. */
export const validOnes = ({ reached }: Pick<Became, 'reached'>, view: View): SeenUnit[] =>
  reached.flatMap(({ lookup: { outcome, found } }) =>
    outcome === 'FOUND' && found ? [{ row: found.version, view, seenOn: found.seenOn }] : [],
  );

/**
 * What took the place of a unit that had closed: the units it became that are valid on the day; where there are none, those at
 * the end of the chains, as on their last day.
 */
export const replacements = (reshId: number, { steps, reached }: Became, view: View): SeenUnit[] => {
  const others = reached.filter((each) => each.reshId !== reshId);
  const valid = validOnes({ reached: others }, view);
  if (valid.length > 0) return valid;
  const passedOn = new Set(steps.map(({ fromReshId }) => fromReshId));
  return others.flatMap(({ reshId: id, lookup: { found } }) =>
    found && !passedOn.has(id) ? [{ row: found.version, view, seenOn: found.seenOn }] : [],
  );
};
