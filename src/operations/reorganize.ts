import { overClosed } from '../auth/requirements.ts';
import type { MoveStepInput, ReorganizeInput, ReorganizeStepInput } from '../domain/plan/change-input.ts';
import { dayBefore } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import { userError, type UserError } from '../domain/plan/user-error.ts';
import { scopeReader } from '../auth/authorizer.ts';
import { change, type OperationContext, type Work } from './engine/run-change.ts';
import { planClose } from './close-unit.ts';
import { planDepartment } from './create-department.ts';
import { planMerge } from './merge-units.ts';
import { planMove } from './move-unit.ts';
import { planCodes } from './set-unit-codes.ts';
import { planSplit } from './split-unit.ts';
import { planUpdate } from './update-unit.ts';

const STEP_LIMIT = 200;

/** Keys that steps have given to the units they open, and the units that steps have changed. */
class Keys {
  private readonly units = new Map<string, number>();
  readonly changed = new Set<number>();
  /** Units that steps have closed beneath others */
  readonly closedBeneath = new Set<number>();

  constructor(private readonly errors: UserError[]) {}

  /** Gives a key to a unit that a step has opened. */
  give(key: string | null | undefined, reshId: number | undefined, path: readonly string[] = []): void {
    if (reshId === undefined) return;
    this.changed.add(reshId);
    if (typeof key !== 'string') return;
    if (this.units.has(key))
      this.errors.push(
        userError('GIVEN_TWICE', [...path, 'key'], `The key «${key}» was given to another unit; choose another.`),
      );
    else this.units.set(key, reshId);
  }

  private named(key: string, field: readonly string[]): number | undefined {
    const reshId = this.units.get(key);
    if (reshId === undefined)
      this.errors.push(
        userError(
          'NOT_FOUND',
          field,
          `No earlier step gave the key «${key}» to a unit; give it there, or name a RESH-id.`,
        ),
      );
    return reshId;
  }

  /** The one unit that a RESH-id or a key names; undefined, with an error, where none does, or both are given. */
  one(
    reshId: number | null | undefined,
    key: string | null | undefined,
    field: string,
    path: readonly string[] = [],
  ): number | undefined {
    const keyField = field.replace(/Id$/, 'Key').replace('ReshKey', 'Key');
    if (typeof reshId === 'number' && typeof key === 'string')
      this.errors.push(
        userError('NOT_ALLOWED', [...path, keyField], `«${field}» and «${keyField}» exclude each other; give one.`),
      );
    else if (typeof key === 'string') return this.named(key, [...path, keyField]);
    else if (typeof reshId === 'number') return reshId;
    else this.errors.push(userError('REQUIRED', [...path, field], `Name the unit in «${field}», or by «${keyField}».`));
    return undefined;
  }

  /** The unit that a step changes. */
  own({ reshId, reshKey }: Pick<MoveStepInput, 'reshId' | 'reshKey'>): number | undefined {
    const named = this.one(reshId, reshKey, 'reshId');
    if (named !== undefined) this.changed.add(named);
    return named;
  }

  /** All units that RESH-ids and keys name. */
  all(
    reshIds: readonly number[] | null | undefined,
    keys: readonly string[] | null | undefined,
    path: readonly string[],
  ): number[] {
    const named = (keys ?? []).map((key, place) => this.named(key, [...path, String(place)]));
    return [...(reshIds ?? []), ...named.filter((reshId) => reshId !== undefined)];
  }
}

type StepName = keyof ReorganizeStepInput;
type StepPlans = {
  readonly [Name in StepName]-?: (
    work: Work,
    keys: Keys,
    step: NonNullable<ReorganizeStepInput[Name]>,
  ) => Promise<void>;
};

const plans: StepPlans = {
  move: async (work, keys, step) => {
    const reshId = keys.own(step);
    const isRoot = step.newParentReshId === null && typeof step.newParentKey !== 'string';
    const parent = isRoot ? null : keys.one(step.newParentReshId, step.newParentKey, 'newParentReshId');
    if (reshId !== undefined && parent !== undefined) await planMove(work, { reshId, newParentReshId: parent });
  },
  update: async (work, keys, step) => {
    const reshId = keys.own(step);
    if (reshId !== undefined) await planUpdate(work, { ...step, reshId });
  },
  create: async (work, keys, { key, parentKey, ...step }) => {
    const parentReshId = keys.one(step.parentReshId, parentKey, 'parentReshId');
    if (parentReshId !== undefined) keys.give(key, await planDepartment(work, { ...step, parentReshId }));
  },
  close: async (work, keys, step) => {
    const reshId = keys.own(step);
    const successorReshIds = keys.all(step.successorReshIds, step.successorKeys, ['successorKeys']);
    if (reshId === undefined) return;
    const closed = await planClose(work, { reshId, successorReshIds, withDescendants: step.withDescendants });
    for (const id of closed) if (id !== reshId) keys.closedBeneath.add(id);
  },
  merge: async (work, keys, step) => {
    const sourceReshIds = keys.all(step.sourceReshIds, step.sourceKeys, ['sourceKeys']);
    const { target, targetReshId, targetKey } = step;
    if (!target) {
      const into = keys.one(targetReshId, targetKey, 'targetReshId');
      if (into !== undefined) keys.give(null, await planMerge(work, { sourceReshIds, targetReshId: into }));
    } else if (typeof targetKey === 'string')
      work.workspace.draft.errors.push(
        userError('NOT_ALLOWED', 'target', '«targetKey» and «target» exclude each other; give one.'),
      );
    else {
      const isRoot = typeof target.parentReshId !== 'number' && typeof target.parentKey !== 'string';
      const parentReshId = isRoot ? null : keys.one(target.parentReshId, target.parentKey, 'parentReshId', ['target']);
      if (parentReshId === undefined) return;
      const merge = { sourceReshIds, targetReshId, target: { ...target, parentReshId } };
      keys.give(target.key, await planMerge(work, merge), ['target']);
    }
    for (const source of sourceReshIds) keys.changed.add(source);
  },
  split: async (work, keys, step) => {
    const reshId = keys.own(step);
    const before = work.workspace.draft.errors.length;
    const into = step.into.map(({ key, reshKey, childKeys, ...part }, place) => {
      const path = ['into', String(place)];
      // Whoever gives a unit a key may do with it what the step that opens it needs.
      if (typeof key === 'string' && (typeof part.reshId === 'number' || typeof reshKey === 'string'))
        work.workspace.draft.errors.push(
          userError('NOT_ALLOWED', [...path, 'key'], 'A key is for a new unit; this one is there, and has its own.'),
        );
      return {
        ...part,
        reshId: typeof reshKey === 'string' ? keys.one(part.reshId, reshKey, 'reshId', path) : part.reshId,
        childReshIds: keys.all(part.childReshIds, childKeys, [...path, 'childKeys']),
      };
    });
    if (reshId === undefined || work.workspace.draft.errors.length > before) return;
    const parts = await planSplit(work, { reshId, into, keepSource: step.keepSource });
    parts.forEach((part, place) => keys.give(step.into[place]?.key, part, ['into', String(place)]));
  },
  setCodes: async (work, keys, step) => {
    const reshId = keys.own(step);
    if (reshId !== undefined) await planCodes(work, { reshId, add: step.add, end: step.end });
  },
};

const planStep = async (work: Work, keys: Keys, step: ReorganizeStepInput, place: number): Promise<void> => {
  const [given] = Object.entries(step).filter(([, value]) => value !== null && value !== undefined) as [
    StepName,
    never,
  ][];
  if (!given) return;
  const [name, input] = given;
  const path = ['steps', String(place), name];
  await work.workspace.within(path, () => plans[name](work, keys, input), path);
};

/** Makes many steps as one change, all or nothing; a later step sees what an earlier one has made. */
export const reorganize = (context: OperationContext, input: ReorganizeInput) =>
  change(context, 'reorganize', input, async (work) => {
    const { workspace, day, revision } = work;
    const { draft } = workspace;
    const keys = new Keys(draft.errors);
    const { steps } = input;
    if (steps.length === 0) draft.errors.push(userError('REQUIRED', 'steps', 'Give at least one step.'));
    if (steps.length > STEP_LIMIT)
      draft.errors.push(
        userError('TOO_MANY', 'steps', `${steps.length} steps are given, and ${STEP_LIMIT} are allowed in one change.`),
      );
    if (draft.errors.length > 0) return { shown: {} };
    for (const [place, step] of steps.entries()) {
      await planStep(work, keys, step, place);
      await workspace.settle();
      // What comes after a step that cannot be made would be judged by what is not there.
      if (draft.errors.length > 0) break;
    }
    const seenOn = (reshId: number) =>
      draft.unit(reshId)?.versions.some((row) => covers(row, day)) ? day : dayBefore(day);
    return {
      needs: await overClosed([...keys.closedBeneath], day, scopeReader(work.tx, work.today)),
      shown: { units: [...keys.changed].map((reshId) => ({ reshId, day: seenOn(reshId), revision })) },
    };
  });
