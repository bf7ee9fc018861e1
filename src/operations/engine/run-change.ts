import { assertAuthorized, authorize, describeActor } from '../../auth/authorizer.ts';
import { RegisterBusyError, UnauthenticatedError } from '../../auth/denials.ts';
import type { Viewer } from '../../auth/viewer.ts';
import type { ChangeInputs, CommonInput, MutationName } from '../../domain/plan/change-input.ts';
import { checkReason, checkStorableTexts } from '../../domain/plan/input-text.ts';
import { Issues } from '../../domain/plan/issues.ts';
import {
  dayFarAhead,
  idempotencyKeyLength,
  idempotencyKeyReused,
  nothingChanges,
} from '../../domain/plan/messages/changes.ts';
import { isEmptyWriteSet } from '../../domain/plan/write-set.ts';
import { addYears, type Day } from '../../domain/time/day.ts';
import { ConstraintViolationError, toDomainError } from '../../store/change/constraint-errors.ts';
import { collectReshIds, readChangeStart, type ChangeStart } from '../../store/change/change-start.ts';
import { findIdempotencyKey, storeResponse, toOperation } from '../../store/change/idempotency.ts';
import { sendLedgerEntry } from '../../store/change/ledger.ts';
import { advanceReshIdSequence, writeChange } from '../../store/change/write-change.ts';
import type { Database } from '../../store/database/database.ts';
import { AcquireTimeoutError } from '../../store/database/semaphore.ts';
import type { LockedTransaction } from '../../store/database/transaction.ts';
import { createRejectedResult, type ChangeResult } from './change-result.ts';
import { checkExpectedRevision } from './expected-revision.ts';
import { computeImpact } from './impact.ts';
import type { PlanContext, PlanResult } from './plan-context.ts';
import { hashInput, toStoredInput } from './stored-input.ts';
import { fromStoredResponse, toStoredResponse } from './stored-response.ts';
import { UnitOfWork } from './unit-of-work.ts';

/** The database, the day and the viewer of a change. */
export interface OperationContext {
  readonly database: Pick<Database, 'withRegisterLock'>;
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
/** A change further ahead than this is probably a mistyped year. */
const yearsAhead = 10;

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
    const isDryRun = input.dryRun === true;
    return await database.withRegisterLock((tx) => answerOnce({ tx, today, viewer }, name, input, plan), { isDryRun });
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
  if (typeof reason === 'string') checkReason(issues, reason);
  const keyLength = idempotencyKey?.length ?? 1;
  if (keyLength === 0 || keyLength > IDEMPOTENCY_KEY_LIMIT)
    issues.add('idempotencyKey', idempotencyKeyLength({ limit: IDEMPOTENCY_KEY_LIMIT }));
}

interface ChangeContext {
  readonly tx: LockedTransaction;
  readonly today: Day;
  readonly viewer: Viewer;
}

/**
 * Returns the stored response of a repeated request, or makes the change and stores its response. Stored responses are
 * returned before authorization, because the change itself may have ended the access.
 */
async function answerOnce<Name extends MutationName>(
  context: ChangeContext,
  name: Name,
  input: ChangeInputs[Name],
  plan: PlanFunction<Name>,
): Promise<ChangeResult> {
  const { tx, today, viewer } = context;
  const request = { subject: viewer.subject, operation: toOperation(name), key: findIdempotencyKey(input) };
  const start = await readChangeStart(tx, request, collectReshIds(input), today);
  const { key } = request;
  if (key === undefined) return makeChange(context, start, name, input, plan);
  const requestHash = hashInput(toStoredInput(input));
  const { storedResponse } = start;
  if (storedResponse?.requestHash === requestHash) return fromStoredResponse(storedResponse.response);
  if (storedResponse) {
    const issues = new Issues();
    issues.add('idempotencyKey', idempotencyKeyReused({ key, revision: storedResponse.revision }));
    return createRejectedResult(issues.errors);
  }
  const outcome = await makeChange(context, start, name, input, plan);
  if (outcome.revision !== null)
    storeResponse(tx, { ...request, key }, requestHash, outcome.revision, toStoredResponse(outcome));
  return outcome;
}

/** Authorizes, plans and writes a change. Everything is sent when it returns, and confirmed by the commit. */
async function makeChange<Name extends MutationName>(
  { tx, today, viewer }: ChangeContext,
  start: ChangeStart,
  name: Name,
  input: ChangeInputs[Name],
  plan: PlanFunction<Name>,
): Promise<ChangeResult> {
  const { requirements, grants } = await authorize(tx, name, input, start, today);
  const revision = start.newestEntry.revision + 1;
  const issues = new Issues();
  const unitOfWork = new UnitOfWork(tx, start.units);
  const planContext = {
    tx,
    unitOfWork,
    issues: issues.at(),
    today,
    day: input.effectiveOn ?? today,
    until: ('effectiveTo' in input ? input.effectiveTo : undefined) ?? undefined,
    revision,
  };
  if (planContext.day > addYears(today, yearsAhead))
    issues.warn('effectiveOn', dayFarAhead({ day: planContext.day, years: yearsAhead }));
  await checkExpectedRevision(issues, planContext, input);
  const result = await plan(planContext, input);
  const additionalRequirements = result.requirements ?? [];
  await assertAuthorized(tx, name, additionalRequirements, grants, today);
  if (issues.hasErrors()) return createRejectedResult(issues.errors, issues.warnings);

  await unitOfWork.recomputePaths();
  const writes = unitOfWork.draft.buildWriteSet();
  if (isEmptyWriteSet(writes)) issues.warn([], nothingChanges());
  const { tables, movedReshIds } = await writeChange(tx, revision, writes);
  const impact = await computeImpact(planContext, writes, {
    movedReshIds,
    keyedUnits: result.keyedUnits ?? [],
    isDryRun: input.dryRun === true,
  });
  const { warnings } = issues;
  if (input.dryRun) {
    await tx.settle();
    throw new RollbackSignal({ revision: null, impact, userErrors: [], warnings, shown: null, isRepeated: false });
  }
  advanceReshIdSequence(tx, writes);
  const { effectiveOn = planContext.day } = result;
  const entry = {
    operation: toOperation(name),
    actor: describeActor(viewer, start.contact, grants, [...requirements, ...additionalRequirements]),
    effectiveOn,
    reason: input.reason?.normalize('NFC') ?? null,
    input: toStoredInput(input),
  };
  sendLedgerEntry(tx, start.newestEntry, entry, tables);
  return { revision, impact, userErrors: [], warnings, shown: result.shown, isRepeated: false };
}
