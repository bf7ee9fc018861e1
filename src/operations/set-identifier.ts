import type { SetIdentifierInput } from '../domain/plan/change-input.ts';
import { keptSystems } from '../domain/unit/identifier-systems.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { covers } from '../domain/time/period.ts';
import { called, notFound, versionOn } from '../domain/plan/parent-rules.ts';
import { overlap, setList, validityAround } from '../domain/time/timeline.ts';
import { userError } from '../domain/plan/user-error.ts';
import { readIdentifierHolders } from '../store/change/references.ts';
import { change, type OperationContext } from './engine/run-change.ts';

/** Sets the identifier of a unit in another system from a day on; null ends it. */
export const setIdentifier = (context: OperationContext, input: SetIdentifierInput) =>
  change(context, 'setIdentifier', input, async ({ tx, workspace, day, revision }) => {
    const { reshId } = input;
    const { draft } = workspace;
    await workspace.load([reshId]);
    const plan = { shown: { unit: { reshId, day, revision } } };
    const texts = new TextReader();
    const system = texts.line(input.system, ['system']);
    const value = typeof input.value === 'string' ? texts.line(input.value, ['value']) : null;
    draft.errors.push(...texts.errors);
    // To leave the value out is a slip; to end an identifier is to say null.
    if (input.value === undefined)
      draft.errors.push(userError('REQUIRED', 'value', 'Give the identifier; null ends the one that there is.'));
    if (keptSystems.includes(system))
      draft.errors.push(
        userError(
          'RESERVED_SYSTEM',
          'system',
          `The register itself keeps identifiers of ${system}; RESH-ids never change, and updateUnit sets the organization number.`,
        ),
      );
    const unit = draft.unit(reshId);
    if (!unit) draft.errors.push(notFound(reshId, 'reshId'));
    const found = unit && versionOn(reshId, unit.versions, day);
    if (found && 'error' in found) draft.errors.push(found.error);
    if (draft.errors.length > 0 || !unit) return plan;

    const own = unit.identifiers.filter((row) => row.system === system);
    const others = unit.identifiers.filter((row) => row.system !== system);
    const validTo = validityAround(unit.versions, day)?.to ?? null;
    const identifiers = setList(own, day, validTo, value === null ? [] : [{ system, value }]);
    draft.set(reshId, { identifiers: [...others, ...identifiers] });
    const held = identifiers.find((row) => covers(row, day));
    const holders = value === null ? [] : await readIdentifierHolders(tx, system, value);
    const other = holders.find(
      (holder) => holder.reshId !== reshId && overlap(holder, { from: day, to: held?.to ?? null }),
    );
    if (other)
      draft.warnings.push(
        userError(
          'IDENTIFIER_STANDS_TWICE',
          'value',
          `Unit ${called(other.reshId, [other])} has ${value ?? ''} in ${system} too; see which of the two it belongs to.`,
        ),
      );
    return plan;
  });
