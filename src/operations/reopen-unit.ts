import type { ReopenUnitInput } from '../domain/change-input.ts';
import { dayBefore, type Day } from '../domain/day.ts';
import type { Draft } from '../domain/draft.ts';
import { covers, type Period } from '../domain/period.ts';
import { called, notFound, placeErrors } from '../domain/plan-place.ts';
import { isCodeKept, numberErrors, siteErrors } from '../domain/plan-references.ts';
import { endSuccessions } from '../domain/plan-successions.ts';
import { withRow, type Row } from '../domain/timeline.ts';
import { detailLists, type UnitState, type VersionRow } from '../domain/unit-state.ts';
import { userError } from '../domain/user-error.ts';
import { readClosedTogether, readKnownCodes, readNumberHolders, readSitePeriods } from '../store/change-reader.ts';
import type { ChangeTransaction } from '../store/ledger.ts';
import { change, type OperationContext } from './change.ts';

/** Where a unit is reopened: the period that becomes valid, the version it is like, and the day whose codes and the like it gets. */
interface Opening {
  readonly period: Period;
  readonly like: VersionRow;
  readonly asOn: Day;
}

/** The gap that a day lies in: after the last day, between two periods, or before the first day. */
const openingOn = ({ versions }: UnitState, day: Day): Opening | undefined => {
  const before = versions.findLast(({ to }) => to !== null && to <= day);
  const next = versions.find(({ from }) => from > day);
  if (before?.to) return { period: { from: day, to: next?.from ?? null }, like: before, asOn: dayBefore(before.to) };
  return next ? { period: { from: day, to: next.from }, like: next, asOn: next.from } : undefined;
};

const reopen = async (
  tx: ChangeTransaction,
  draft: Draft,
  unit: UnitState,
  opening: Opening,
  parentReshId: number | null,
  field: string,
): Promise<void> => {
  const { period, like, asOn } = opening;
  const { reshId, versions } = unit;
  const parent = parentReshId === null ? null : { reshId: parentReshId, versions: draft.unit(parentReshId)?.versions };
  const errors = placeErrors({ reshId, type: like.type, versions }, parent, period, field);
  if (like.organizationNumber !== null)
    errors.push(
      ...numberErrors(
        like.organizationNumber,
        await readNumberHolders(tx, like.organizationNumber),
        reshId,
        period,
        field === 'newParentReshId' ? 'reshId' : field,
      ),
    );
  if (like.treatmentSiteNumber !== null)
    errors.push(
      ...siteErrors(
        like.treatmentSiteNumber,
        await readSitePeriods(tx, like.treatmentSiteNumber),
        period,
        'effectiveOn',
      ),
    );
  draft.errors.push(...errors);
  if (errors.length > 0) return;

  const known = await readKnownCodes(tx, unit.codes);
  const lists = Object.fromEntries(
    detailLists.map((list) => {
      const held = (unit[list] as readonly Row[]).filter((row) => {
        if (!covers(row, asOn)) return false;
        if (!('codeSet' in row && 'code' in row)) return true;
        const key = { codeSet: Number(row.codeSet), code: String(row.code) };
        const isKept = isCodeKept(known, { ...row, ...key }, period);
        if (!isKept)
          draft.notes.push(
            `Unit ${called(reshId, versions)} does not get code ${key.codeSet}:${key.code} on ${period.from}: it is not given on that day.`,
          );
        return isKept;
      });
      return [
        list,
        held.reduce<Row[]>((rows, row) => withRow(rows, { ...row, ...period, id: undefined }), [...unit[list]]),
      ];
    }),
  );
  draft.set(reshId, {
    ...lists,
    versions: withRow(versions, { ...like, ...period, id: undefined, parentReshId, path: [] }),
  });
};

/**
 * Makes a closed unit valid again from a day on, as it was on its last day; before its first day it moves the opening back. What
 * the same change closed beneath it reopens too where asked.
 */
export const reopenUnit = (context: OperationContext, input: ReopenUnitInput) =>
  change(context, 'reopenUnit', input, async ({ tx, workspace, day, revision }) => {
    const { reshId } = input;
    const { draft } = workspace;
    await workspace.load([reshId]);
    const own = draft.unit(reshId);
    const opening = own && openingOn(own, day);
    const closedOn = opening?.like.to;
    const together =
      input.withDescendants === true && opening && closedOn && opening.like.from < opening.period.from
        ? await readClosedTogether(tx, opening.like.path, closedOn)
        : [];
    const parentReshId = input.newParentReshId ?? opening?.like.parentReshId ?? null;
    await workspace.load([parentReshId, ...together]);
    const shown = { unit: { reshId, day, revision } };
    if (!own) draft.errors.push(notFound(reshId, 'reshId'));
    else if (own.versions.some((row) => covers(row, day)) || !opening)
      draft.errors.push(
        userError(
          'ALREADY_VALID',
          'effectiveOn',
          `Unit ${called(reshId, own.versions)} is valid on ${day} already; there is nothing to reopen.`,
        ),
      );
    if (!opening && typeof input.newParentReshId === 'number' && !draft.unit(input.newParentReshId))
      draft.errors.push(notFound(input.newParentReshId, 'newParentReshId'));
    if (!own || !opening || draft.errors.length > 0) return { shown };

    // Where no gap is left the units never closed, and so became nothing by it.
    if (day === closedOn)
      endSuccessions(
        draft,
        [reshId, ...together],
        await workspace.successionsOf([reshId, ...together]),
        (effectiveOn) => effectiveOn === day,
      );
    await reopen(tx, draft, own, opening, parentReshId, 'newParentReshId');
    for (const id of together) {
      const unit = draft.unit(id);
      const where = unit && openingOn(unit, day);
      if (draft.errors.length === 0 && unit && where)
        await reopen(tx, draft, unit, where, where.like.parentReshId, 'withDescendants');
    }
    return { shown };
  });
