import type { UnitRefInput } from '../../domain/plan/change-input.ts';
import type { KeyedUnit } from '../../domain/plan/impact.ts';
import { TextReader } from '../../domain/plan/input-text.ts';
import type { Field, Issues } from '../../domain/plan/issues.ts';
import { keyNotFound, keyTaken } from '../../domain/plan/messages/reorganizations.ts';
import { unitNotFound } from '../../domain/plan/messages/units.ts';
import type { UserError, UserErrorCode, UserWarning } from '../../domain/plan/user-error.ts';
import { emptyFacts } from '../../domain/unit/facts.ts';
import type { PlanContext } from './plan-context.ts';

/** Fields of a step that name units, by the names that they have in the input of the mutation. */
const fieldNames = {
  reshId: 'unit',
  parentReshId: 'parent',
  newParentReshId: 'newParent',
  successorReshIds: 'successors',
  sourceReshIds: 'sources',
  targetReshId: 'target',
  childReshIds: 'children',
};

/** Codes of errors that no other step can cause or prevent, because only the step and the reference data matter. */
const inputErrors: ReadonlySet<string> = new Set<UserErrorCode>([
  'BAD_CHECK_DIGIT',
  'DUPLICATE_VALUE',
  'NOT_ALLOWED',
  'REQUIRED',
  'RETIRED_CODE',
  'TEXT_INVALID',
  'TOO_MANY',
  'UNKNOWN_CODE',
]);

/** The units that the steps of a reorganization have changed so far, and the keys of those that they have created. */
export class StepUnits {
  readonly reshIdByKey = new Map<string, number>();
  readonly changed = new Set<number>();
  /** Units that steps have closed as descendants of others */
  readonly closedDescendants = new Set<number>();

  /** The units that steps have created and given keys. */
  get keyedUnits(): readonly KeyedUnit[] {
    return [...this.reshIdByKey].map(([key, reshId]) => ({ key, reshId }));
  }
}

/**
 * A step of a reorganization while it is planned. A step that fails leaves its units uncertain; a step that names an
 * uncertain unit reports only the errors of its own input. The units that failed steps would have created, and units
 * that do not exist, have stand-ins, so that the rest of a step that names them is checked too.
 */
export class Step {
  /** Collector of errors in the fields of the step */
  readonly issues: Issues;
  /** What the plan of the step reports to, with the field names of the mutation */
  readonly planContext: PlanContext;
  private readonly named = new Set<number>();
  private readonly affected = new Set<number>();
  private readonly keys: string[] = [];

  /** @param name name of the mutation that the step works like */
  constructor(
    reorganization: PlanContext,
    readonly units: StepUnits,
    index: number,
    name: string,
  ) {
    const path = ['steps', index, name];
    this.issues = reorganization.issues.at(...path);
    const issues = reorganization.issues.atStep(path, fieldNames).filtered((issue) => this.isConclusive(issue));
    this.planContext = { ...reorganization, issues };
  }

  /** Returns the unit that a reference names; after an error, a stand-in. */
  async resolve(reference: UnitRefInput, field: Field): Promise<number> {
    const reshId = await this.findUnit(reference, field);
    this.named.add(reshId);
    return reshId;
  }

  private async findUnit(reference: UnitRefInput, field: Field): Promise<number> {
    if (reference.reshId === undefined || reference.reshId === null) return this.findCreatedUnit(reference.key, field);
    const { reshId } = reference;
    const { unitOfWork } = this.planContext;
    await unitOfWork.load([reshId]);
    if (unitOfWork.draft.unit(reshId)) return reshId;
    this.issues.add(field, unitNotFound({ reshId }));
    return this.addStandIn();
  }

  private async findCreatedUnit(key: string, field: Field): Promise<number> {
    const reshId = this.units.reshIdByKey.get(key);
    if (reshId !== undefined) return reshId;
    this.issues.add(field, keyNotFound({ key }));
    return this.addStandIn();
  }

  /** Returns the unit that a reference names and the step changes. */
  async resolveChanged(reference: UnitRefInput, field: Field): Promise<number> {
    const reshId = await this.resolve(reference, field);
    this.units.changed.add(reshId);
    this.affected.add(reshId);
    return reshId;
  }

  /** Returns the units that a list of references names. */
  async resolveList(
    references: readonly UnitRefInput[] | null | undefined,
    ...path: readonly (string | number)[]
  ): Promise<number[]> {
    const reshIds: number[] = [];
    for (const [index, reference] of (references ?? []).entries())
      reshIds.push(await this.resolve(reference, [...path, index]));
    return reshIds;
  }

  /** Marks units as uncertain if the step fails. */
  affects(...reshIds: readonly number[]): void {
    for (const reshId of reshIds) this.affected.add(reshId);
  }

  /** Declares the key of a unit that the step creates. */
  declareKey(key: string | null | undefined, ...path: readonly (string | number)[]): void {
    if (typeof key !== 'string') return;
    // The text is taken as it is, since references compare it; only its form is checked.
    new TextReader(this.issues.at(...path)).readLine(key, ['key']);
    if (this.units.reshIdByKey.has(key) || this.keys.includes(key))
      this.issues.add([...path, 'key'], keyTaken({ key }));
    else this.keys.push(key);
  }

  /** Gives a key to a unit that the step has created, unless it has failed or the key is taken. */
  assignKey(key: string | null | undefined, reshId: number | undefined): void {
    if (reshId === undefined || this.hasFailed()) return;
    this.units.changed.add(reshId);
    if (typeof key === 'string') this.units.reshIdByKey.set(key, reshId);
  }

  private hasFailed(): boolean {
    return this.issues.hasErrors() || this.planContext.issues.hasErrors();
  }

  /** Ends the step. After a failure, its units are uncertain, and stand-ins get the keys of those it did not create. */
  async finish(): Promise<void> {
    const { draft, uncertain } = this.planContext.unitOfWork;
    const changed = draft.takeRecentlyChanged();
    if (!this.hasFailed()) return;
    for (const reshId of [...this.affected, ...changed]) uncertain.add(reshId);
    for (const key of this.keys) this.units.reshIdByKey.set(key, await this.addStandIn());
  }

  /** Adds a unit that stands for an unknown one. It is never written: the reorganization already has an error. */
  private async addStandIn(): Promise<number> {
    const { unitOfWork, day } = this.planContext;
    const { draft, uncertain } = unitOfWork;
    const reshId = await unitOfWork.nextReshId();
    draft.addUnit(reshId);
    draft.set(reshId, { versions: [{ ...emptyFacts, type: 'ORGANIZATION', from: day, to: null, path: [] }] });
    uncertain.add(reshId);
    return reshId;
  }

  /** Returns whether an issue would remain if the steps that have failed were corrected. */
  private isConclusive({ code }: UserError | UserWarning): boolean {
    const { draft, uncertain } = this.planContext.unitOfWork;
    const named = [...this.named];
    if (named.some((reshId) => uncertain.has(reshId))) return inputErrors.has(code);
    const isUnderUncertain = (reshId: number) =>
      draft.unit(reshId)?.versions.some(({ path }) => path.some((ancestor) => uncertain.has(ancestor)));
    return code !== 'CYCLE' || !named.some(isUnderUncertain);
  }
}
