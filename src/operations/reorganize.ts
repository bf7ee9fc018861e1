import type { ReorganizeInput, ReorganizeStepInput } from '../domain/change-input.ts';
import { dayBefore } from '../domain/day.ts';
import { covers } from '../domain/period.ts';
import { userError, type UserError } from '../domain/user-error.ts';
import { change, type OperationContext, type Work } from './change.ts';
import { planClose } from './close-unit.ts';
import { planDepartment } from './create-department.ts';
import { planMerge } from './merge-units.ts';
import { planMove } from './move-unit.ts';
import { planCodes } from './set-unit-codes.ts';
import { planSplit } from './split-unit.ts';
import { planUpdate } from './update-unit.ts';

const STEP_LIMIT = 200;

/** Keys that steps have given to the units they open, and the units that steps name. */
class Keys {
  private readonly units = new Map<string, number>();
  readonly touched = new Set<number>();

  constructor(private readonly errors: UserError[]) {}

  /** Gives a key to a unit that a step has opened. */
  give(key: string | null | undefined, reshId: number | undefined): void {
    if (reshId === undefined) return;
    this.touched.add(reshId);
    if (typeof key !== 'string') return;
    if (this.units.has(key))
      this.errors.push(
        userError('GIVEN_TWICE', 'key', `The key «${key}» was given by an earlier step; choose another.`),
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
  one(reshId: number | null | undefined, key: string | null | undefined, field: string): number | undefined {
    const keyField = field.replace(/ReshId$|Id$/, 'Key');
    if (typeof reshId === 'number' && typeof key === 'string')
      this.errors.push(
        userError('NOT_ALLOWED', keyField, `«${field}» and «${keyField}» exclude each other; give one.`),
      );
    else if (typeof key === 'string') return this.touch(this.named(key, [keyField]));
    else if (typeof reshId === 'number') return this.touch(reshId);
    else this.errors.push(userError('REQUIRED', field, `Name the unit in «${field}», or by «${keyField}».`));
    return undefined;
  }

  /** All units that RESH-ids and keys name. */
  all(
    reshIds: readonly number[] | null | undefined,
    keys: readonly string[] | null | undefined,
    field: string,
  ): number[] {
    const named = (keys ?? []).map((key, place) => this.named(key, [field, String(place)]));
    return [...(reshIds ?? []), ...named.filter((reshId) => reshId !== undefined)];
  }

  private touch(reshId: number | undefined): number | undefined {
    if (reshId !== undefined) this.touched.add(reshId);
    return reshId;
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
    const reshId = keys.one(step.reshId, step.reshKey, 'reshId');
    const isRoot = step.newParentReshId === null && typeof step.newParentKey !== 'string';
    const parent = isRoot ? null : keys.one(step.newParentReshId, step.newParentKey, 'newParentReshId');
    if (reshId !== undefined && parent !== undefined) await planMove(work, { reshId, newParentReshId: parent });
  },
  update: async (work, keys, { reshKey, ...step }) => {
    const reshId = keys.one(step.reshId, reshKey, 'reshId');
    if (reshId !== undefined) await planUpdate(work, { ...step, reshId });
  },
  create: async (work, keys, { key, parentKey, ...step }) => {
    const parentReshId = keys.one(step.parentReshId, parentKey, 'parentReshId');
    if (parentReshId !== undefined) keys.give(key, await planDepartment(work, { ...step, parentReshId }));
  },
  close: async (work, keys, step) => {
    const reshId = keys.one(step.reshId, step.reshKey, 'reshId');
    const successorReshIds = keys.all(step.successorReshIds, step.successorKeys, 'successorKeys');
    if (reshId !== undefined)
      await planClose(work, { reshId, successorReshIds, withDescendants: step.withDescendants });
  },
  merge: async (work, keys, step) => {
    const sourceReshIds = keys.all(step.sourceReshIds, step.sourceKeys, 'sourceKeys');
    for (const source of sourceReshIds) keys.touched.add(source);
    const { target } = step;
    if (!target) {
      const targetReshId = keys.one(step.targetReshId, step.targetKey, 'targetReshId');
      if (targetReshId !== undefined) await planMerge(work, { sourceReshIds, targetReshId });
      return;
    }
    const isRoot = typeof target.parentReshId !== 'number' && typeof target.parentKey !== 'string';
    const parentReshId = isRoot ? null : keys.one(target.parentReshId, target.parentKey, 'parentReshId');
    if (parentReshId === undefined) return;
    const merged = await planMerge(work, {
      sourceReshIds,
      targetReshId: step.targetReshId,
      target: { ...target, parentReshId },
    });
    keys.give(target.key, merged);
  },
  split: async (work, keys, step) => {
    const reshId = keys.one(step.reshId, step.reshKey, 'reshId');
    const into = step.into.map(({ key: _key, reshKey, childKeys, ...part }) => ({
      ...part,
      reshId: typeof reshKey === 'string' ? keys.one(part.reshId, reshKey, 'reshId') : part.reshId,
      childReshIds: keys.all(part.childReshIds, childKeys, 'childKeys'),
    }));
    if (reshId === undefined) return;
    const parts = await planSplit(work, { reshId, into, keepSource: step.keepSource });
    parts.forEach((part, place) => keys.give(step.into[place]?.key, part));
  },
  setCodes: async (work, keys, step) => {
    const reshId = keys.one(step.reshId, step.reshKey, 'reshId');
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
  await work.workspace.within(['steps', String(place), name], () => plans[name](work, keys, input));
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
      draft.settle();
      // What comes after a step that cannot be made would be judged by what is not there.
      if (draft.errors.length > 0) break;
    }
    const seenOn = (reshId: number) =>
      draft.unit(reshId)?.versions.some((row) => covers(row, day)) ? day : dayBefore(day);
    return { shown: { units: [...keys.touched].map((reshId) => ({ reshId, day: seenOn(reshId), revision })) } };
  });
