import { dayBefore, type Day } from '../../../src/domain/time/day.ts';
import type * as domain from '../../../src/domain/unit/difference.ts';
import { formatFieldValue } from '../../../src/domain/unit/field-text.ts';
import type { FieldTexts } from '../http/field-texts.ts';
import type { History } from './history.ts';
import { factsOn, emptyState, pathOn, type RegisterState } from './register-state.ts';
import { findDetails, type UnitDetail } from './unit-details.ts';

/** A difference with the values of its fields as text. */
export type UnitDifference = Omit<domain.UnitDifference, 'fields'> & { readonly fields: readonly FieldTexts[] };

/** Returns a difference with the values of its fields as text. */
export function formatDifference({ fields: changed, ...difference }: domain.UnitDifference): UnitDifference {
  return {
    ...difference,
    fields: changed.map(({ field, before, after }) => ({
      field,
      old: before && formatFieldValue(before),
      new: after && formatFieldValue(after),
    })),
  };
}

/** A day, as known at a revision. */
export interface Point {
  readonly revision: number;
  readonly day: Day;
}

const kindByField: Readonly<Record<string, string>> = {
  name: 'RENAMED',
  shortName: 'RENAMED',
  parent: 'MOVED',
  type: 'CHANGED',
  organizationNumber: 'CHANGED',
  treatmentSite: 'SITE_CHANGED',
  codes: 'RECODED',
  identifiers: 'CHANGED',
  internationalNames: 'CHANGED',
  contactPoints: 'CHANGED',
};
// In the order of the API.
const fields = Object.keys(kindByField);
const kinds = [
  'OPENED',
  'CLOSED',
  'REOPENED',
  'WITHDRAWN',
  'RENAMED',
  'MOVED',
  'RECODED',
  'SITE_CHANGED',
  'MERGED',
  'SPLIT',
  'ENTERED',
  'LEFT',
  'CHANGED',
];

/** Compares two points unit by unit and fact by fact, from their whole trees. */
export class DifferenceModel {
  constructor(
    private readonly history: History,
    private readonly belongings: readonly UnitDetail[],
  ) {}

  private stateAt({ revision }: Point): RegisterState {
    return this.history.revisions[revision] ?? emptyState;
  }

  private isWithin(reshId: number, point: Point, within: number | undefined): boolean {
    if (within === undefined) return true;
    return pathOn(this.stateAt(point), reshId, point.day)?.includes(within) ?? false;
  }

  /** Returns all facts of a unit at a point, as text; undefined if it is not valid. */
  private describeUnit(reshId: number, point: Point): Record<string, string | null> | undefined {
    const facts = factsOn(this.stateAt(point), reshId, point.day);
    if (!facts) return undefined;
    const { parentReshId, treatmentSiteNumber, ...rest } = facts;
    const joinDetails = (list: UnitDetail['list'], format: (value: string) => string): string | null =>
      findDetails(this.belongings, { reshId, list, ...point })
        .map(format)
        .join('; ') || null;
    return {
      ...rest,
      parent: parentReshId === null ? null : String(parentReshId),
      treatmentSite: treatmentSiteNumber,
      codes: joinDetails('codes', (code) => `8451:${code}`),
      identifiers: joinDetails('identifiers', (value) => `urn:test ${value}`),
      internationalNames: joinDetails('names', (language) => `${language}: Name`),
      contactPoints: joinDetails('contactPoints', (value) => `TELEPHONE: ${value}`),
    };
  }

  private closingKinds(reshId: number, to: Point): string[] {
    const timeline = this.stateAt(to).timelines.get(reshId) ?? [];
    if (timeline.length === 0) return ['WITHDRAWN'];
    const closedOn = timeline
      .map(({ to: end }) => end)
      .filter((end) => end !== null && end <= to.day)
      .at(-1);
    const edges = this.stateAt(to).successions.filter(
      ({ fromReshId, effectiveOn }) =>
        fromReshId === reshId && closedOn && closedOn <= effectiveOn && effectiveOn <= to.day,
    );
    const successionKinds = edges.map(({ kind }) => (kind === 'MERGE' ? 'MERGED' : kind));
    return ['CLOSED', ...successionKinds.filter((kind) => kind !== 'REPLACEMENT')];
  }

  private compareUnit(reshId: number, from: Point, to: Point, within: number | undefined): UnitDifference | undefined {
    const [isWithinBefore, isWithinAfter] = [this.isWithin(reshId, from, within), this.isWithin(reshId, to, within)];
    if (!isWithinBefore && !isWithinAfter) return undefined;
    const [before, after] = [this.describeUnit(reshId, from), this.describeUnit(reshId, to)];
    const differing = fields
      .map((field) => ({ field, old: before?.[field] ?? null, new: after?.[field] ?? null }))
      .filter((each) => each.old !== each.new);
    const foundKinds = new Set<string | undefined>();
    if (before && after) {
      for (const { field } of differing) foundKinds.add(kindByField[field]);
      if (isWithinBefore !== isWithinAfter) foundKinds.add(isWithinAfter ? 'ENTERED' : 'LEFT');
    } else if (after) {
      const hasExisted = this.stateAt(from)
        .timelines.get(reshId)
        ?.some((period) => period.from < from.day);
      foundKinds.add(hasExisted ? 'REOPENED' : 'OPENED');
    } else if (before) for (const kind of this.closingKinds(reshId, to)) foundKinds.add(kind);
    if (foundKinds.size === 0) return undefined;
    return {
      reshId,
      isValidBefore: before !== undefined,
      isValidAfter: after !== undefined,
      kinds: kinds.filter((kind) => foundKinds.has(kind)) as domain.UnitDifference['kinds'],
      fields: differing,
    };
  }

  between(from: Point, to: Point, within?: number): UnitDifference[] {
    return [...this.history.reshIds]
      .sort((one, other) => one - other)
      .flatMap((reshId) => this.compareUnit(reshId, from, to, within) ?? []);
  }

  /** Returns whether anything differs from the day before. */
  hasChangesOn(revision: number, day: Day, within?: number): boolean {
    return this.between({ revision, day: dayBefore(day) }, { revision, day }, within).length > 0;
  }
}
