import { dayBefore, type Day } from '../time/day.ts';
import type { Draft } from './draft.ts';
import { covers, type Period } from '../time/period.ts';
import { called, placeErrors } from './parent-rules.ts';
import { isCodeKept, numberErrors, siteErrors, type CodePeriod, type SitePeriod } from './references.ts';
import { withRow, type Row } from '../time/timeline.ts';
import type { CodeKey } from '../unit/filter.ts';
import { detailLists, type DetailList, type UnitState, type VersionRow } from '../unit/state.ts';

/** Where a unit is reopened: the period that becomes valid, the version it is like, and the day whose codes and the like it gets. */
export interface Opening {
  readonly period: Period;
  readonly like: VersionRow;
  readonly asOn: Day;
}

/** What the register knows of the codes, sites and organization numbers of units that are to be reopened. */
export interface KnownReferences {
  readonly codes: readonly CodePeriod[];
  readonly sites: readonly (SitePeriod & { readonly organizationNumber: string })[];
  readonly numberHolders: readonly (Period & {
    readonly organizationNumber: string;
    readonly reshId: number;
    readonly name: string;
  })[];
}

/** The gap that a day lies in: after the last day, between two periods, or before the first day; undefined where there is none. */
export const openingOn = ({ versions }: Pick<UnitState, 'versions'>, day: Day): Opening | undefined => {
  const before = versions.findLast(({ to }) => to !== null && to <= day);
  const next = versions.find(({ from }) => from > day);
  if (before?.to) return { period: { from: day, to: next?.from ?? null }, like: before, asOn: dayBefore(before.to) };
  return next ? { period: { from: day, to: next.from }, like: next, asOn: next.from } : undefined;
};

/**
 * The lists of a unit beside its versions as a reopening leaves them: what held on the day that it is like holds over the period too.
 *
 * @param known what the register says of the unit's codes: those that cannot be given on the day are not
 * @returns the lists, and the codes that the unit does not get
 */
export const reopenedLists = (
  unit: UnitState,
  { period, asOn }: Opening,
  known: readonly CodePeriod[],
): { lists: Partial<Pick<UnitState, DetailList>>; lost: readonly CodeKey[] } => {
  const lost: CodeKey[] = [];
  const isKept = (row: Row): boolean => {
    if (!('codeSet' in row && 'code' in row)) return true;
    const key = { codeSet: Number(row.codeSet), code: String(row.code) };
    if (isCodeKept(known, { ...row, ...key }, period)) return true;
    lost.push(key);
    return false;
  };
  const lists = Object.fromEntries(
    detailLists.map((list) => {
      const held = (unit[list] as readonly Row[]).filter((row) => covers(row, asOn) && isKept(row));
      return [
        list,
        held.reduce<Row[]>((rows, row) => withRow(rows, { ...row, ...period, id: undefined }), [...unit[list]]),
      ];
    }),
  );
  return { lists, lost };
};

/**
 * Plans that a unit becomes valid over a period as it was on another day; a code that is not given by then falls away with a note.
 *
 * @param field of the input that is told where the parent stands in the way
 */
export const planReopening = (
  draft: Draft,
  unit: UnitState,
  opening: Opening,
  known: KnownReferences,
  parentReshId: number | null,
  field: string,
): void => {
  const { period, like } = opening;
  const { reshId, versions } = unit;
  const { organizationNumber, treatmentSiteNumber: site } = like;
  const parent = parentReshId === null ? null : { reshId: parentReshId, versions: draft.unit(parentReshId)?.versions };
  const errors = placeErrors({ reshId, type: like.type, versions }, parent, period, field);
  if (organizationNumber !== null) {
    const holders = known.numberHolders.filter((holder) => holder.organizationNumber === organizationNumber);
    const numberField = field === 'newParentReshId' ? 'reshId' : field;
    errors.push(...numberErrors(organizationNumber, holders, reshId, period, numberField));
  }
  if (site !== null) {
    const periods = known.sites.filter((row) => row.organizationNumber === site);
    errors.push(...siteErrors(site, periods, period, 'effectiveOn'));
  }
  draft.errors.push(...errors);
  if (errors.length > 0) return;

  const { lists, lost } = reopenedLists(unit, opening, known.codes);
  draft.notes.push(
    ...lost.map(
      ({ codeSet, code }) =>
        `Unit ${called(reshId, versions)} does not get code ${codeSet}:${code} on ${period.from}: it is not given on that day.`,
    ),
  );
  draft.set(reshId, {
    ...lists,
    versions: withRow(versions, { ...like, ...period, id: undefined, parentReshId, path: [] }),
  });
};
