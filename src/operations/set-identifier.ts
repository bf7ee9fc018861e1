import type { SetIdentifierInput } from '../domain/plan/change-input.ts';
import { applyIdentifier, checkIdentifierSystem } from '../domain/plan/identifiers.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { identifierTaken } from '../domain/plan/messages/references.ts';
import { findKnownUnit, findVersionOver } from '../domain/plan/valid-unit.ts';
import { covers, overlap } from '../domain/time/period.ts';
import type { IdentifierRow } from '../domain/unit/state.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Sets the identifier of a unit in another system from a day on. */
export function setIdentifier(context: OperationContext, input: SetIdentifierInput) {
  return runChange(context, 'setIdentifier', input, async (planContext) => {
    await planIdentifier(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/** Plans an identifier of a unit, until its next planned value. */
export async function planIdentifier(
  planContext: PlanContext,
  input: Pick<SetIdentifierInput, 'reshId' | 'system' | 'value'>,
): Promise<void> {
  const { unitOfWork, issues, day, until } = planContext;
  const { draft } = unitOfWork;
  const { reshId } = input;
  await unitOfWork.load([reshId]);
  const texts = new TextReader(issues);
  const system = texts.readLine(input.system, ['system']);
  const value = texts.readLine(input.value, ['value']);
  checkIdentifierSystem(issues, system);
  const unit = findKnownUnit(issues, draft, reshId, 'reshId');
  if (unit) findVersionOver(issues, unit, { day, until });
  if (!unit || issues.hasErrors()) return;

  const identifiers = applyIdentifier(draft, unit, { day, until }, { system, value });
  const current = identifiers.find((row) => covers(row, day));
  if (current) await warnAboutHolders(planContext, reshId, current);
}

async function warnAboutHolders(
  { unitOfWork, issues, day }: PlanContext,
  reshId: number,
  { system, value, to }: IdentifierRow,
): Promise<void> {
  const holders = await unitOfWork.findIdentifierHolders({ system, value });
  const other = holders.find((holder) => holder.reshId !== reshId && overlap(holder, { from: day, to }));
  if (!other) return;
  const holder = { reshId: other.reshId, versions: [other] };
  issues.warn('value', identifierTaken({ holder, system, value }));
}
