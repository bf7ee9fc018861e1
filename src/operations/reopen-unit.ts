import type { ReopenUnitInput } from '../domain/plan/change-input.ts';
import { covers } from '../domain/time/period.ts';
import { called, notFound } from '../domain/plan/parent-rules.ts';
import { openingOn, planReopening, type KnownReferences, type Opening } from '../domain/plan/reopening.ts';
import { endSuccessions } from '../domain/plan/successions.ts';
import type { UnitState } from '../domain/unit/state.ts';
import { userError } from '../domain/plan/user-error.ts';
import { readClosedTogether } from '../store/change/units.ts';
import { readKnownCodes, readNumberHolders, readSitePeriods } from '../store/change/references.ts';
import type { ChangeTransaction } from '../store/change/ledger.ts';
import { change, type OperationContext } from './engine/run-change.ts';

/** What the plan has to know of what units were like, in three statements, whatever the number of units. */
const readReferences = async (
  tx: ChangeTransaction,
  units: readonly UnitState[],
  openings: readonly Opening[],
): Promise<KnownReferences> => {
  const named = (column: 'organizationNumber' | 'treatmentSiteNumber'): string[] =>
    openings.map(({ like }) => like[column]).filter((number) => number !== null);
  return {
    codes: await readKnownCodes(
      tx,
      units.flatMap(({ codes }) => codes),
    ),
    sites: await readSitePeriods(tx, named('treatmentSiteNumber')),
    numberHolders: await readNumberHolders(tx, named('organizationNumber')),
  };
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
        ? await readClosedTogether(tx, opening.like.path, closedOn, day)
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
        ({ effectiveOn }) => effectiveOn === day,
      );
    const beneath = together.flatMap((id) => draft.unit(id) ?? []);
    const openings = beneath.flatMap((unit) => openingOn(unit, day) ?? []);
    const known = await readReferences(tx, [own, ...beneath], [opening, ...openings]);
    planReopening(draft, own, opening, known, parentReshId, 'newParentReshId');
    for (const id of together) {
      const unit = draft.unit(id);
      const where = unit && openingOn(unit, day);
      if (draft.errors.length === 0 && unit && where)
        planReopening(draft, unit, where, known, where.like.parentReshId, 'withDescendants');
    }
    return { shown };
  });
