import type { SetUnitCodesInput } from '../domain/plan/change-input.ts';
import { covers } from '../domain/time/period.ts';
import { called, notFound, versionOn } from '../domain/plan/parent-rules.ts';
import {
  codeListErrors,
  givenCodeErrors,
  keysOf,
  serviceWarnings,
  withCode,
  withoutCode,
} from '../domain/plan/references.ts';
import { validityAround } from '../domain/time/timeline.ts';
import type { CodeKey } from '../domain/unit/filter.ts';
import type { UnitState } from '../domain/unit/state.ts';
import { userError, type UserError } from '../domain/plan/user-error.ts';
import { readKnownCodes } from '../store/change/references.ts';
import { change, type OperationContext, type Work } from './engine/run-change.ts';

const isSame = (one: CodeKey, other: CodeKey): boolean => one.codeSet === other.codeSet && one.code === other.code;

const endErrors = (
  { reshId, versions, codes }: UnitState,
  { add, end }: { readonly add: readonly CodeKey[]; readonly end: readonly CodeKey[] },
  day: string,
): UserError[] =>
  codeListErrors(end, ['end'], (key, field, isRepeated) => {
    const code = `${key.codeSet}:${key.code}`;
    return [
      ...(codes.some((row) => isSame(row, key) && covers(row, day))
        ? []
        : [userError('NOT_FOUND', field, `Unit ${called(reshId, versions)} does not have code ${code} on ${day}.`)]),
      ...(add.some((other) => isSame(other, key))
        ? [userError('GIVEN_TWICE', field, `Code ${code} stands in «add» too; keep one of them.`)]
        : []),
      ...(isRepeated ? [userError('GIVEN_TWICE', field, `Code ${code} stands twice in «end»; keep one.`)] : []),
    ];
  });

/** Plans codes that a unit gets and codes that end. */
export const planCodes = async (
  { tx, workspace, day }: Work,
  input: Pick<SetUnitCodesInput, 'reshId' | 'add' | 'end'>,
): Promise<void> => {
  const { reshId } = input;
  const { draft } = workspace;
  const [add, end] = [input.add ?? [], input.end ?? []];
  await workspace.load([reshId]);
  const unit = draft.unit(reshId);
  if (!unit) return void draft.errors.push(notFound(reshId, 'reshId'));
  const found = versionOn(reshId, unit.versions, day);
  const errors = [
    ...('error' in found ? [found.error] : []),
    ...givenCodeErrors(await readKnownCodes(tx, keysOf(add)), add, unit.codes, day, 'add'),
    ...endErrors(unit, { add, end }, day),
  ];
  draft.errors.push(...errors);
  if (errors.length > 0) return;
  const validTo = validityAround(unit.versions, day)?.to ?? null;
  const ended = end.reduce((codes, key) => withoutCode(codes, key, day), [...unit.codes]);
  const codes = add.reduce((given, code) => withCode(given, code, day, validTo), ended);
  draft.set(reshId, { codes });
  if (add.length > 0)
    draft.warnings.push(...serviceWarnings(reshId, unit.versions, codes, day, null, { codes: 'add' }));
};

/** Gives codes to a unit and ends others, from a day on. */
export const setUnitCodes = (context: OperationContext, input: SetUnitCodesInput) =>
  change(context, 'setUnitCodes', input, async (work) => {
    await planCodes(work, input);
    return { shown: { unit: { reshId: input.reshId, day: work.day, revision: work.revision } } };
  });
