import { createHash } from 'node:crypto';
import type { Need } from '../../auth/scope.ts';
import type { Viewer } from '../../auth/viewer.ts';
import { canonicalJson, type Json } from '../../domain/text/canonical-json.ts';
import type { ChangeInputs, CommonInput, MutationName } from '../../domain/plan/change-input.ts';
import type { Day } from '../../domain/time/day.ts';
import type { Draft } from '../../domain/plan/draft.ts';
import { REASON_LIMIT, unstorableTexts } from '../../domain/plan/input-text.ts';
import { userError, type UserError } from '../../domain/plan/user-error.ts';
import type { Database } from '../../store/database/database.ts';
import { keepAnswer, readKept } from '../../store/change/idempotency.ts';
import {
  lockRegister,
  nextRevision,
  sealChange,
  type ChangeEntry,
  type ChangeTransaction,
} from '../../store/change/ledger.ts';
import { NoTurnError } from '../../store/database/semaphore.ts';
import { keepReshIds, writeChange } from '../../store/change/write-change.ts';
import { actorOf, authorize, demand } from '../../auth/authorizer.ts';
import { conflict } from './expected-revision.ts';
import { impactOf } from './impact.ts';
import { refusedWith, type Outcome, type Shown } from './change-result.ts';
import { RegisterBusyError, UnauthenticatedError } from '../../auth/denials.ts';
import { Workspace } from './unit-of-work.ts';

/** What a change is made with. */
export interface OperationContext {
  readonly database: Pick<Database, 'transaction'>;
  /** Today in Oslo */
  readonly today: Day;
  /** Who asks; null without a token */
  readonly viewer: Viewer | null;
}

/** What a plan works with, all of it read under the lock. */
export interface Work {
  readonly tx: ChangeTransaction;
  /** The register as it is under the lock, with what the plan has made of it so far */
  readonly workspace: Workspace;
  readonly today: Day;
  /** Day the change takes effect */
  readonly day: Day;
  /** Revision the change would get */
  readonly revision: number;
}

/** What a plan comes to beside its draft: what else it needs leave for, and what to show. */
export interface Plan {
  readonly needs?: readonly Need[];
  readonly shown: Shown;
  /** Day that the change takes effect where it is not the one asked for; null where it has none of its own */
  readonly effectiveOn?: Day | null;
}

type PlanFor<Name extends MutationName> = (work: Work, input: ChangeInputs[Name]) => Promise<Plan>;

// Carries an answer out of a transaction of which nothing is to be left.
class RollBack extends Error {
  constructor(readonly outcome: Outcome) {
    super('nothing is written');
  }
}

const operationOf = (name: MutationName) =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase() as ChangeEntry['operation'];

const KEY_LIMIT = 255;

const commonErrors = ({ reason, idempotencyKey }: CommonInput): UserError[] => [
  ...(typeof reason === 'string' && reason.length > REASON_LIMIT
    ? [
        userError(
          'TEXT_INVALID',
          'reason',
          `«reason» has ${reason.length} characters, and ${REASON_LIMIT} are allowed; shorten it.`,
        ),
      ]
    : []),
  ...(typeof idempotencyKey === 'string' && (idempotencyKey === '' || idempotencyKey.length > KEY_LIMIT)
    ? [
        userError(
          'TEXT_INVALID',
          'idempotencyKey',
          `«idempotencyKey» must have 1 to ${KEY_LIMIT} characters; a UUID will do.`,
        ),
      ]
    : []),
];

// Absent and undefined are the same to JSON, and what every input has is the same absent and null. A dry run is the same request
// as the real one.
const storable = ({
  dryRun: _dryRun,
  effectiveOn,
  reason,
  expectedRevision,
  idempotencyKey,
  ...input
}: CommonInput): Json =>
  JSON.parse(
    JSON.stringify({
      ...input,
      effectiveOn: effectiveOn ?? undefined,
      reason: reason ?? undefined,
      expectedRevision: expectedRevision ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    }),
  ) as Json;

/** Whether a request was answered before under its key, so that it is to be answered so again. */
export const isRepeated = async (
  tx: ChangeTransaction,
  name: MutationName,
  { idempotencyKey, dryRun }: CommonInput,
  viewer: Viewer,
): Promise<boolean> =>
  typeof idempotencyKey === 'string' &&
  !dryRun &&
  unstorableTexts(idempotencyKey).length === 0 &&
  (await readKept(tx, { subject: viewer.subject, operation: operationOf(name), key: idempotencyKey })) !== undefined;

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && (error.code === '57014' || error.code === '55P03');

const lock = async (tx: ChangeTransaction): Promise<void> => {
  try {
    await lockRegister(tx);
  } catch (error) {
    throw isTimeout(error) ? new RegisterBusyError() : error;
  }
};

const isEmpty = ({ units, sites, grants, administrators, ...writes }: ReturnType<Draft['writes']>): boolean =>
  sites.length + writes.successions.length + writes.endedSuccessions.length === 0 &&
  [grants, administrators, writes.mappingNodes].every(
    ({ superseded, added }) => superseded.length + added.length === 0,
  ) &&
  units.every(({ versions, details }) =>
    [versions, ...Object.values(details)].every(({ superseded, added }) => superseded.length + added.length === 0),
  );

/**
 * Makes one change of the register: takes its lock, loads and plans under it, checks permission on what was read, and saves all
 * of it with its ledger entry in one transaction; or nothing, where it is refused or a dry run.
 *
 * @param name of the mutation, which is also what the permission table and the ledger call it
 * @param plan loads what it decides by through `work.tx`, and nothing else
 * @throws UnauthenticatedError, ForbiddenError, RegisterBusyError
 */
export const change = async <Name extends MutationName>(
  { database, today, viewer }: OperationContext,
  name: Name,
  input: ChangeInputs[Name],
  plan: PlanFor<Name>,
): Promise<Outcome> => {
  if (!viewer) throw new UnauthenticatedError();
  const invalid = [...unstorableTexts(input), ...commonErrors(input)];
  if (invalid.length > 0) return refusedWith(invalid);
  const operation = operationOf(name);
  const asked = storable(input);
  const key =
    typeof input.idempotencyKey === 'string' ? { subject: viewer.subject, operation, key: input.idempotencyKey } : null;
  const requestHash = createHash('sha256').update(canonicalJson(asked)).digest('hex');

  const inTransaction = async (tx: ChangeTransaction): Promise<Outcome> => {
    await lock(tx);
    // Before the permission: a repeated request is answered as at first, also where the change itself took the access away.
    const kept = key && !input.dryRun ? await readKept(tx, key) : undefined;
    if (kept && kept.requestHash === requestHash) return kept.response as Outcome;
    if (kept)
      return refusedWith([
        userError(
          'IDEMPOTENCY_KEY_REUSED',
          'idempotencyKey',
          `The key «${key?.key ?? ''}» was used for another input, in revision ${kept.revision}; use a new key for each change.`,
        ),
      ]);
    const { needs, grants } = await authorize(tx, name, input, viewer, today);
    const revision = await nextRevision(tx);
    const workspace = new Workspace(tx);
    const { draft } = workspace;
    const work = { tx, workspace, today, day: input.effectiveOn ?? today, revision };
    const { needs: further = [], shown, effectiveOn = work.day } = await plan(work, input);
    await demand(tx, name, further, grants, today);
    const conflicting = await conflict(work, input);
    const errors = [...(conflicting ? [conflicting] : []), ...draft.errors];
    if (errors.length > 0) return refusedWith(errors, draft.warnings);

    await workspace.settle();
    const writes = draft.writes();
    const warnings = isEmpty(writes)
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
    const impact = await impactOf(work, writes);
    if (input.dryRun) throw new RollBack({ revision: null, impact, userErrors: [], warnings, shown: null });
    const outcome: Outcome = { revision, impact, userErrors: [], warnings, shown };
    await keepReshIds(tx, writes);
    await sealChange(tx, revision, {
      operation,
      actor: await actorOf(tx, viewer, grants, [...needs, ...further], today),
      effectiveOn,
      reason: input.reason ?? null,
      input: asked,
    });
    if (key) await keepAnswer(tx, key, requestHash, revision, outcome);
    return outcome;
  };

  try {
    return await database.transaction(inTransaction);
  } catch (error) {
    if (error instanceof RollBack) return error.outcome;
    if (error instanceof NoTurnError) throw new RegisterBusyError();
    throw error;
  }
};
