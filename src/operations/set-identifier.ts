import type { SetIdentifierInput } from '../domain/plan/change-input.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { unitLabel, unitNotFoundError, findVersionOn } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { covers, findUnbrokenPeriod, overlap } from '../domain/time/period.ts';
import { setList } from '../domain/time/timeline.ts';
import { reservedSystems } from '../domain/unit/identifier-systems.ts';
import { readIdentifierHolders } from '../store/change/references.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Sets the identifier of a unit in another system from a day on; null ends it. */
export function setIdentifier(context: OperationContext, input: SetIdentifierInput) {
  return runChange(context, 'setIdentifier', input, async ({ tx, unitOfWork, day, revision }) => {
    const { reshId } = input;
    const { draft } = unitOfWork;
    await unitOfWork.load([reshId]);
    const result = { shown: { unit: { reshId, day, revision } } };
    const texts = new TextReader();
    const system = texts.readLine(input.system, ['system']);
    const value = typeof input.value === 'string' ? texts.readLine(input.value, ['value']) : null;
    draft.errors.push(...texts.errors);
    // To leave the value out is a slip; to end an identifier is to say null.
    if (input.value === undefined)
      draft.errors.push(userError('REQUIRED', 'value', 'Give the identifier; null ends the one that there is.'));
    if (reservedSystems.includes(system))
      draft.errors.push(
        userError(
          'RESERVED_SYSTEM',
          'system',
          `The register itself keeps identifiers of ${system}; RESH-ids never change, and updateUnit sets the organization number.`,
        ),
      );
    const unit = draft.unit(reshId);
    if (!unit) draft.errors.push(unitNotFoundError(reshId, 'reshId'));
    const found = unit && findVersionOn(reshId, unit.versions, day);
    if (found && 'error' in found) draft.errors.push(found.error);
    if (draft.errors.length > 0 || !unit) return result;

    const own = unit.identifiers.filter((row) => row.system === system);
    const others = unit.identifiers.filter((row) => row.system !== system);
    const validTo = findUnbrokenPeriod(unit.versions, day)?.to ?? null;
    const identifiers = setList(own, day, validTo, value === null ? [] : [{ system, value }]);
    draft.set(reshId, { identifiers: [...others, ...identifiers] });
    const current = identifiers.find((row) => covers(row, day));
    const holders = value === null ? [] : await readIdentifierHolders(tx, system, value);
    const other = holders.find(
      (holder) => holder.reshId !== reshId && overlap(holder, { from: day, to: current?.to ?? null }),
    );
    if (other)
      draft.warnings.push(
        userError(
          'IDENTIFIER_STANDS_TWICE',
          'value',
          `Unit ${unitLabel(other.reshId, [other])} has ${value ?? ''} in ${system} too; see which of the two it belongs to.`,
        ),
      );
    return result;
  });
}
