import { createHash } from 'node:crypto';
import { permissions, type ScopeReader } from '../auth/permissions.ts';
import { firstUnmet, grantsOn, roleUsed, type Need } from '../auth/scope.ts';
import type { Viewer } from '../auth/viewer.ts';
import { canonicalJson, type Json } from '../domain/canonical-json.ts';
import type { ChangeInputs, CommonInput, MutationName, Role } from '../domain/change-input.ts';
import type { Day } from '../domain/day.ts';
import type { Draft, GrantRow } from '../domain/draft.ts';
import { REASON_LIMIT, unstorableTexts } from '../domain/input-text.ts';
import { covers } from '../domain/period.ts';
import { userError, type UserError } from '../domain/user-error.ts';
import {
  readContactsOn,
  readGrantsOf,
  readGrantsOn,
  readNameOf,
  readNewestOwnChange,
  readVersions,
} from '../store/change-reader.ts';
import type { Database } from '../store/database.ts';
import { keepAnswer, readKept } from '../store/idempotency.ts';
import { lockRegister, nextRevision, sealChange, type ChangeEntry, type ChangeTransaction } from '../store/ledger.ts';
import { writeChange } from '../store/write-change.ts';
import { impactOf } from './impact.ts';
import { refusedWith, type Outcome, type Shown } from './outcome.ts';
import { forbidden, RegisterBusyError, UnauthenticatedError } from './refusal.ts';

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
  readonly today: Day;
  /** Day the change takes effect */
  readonly day: Day;
  /** Revision the change would get */
  readonly revision: number;
}

/** What a plan comes to: a draft with what to write or what is wrong, what else it needs leave for, and what to show. */
export interface Plan {
  readonly draft: Draft;
  readonly needs?: readonly Need[];
  readonly shown: Shown;
  /** For a change that has no day of its own */
  readonly isWithoutDay?: boolean;
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

// Absent and undefined are the same to JSON, and a dry run is the same request as the real one.
const storable = ({ dryRun: _dryRun, ...input }: CommonInput): Json => JSON.parse(JSON.stringify(input)) as Json;

/** How permissions read the register through a transaction, or any other connection. */
export const scopeReader = (tx: ChangeTransaction, today: Day): ScopeReader => ({
  today,
  timeline: async (reshId) => (await readVersions(tx, [reshId])).get(reshId) ?? [],
  hasOtherAdministrators: async (reshId, subject) =>
    (await readGrantsOn(tx, [reshId])).some((grant) => grant.subject !== subject && covers(grant, today)),
});

/** Whether whoever asks may make a change, as things stand now. */
export const authorize = async <Name extends MutationName>(
  tx: ChangeTransaction,
  name: Name,
  input: ChangeInputs[Name],
  viewer: Viewer,
  today: Day,
): Promise<{ needs: readonly Need[]; grants: readonly GrantRow[] }> => {
  const grants = grantsOn(await readGrantsOf(tx, viewer.subject), today);
  if (grants.length === 0) throw forbidden(name, 'grant');
  const needs = await permissions[name](input, scopeReader(tx, today));
  await demand(tx, name, needs, grants, today);
  return { needs, grants };
};

const demand = async (
  tx: ChangeTransaction,
  name: MutationName,
  needs: readonly Need[],
  grants: readonly GrantRow[],
  today: Day,
): Promise<void> => {
  const unmet = firstUnmet(grants, needs);
  if (!unmet) return;
  throw forbidden(name, unmet, unmet.kind === 'unit' ? await readContactsOn(tx, unmet.path, today) : []);
};

/** Whether a request was answered before under its key, so that it is to be answered so again. */
export const isRepeated = async (
  tx: ChangeTransaction,
  name: MutationName,
  { idempotencyKey, dryRun }: CommonInput,
  viewer: Viewer,
): Promise<boolean> =>
  typeof idempotencyKey === 'string' &&
  !dryRun &&
  (await readKept(tx, { subject: viewer.subject, operation: operationOf(name), key: idempotencyKey })) !== undefined;

/** RESH-ids that an input names. */
const namedUnits = (input: object): number[] =>
  Object.entries(input).flatMap(([key, value]) => (/reshId$/i.test(key) && typeof value === 'number' ? [value] : []));

const conflict = async ({ tx, revision }: Work, input: CommonInput & object): Promise<UserError | undefined> => {
  const expected = input.expectedRevision;
  if (typeof expected !== 'number') return undefined;
  const newest = revision - 1;
  if (expected > newest)
    return userError(
      'CONFLICT',
      'expectedRevision',
      `Revision ${expected} is expected, and the newest is ${newest}; read the unit again.`,
    );
  const found = await readNewestOwnChange(tx, namedUnits(input), expected);
  return (
    found &&
    userError(
      'CONFLICT',
      'expectedRevision',
      `Unit ${found.reshId} was changed in revision ${found.revision}, after the expected ${expected}; the newest revision is ${newest}. Read it again, and decide anew.`,
    )
  );
};

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && (error.code === '57014' || error.code === '55P03');

const lock = async (tx: ChangeTransaction): Promise<void> => {
  try {
    await lockRegister(tx);
  } catch (error) {
    throw isTimeout(error) ? new RegisterBusyError() : error;
  }
};

const isEmpty = ({ units, sites, grants, administrators }: ReturnType<Draft['writes']>): boolean =>
  sites.length === 0 &&
  [grants, administrators].every(({ superseded, added }) => superseded.length + added.length === 0) &&
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
    const work = { tx, today, day: input.effectiveOn ?? today, revision };
    const { draft, needs: further = [], shown, isWithoutDay } = await plan(work, input);
    await demand(tx, name, further, grants, today);
    const conflicting = await conflict(work, input);
    const errors = [...(conflicting ? [conflicting] : []), ...draft.errors];
    if (errors.length > 0) return refusedWith(errors, draft.warnings);

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
    const impact = await impactOf(work, draft, writes);
    if (input.dryRun) throw new RollBack({ revision: null, impact, userErrors: [], warnings, shown: null });
    const outcome: Outcome = { revision, impact, userErrors: [], warnings, shown };
    await sealChange(tx, revision, {
      operation,
      actor: {
        subject: viewer.subject,
        name: await nameOf(tx, viewer, today),
        ...role(grants, [...needs, ...further]),
      },
      effectiveOn: isWithoutDay ? null : work.day,
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
    throw error;
  }
};

const nameOf = async (tx: ChangeTransaction, viewer: Viewer, today: Day): Promise<string> =>
  (await readNameOf(tx, viewer.subject, today))?.name ?? viewer.name ?? viewer.subject;

const role = (grants: readonly GrantRow[], needs: readonly Need[]): { role?: Role } => {
  const used = roleUsed(grants, needs);
  return used ? { role: used } : {};
};
