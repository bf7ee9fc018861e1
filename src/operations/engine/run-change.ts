import { resolveActor, authorize, assertAuthorized } from '../../auth/authorizer.ts';
import { RegisterBusyError, UnauthenticatedError } from '../../auth/denials.ts';
import type { Viewer } from '../../auth/viewer.ts';
import type { ChangeInputs, CommonInput, MutationName } from '../../domain/plan/change-input.ts';
import { REASON_LIMIT, checkStorableTexts } from '../../domain/plan/input-text.ts';
import { Issues } from '../../domain/plan/issues.ts';
import { idempotencyKeyLength, idempotencyKeyReused, nothingChanges } from '../../domain/plan/messages/changes.ts';
import { textTooLong } from '../../domain/plan/messages/texts.ts';
import { isEmptyWriteSet } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { ConstraintViolationError, toDomainError } from '../../store/change/constraint-errors.ts';
import { storeResponse, findStoredResponse, toOperation } from '../../store/change/idempotency.ts';
import { nextRevision, appendLedgerEntry } from '../../store/change/ledger.ts';
import { advanceReshIdSequence, writeChange } from '../../store/change/write-change.ts';
import type { Database } from '../../store/database/database.ts';
import { AcquireTimeoutError } from '../../store/database/semaphore.ts';
import { lockRegister, type LockedTransaction, type Transaction } from '../../store/database/transaction.ts';
import { createRejectedResult, type ChangeResult } from './change-result.ts';
import { checkExpectedRevision } from './expected-revision.ts';
import { computeImpact } from './impact.ts';
import type { PlanContext, PlanResult } from './plan-context.ts';
import { hashInput, toStoredInput } from './stored-input.ts';
import { UnitOfWork } from './unit-of-work.ts';

/** The database, the day and the viewer of a change. */
export interface OperationContext {
  readonly database: Pick<Database, 'transaction'>;
  /** Today in Oslo */
  readonly today: Day;
  /** The person who makes the change; null without a token */
  readonly viewer: Viewer | null;
}

type PlanFunction<Name extends MutationName> = (
  planContext: PlanContext,
  input: ChangeInputs[Name],
) => Promise<PlanResult>;

// Carries the result out of a transaction that is rolled back.
class RollbackSignal extends Error {
  constructor(readonly outcome: ChangeResult) {
    super('nothing is written');
  }
}

export const IDEMPOTENCY_KEY_LIMIT = 255;

/**
 * Makes a change of the register in one transaction: takes the lock, authorizes, plans, and saves everything with a
 * ledger entry. After an error, or on a dry run, it saves nothing.
 *
 * @param name name of the mutation, also in the permission table and the ledger
 * @param plan plans the change; it reads the register only through its context
 * @throws UnauthenticatedError, ForbiddenError, RegisterBusyError
 */
export async function runChange<Name extends MutationName>(
  { database, today, viewer }: OperationContext,
  name: Name,
  input: ChangeInputs[Name],
  plan: PlanFunction<Name>,
): Promise<ChangeResult> {
  if (!viewer) throw new UnauthenticatedError();
  const issues = new Issues();
  checkStorableTexts(issues, input);
  checkCommonInput(issues, input);
  if (issues.hasErrors()) return createRejectedResult(issues.errors);
  try {
    return await database.transaction(async (transaction) => {
      const tx = await acquireRegisterLock(transaction);
      return answerOnce(tx, name, input, viewer, () => makeChange({ tx, today, viewer }, name, input, plan));
    });
  } catch (error) {
    if (error instanceof RollbackSignal) return error.outcome;
    if (error instanceof AcquireTimeoutError) throw new RegisterBusyError();
    const domainError = toDomainError(error);
    if (domainError instanceof ConstraintViolationError && domainError.userError)
      return createRejectedResult([domainError.userError]);
    throw domainError;
  }
}

function checkCommonInput(issues: Issues, { reason, idempotencyKey }: CommonInput): void {
  if (typeof reason === 'string' && reason.length > REASON_LIMIT)
    issues.add('reason', textTooLong({ field: 'reason', length: reason.length, limit: REASON_LIMIT }));
  const keyLength = idempotencyKey?.length ?? 1;
  if (keyLength === 0 || keyLength > IDEMPOTENCY_KEY_LIMIT)
    issues.add('idempotencyKey', idempotencyKeyLength({ limit: IDEMPOTENCY_KEY_LIMIT }));
}

async function acquireRegisterLock(transaction: Transaction): Promise<LockedTransaction> {
  try {
    return await lockRegister(transaction);
  } catch (error) {
    throw isLockTimeout(error) ? new RegisterBusyError() : error;
  }
}

function isLockTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && (error.code === '57014' || error.code === '55P03')
  );
}

/**
 * Returns the stored response of a repeated request, or makes the change and stores its response. Stored responses are
 * returned before authorization, because the change itself may have ended the access.
 */
async function answerOnce(
  tx: LockedTransaction,
  name: MutationName,
  input: CommonInput,
  { subject }: Viewer,
  make: () => Promise<ChangeResult>,
): Promise<ChangeResult> {
  if (typeof input.idempotencyKey !== 'string' || input.dryRun) return make();
  const key = { subject, operation: toOperation(name), key: input.idempotencyKey };
  const requestHash = hashInput(toStoredInput(input));
  const stored = await findStoredResponse(tx, key);
  if (stored?.requestHash === requestHash) return stored.response as ChangeResult;
  if (stored) {
    const issues = new Issues();
    issues.add('idempotencyKey', idempotencyKeyReused({ key: key.key, revision: stored.revision }));
    return createRejectedResult(issues.errors);
  }
  const outcome = await make();
  if (outcome.revision !== null) await storeResponse(tx, key, requestHash, outcome.revision, outcome);
  return outcome;
}

interface ChangeContext {
  readonly tx: LockedTransaction;
  readonly today: Day;
  readonly viewer: Viewer;
}

async function makeChange<Name extends MutationName>(
  { tx, today, viewer }: ChangeContext,
  name: Name,
  input: ChangeInputs[Name],
  plan: PlanFunction<Name>,
): Promise<ChangeResult> {
  const { requirements, grants } = await authorize(tx, name, input, viewer, today);
  const revision = await nextRevision(tx);
  const issues = new Issues();
  const unitOfWork = new UnitOfWork(tx);
  const planContext = {
    tx,
    unitOfWork,
    issues: issues.at(),
    today,
    day: input.effectiveOn ?? today,
    revision,
  };
  await checkExpectedRevision(issues, planContext, input);
  const result = await plan(planContext, input);
  const additionalRequirements = result.requirements ?? [];
  await assertAuthorized(tx, name, additionalRequirements, grants, today);
  if (issues.hasErrors()) return createRejectedResult(issues.errors, issues.warnings);

  await unitOfWork.recomputePaths();
  const writes = unitOfWork.draft.buildWriteSet();
  if (isEmptyWriteSet(writes)) issues.warn([], nothingChanges());
  await writeChange(tx, revision, writes);
  const impact = await computeImpact(planContext, writes);
  const { warnings } = issues;
  if (input.dryRun) throw new RollbackSignal({ revision: null, impact, userErrors: [], warnings, shown: null });
  await advanceReshIdSequence(tx, writes);
  const { effectiveOn = planContext.day } = result;
  await appendLedgerEntry(tx, revision, {
    operation: toOperation(name),
    actor: await resolveActor(tx, viewer, grants, [...requirements, ...additionalRequirements], today),
    effectiveOn,
    reason: input.reason ?? null,
    input: toStoredInput(input),
  });
  return { revision, impact, userErrors: [], warnings, shown: result.shown };
}
