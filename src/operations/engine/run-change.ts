import { createHash } from 'node:crypto';
import { resolveActor, authorize, assertAuthorized } from '../../auth/authorizer.ts';
import { RegisterBusyError, UnauthenticatedError } from '../../auth/denials.ts';
import type { Viewer } from '../../auth/viewer.ts';
import type { ChangeInputs, CommonInput, MutationName } from '../../domain/plan/change-input.ts';
import type { Draft } from '../../domain/plan/draft.ts';
import { REASON_LIMIT, findUnstorableTexts } from '../../domain/plan/input-text.ts';
import { userError, type UserError } from '../../domain/plan/user-error.ts';
import { toCanonicalJson, type Json } from '../../domain/text/canonical-json.ts';
import type { Day } from '../../domain/time/day.ts';
import { ConstraintViolationError, toDomainError } from '../../store/change/constraint-errors.ts';
import { storeResponse, findStoredResponse, toOperation } from '../../store/change/idempotency.ts';
import { nextRevision, appendLedgerEntry } from '../../store/change/ledger.ts';
import { advanceReshIdSequence, writeChange } from '../../store/change/write-change.ts';
import type { Database } from '../../store/database/database.ts';
import { AcquireTimeoutError } from '../../store/database/semaphore.ts';
import type { SqlClient } from '../../store/database/sql-client.ts';
import { lockRegister, type LockedTransaction, type Transaction } from '../../store/database/transaction.ts';
import { createRejectedResult, type ChangeResult } from './change-result.ts';
import { checkExpectedRevision } from './expected-revision.ts';
import { computeImpact } from './impact.ts';
import type { PlanContext, PlanResult } from './plan-context.ts';
import { UnitOfWork } from './unit-of-work.ts';

/** What a change is made with. */
export interface OperationContext {
  readonly database: Pick<Database, 'transaction'>;
  /** Today in Oslo */
  readonly today: Day;
  /** Who asks; null without a token */
  readonly viewer: Viewer | null;
}

type PlanFunction<Name extends MutationName> = (work: PlanContext, input: ChangeInputs[Name]) => Promise<PlanResult>;

// Carries an answer out of a transaction of which nothing is to be left.
class RollbackSignal extends Error {
  constructor(readonly outcome: ChangeResult) {
    super('nothing is written');
  }
}

export const IDEMPOTENCY_KEY_LIMIT = 255;

/**
 * Makes one change of the register: takes its lock, loads and plans under it, checks permission on what was read, and saves all
 * of it with its ledger entry in one transaction; or nothing, where it is refused or a dry run.
 *
 * @param name of the mutation, which is also what the permission table and the ledger call it
 * @param plan loads what it decides by through `work.tx`, and nothing else
 * @throws UnauthenticatedError, ForbiddenError, RegisterBusyError
 */
export async function runChange<Name extends MutationName>(
  { database, today, viewer }: OperationContext,
  name: Name,
  input: ChangeInputs[Name],
  plan: PlanFunction<Name>,
): Promise<ChangeResult> {
  if (!viewer) throw new UnauthenticatedError();
  const inputErrors = [...findUnstorableTexts(input), ...validateCommonInput(input)];
  if (inputErrors.length > 0) return createRejectedResult(inputErrors);
  const operation = toOperation(name);
  const storedInput = toStoredInput(input);
  const key =
    typeof input.idempotencyKey === 'string' ? { subject: viewer.subject, operation, key: input.idempotencyKey } : null;
  const requestHash = createHash('sha256').update(toCanonicalJson(storedInput)).digest('hex');

  const runInTransaction = async (transaction: Transaction): Promise<ChangeResult> => {
    const tx = await acquireRegisterLock(transaction);
    // Before the permission: a repeated request is answered as at first, also where the change itself took the access away.
    const storedResponse = key && !input.dryRun ? await findStoredResponse(tx, key) : undefined;
    if (storedResponse && storedResponse.requestHash === requestHash) return storedResponse.response as ChangeResult;
    if (storedResponse)
      return createRejectedResult([
        userError(
          'IDEMPOTENCY_KEY_REUSED',
          'idempotencyKey',
          `The key «${key?.key ?? ''}» was used for another input, in revision ${storedResponse.revision}; use a new key for each change.`,
        ),
      ]);
    const { requirements, grants } = await authorize(tx, name, input, viewer, today);
    const revision = await nextRevision(tx);
    const unitOfWork = new UnitOfWork(tx);
    const { draft } = unitOfWork;
    const planContext = { tx, unitOfWork, today, day: input.effectiveOn ?? today, revision };
    const {
      requirements: additionalRequirements = [],
      shown,
      effectiveOn = planContext.day,
    } = await plan(planContext, input);
    await assertAuthorized(tx, name, additionalRequirements, grants, today);
    const revisionConflict = await checkExpectedRevision(planContext, input);
    const errors = [...(revisionConflict ? [revisionConflict] : []), ...draft.errors];
    if (errors.length > 0) return createRejectedResult(errors, draft.warnings);

    await unitOfWork.recomputePaths();
    const writes = draft.buildWriteSet();
    const warnings = isEmptyWriteSet(writes)
      ? [
          ...draft.warnings,
          userError(
            'NOTHING_CHANGES',
            [],
            'What is asked for is so already; the change is recorded and alters nothing.',
          ),
        ]
      : draft.warnings;
    await writeChange(tx, revision, writes);
    const impact = await computeImpact(planContext, writes);
    if (input.dryRun) throw new RollbackSignal({ revision: null, impact, userErrors: [], warnings, shown: null });
    const outcome: ChangeResult = { revision, impact, userErrors: [], warnings, shown };
    await advanceReshIdSequence(tx, writes);
    await appendLedgerEntry(tx, revision, {
      operation,
      actor: await resolveActor(tx, viewer, grants, [...requirements, ...additionalRequirements], today),
      effectiveOn,
      reason: input.reason ?? null,
      input: storedInput,
    });
    if (key) await storeResponse(tx, key, requestHash, revision, outcome);
    return outcome;
  };

  try {
    return await database.transaction(runInTransaction);
  } catch (error) {
    if (error instanceof RollbackSignal) return error.outcome;
    if (error instanceof AcquireTimeoutError) throw new RegisterBusyError();
    const domainError = toDomainError(error);
    if (domainError instanceof ConstraintViolationError && domainError.userError)
      return createRejectedResult([domainError.userError]);
    throw domainError;
  }
}

function validateCommonInput({ reason, idempotencyKey }: CommonInput): UserError[] {
  return [
    ...(typeof reason === 'string' && reason.length > REASON_LIMIT
      ? [
          userError(
            'TEXT_INVALID',
            'reason',
            `«reason» has ${reason.length} characters, and ${REASON_LIMIT} are allowed; shorten it.`,
          ),
        ]
      : []),
    ...(typeof idempotencyKey === 'string' && (idempotencyKey === '' || idempotencyKey.length > IDEMPOTENCY_KEY_LIMIT)
      ? [
          userError(
            'TEXT_INVALID',
            'idempotencyKey',
            `«idempotencyKey» must have 1 to ${IDEMPOTENCY_KEY_LIMIT} characters; a UUID will do.`,
          ),
        ]
      : []),
  ];
}

// Absent and undefined are the same to JSON, and what every input has is the same absent and null. A dry run is the same request
// as the real one.
function toStoredInput({
  dryRun: _dryRun,
  effectiveOn,
  reason,
  expectedRevision,
  idempotencyKey,
  ...input
}: CommonInput): Json {
  return JSON.parse(
    JSON.stringify({
      ...input,
      effectiveOn: effectiveOn ?? undefined,
      reason: reason ?? undefined,
      expectedRevision: expectedRevision ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    }),
  ) as Json;
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

function isEmptyWriteSet({
  units,
  sites,
  grants,
  administrators,
  ...writes
}: ReturnType<Draft['buildWriteSet']>): boolean {
  return (
    sites.length + writes.successions.length + writes.endedSuccessions.length === 0 &&
    [grants, administrators, writes.mappingNodes].every(
      ({ superseded, added }) => superseded.length + added.length === 0,
    ) &&
    units.every(({ versions, details }) =>
      [versions, ...Object.values(details)].every(({ superseded, added }) => superseded.length + added.length === 0),
    )
  );
}
