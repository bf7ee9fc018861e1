import { dayBefore, type Day } from '../../../src/domain/time/day.ts';
import type { UnitDifference } from '../../../src/domain/unit/difference.ts';
import { heldOn, type Belonging } from './belongings.ts';
import type { History } from './history.ts';
import { factsOn, nothingKnown, pathOn, type Knowledge } from './register.ts';

/** A day, and the revision with whose knowledge it is seen. */
export interface Point {
  readonly revision: number;
  readonly day: Day;
}

const kindOf: Readonly<Record<string, string>> = {
  ...{ name: 'RENAMED', shortName: 'RENAMED', parent: 'MOVED', type: 'CHANGED', organizationNumber: 'CHANGED' },
  ...{ treatmentSite: 'SITE_CHANGED', codes: 'RECODED', identifiers: 'CHANGED', internationalNames: 'CHANGED' },
  contactPoints: 'CHANGED',
};
// In the order in which they are told.
const fields = Object.keys(kindOf);
const kinds = [
  ...['OPENED', 'CLOSED', 'REOPENED', 'WITHDRAWN', 'RENAMED', 'MOVED', 'RECODED', 'SITE_CHANGED', 'MERGED', 'SPLIT'],
  ...['ENTERED', 'LEFT', 'CHANGED'],
];

/** How two points differ, found by comparing the trees of both, unit by unit and fact by fact. */
export class ModelDifferences {
  constructor(
    private readonly history: History,
    private readonly belongings: readonly Belonging[],
  ) {}

  private known({ revision }: Point): Knowledge {
    return this.history.revisions[revision] ?? nothingKnown;
  }

  private isWithin(reshId: number, point: Point, within: number | undefined): boolean {
    if (within === undefined) return true;
    return pathOn(this.known(point), reshId, point.day)?.includes(within) ?? false;
  }

  /** All that is said of a unit at a point, as text; undefined where it is not valid. */
  private told(reshId: number, point: Point): Record<string, string | null> | undefined {
    const facts = factsOn(this.known(point), reshId, point.day);
    if (!facts) return undefined;
    const { parentReshId, treatmentSiteNumber, ...rest } = facts;
    const listed = (list: Belonging['list'], textOf: (value: string) => string): string | null =>
      heldOn(this.belongings, { reshId, list, ...point })
        .map(textOf)
        .join('; ') || null;
    return {
      ...rest,
      parent: parentReshId === null ? null : String(parentReshId),
      treatmentSite: treatmentSiteNumber,
      codes: listed('codes', (code) => `8451:${code}`),
      identifiers: listed('identifiers', (value) => `urn:test ${value}`),
      internationalNames: listed('names', (language) => `${language}: Name`),
      contactPoints: listed('contactPoints', (value) => `TELEPHONE: ${value}`),
    };
  }

  private wentBy(reshId: number, to: Point): string[] {
    const timeline = this.known(to).timelines.get(reshId) ?? [];
    if (timeline.length === 0) return ['WITHDRAWN'];
    const goneFrom = timeline
      .map(({ to: end }) => end)
      .filter((end) => end !== null && end <= to.day)
      .at(-1);
    const edges = this.known(to).successions.filter(
      ({ fromReshId, effectiveOn }) =>
        fromReshId === reshId && goneFrom && goneFrom <= effectiveOn && effectiveOn <= to.day,
    );
    const became = edges.map(({ kind }) => (kind === 'MERGE' ? 'MERGED' : kind));
    return ['CLOSED', ...became.filter((kind) => kind !== 'REPLACEMENT')];
  }

  private ofUnit(reshId: number, from: Point, to: Point, within: number | undefined): UnitDifference | undefined {
    const [wasIn, isIn] = [this.isWithin(reshId, from, within), this.isWithin(reshId, to, within)];
    if (!wasIn && !isIn) return undefined;
    const [before, after] = [this.told(reshId, from), this.told(reshId, to)];
    const differing = fields
      .map((field) => ({ field, old: before?.[field] ?? null, new: after?.[field] ?? null }))
      .filter((each) => each.old !== each.new);
    const became = new Set<string | undefined>();
    if (before && after) {
      for (const { field } of differing) became.add(kindOf[field]);
      if (wasIn !== isIn) became.add(isIn ? 'ENTERED' : 'LEFT');
    } else if (after) {
      const earlier = this.known(from)
        .timelines.get(reshId)
        ?.some((stated) => stated.from < from.day);
      became.add(earlier ? 'REOPENED' : 'OPENED');
    } else if (before) for (const kind of this.wentBy(reshId, to)) became.add(kind);
    if (became.size === 0) return undefined;
    return {
      ...{ reshId, isBefore: before !== undefined, isAfter: after !== undefined },
      kinds: kinds.filter((kind) => became.has(kind)) as UnitDifference['kinds'],
      fields: differing as UnitDifference['fields'],
    };
  }

  between(from: Point, to: Point, within?: number): UnitDifference[] {
    return [...this.history.reshIds]
      .sort((one, other) => one - other)
      .flatMap((reshId) => this.ofUnit(reshId, from, to, within) ?? []);
  }

  /** Whether anything differs from the day before. */
  changesOn(revision: number, day: Day, within?: number): boolean {
    return this.between({ revision, day: dayBefore(day) }, { revision, day }, within).length > 0;
  }
}
