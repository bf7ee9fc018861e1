import type { SetUnitCodesInput } from '../domain/change-input.ts';
import { covers } from '../domain/period.ts';
import { called, notFound, versionOn } from '../domain/plan-place.ts';
import { givenCodeErrors, keysOf, serviceWarnings, withCode, withoutCode } from '../domain/plan-references.ts';
import { validityAround } from '../domain/timeline.ts';
import { userError } from '../domain/user-error.ts';
import { readKnownCodes } from '../store/change-reader.ts';
import { change, type OperationContext } from './change.ts';
import { loadDraft } from './load-draft.ts';

const CODE_LIMIT = 500;

/** Gives codes to a unit and ends others, from a day on. */
export const setUnitCodes = (context: OperationContext, input: SetUnitCodesInput) =>
  change(context, 'setUnitCodes', input, async ({ tx, day, revision }) => {
    const { reshId } = input;
    const [add, end] = [input.add ?? [], input.end ?? []];
    const draft = await loadDraft(tx, [reshId]);
    const plan = { draft, shown: { unit: { reshId, day, revision } } };
    for (const [field, list] of [
      ['add', add],
      ['end', end],
    ] as const)
      if (list.length > CODE_LIMIT)
        draft.errors.push(
          userError(
            'TOO_MANY',
            field,
            `«${field}» has ${list.length} codes, and ${CODE_LIMIT} are allowed in one change.`,
          ),
        );
    const unit = draft.unit(reshId);
    if (!unit) {
      draft.errors.push(notFound(reshId, 'reshId'));
      return plan;
    }
    const found = versionOn(reshId, unit.versions, day);
    if ('error' in found) draft.errors.push(found.error);
    draft.errors.push(...givenCodeErrors(await readKnownCodes(tx, keysOf(add)), add, unit.codes, day, 'add'));
    end.forEach(({ codeSet, code }, place) => {
      const isSame = (other: { codeSet: number; code: string }) => other.codeSet === codeSet && other.code === code;
      const field = ['end', String(place)];
      if (!unit.codes.some((row) => isSame(row) && covers(row, day)))
        draft.errors.push(
          userError(
            'NOT_FOUND',
            field,
            `Unit ${called(reshId, unit.versions)} does not have code ${codeSet}:${code} on ${day}.`,
          ),
        );
      if (add.some(isSame))
        draft.errors.push(
          userError('GIVEN_TWICE', field, `Code ${codeSet}:${code} stands in «add» too; keep one of them.`),
        );
    });
    if (draft.errors.length > 0) return plan;
    const validTo = validityAround(unit.versions, day)?.to ?? null;
    const ended = end.reduce((codes, key) => withoutCode(codes, key, day), [...unit.codes]);
    const codes = add.reduce((given, code) => withCode(given, code, day, validTo), ended);
    draft.set(reshId, { codes });
    draft.warnings.push(
      ...serviceWarnings(reshId, unit.versions, codes, day, null, add.length > 0 ? { codes: 'add' } : {}),
    );
    return plan;
  });
