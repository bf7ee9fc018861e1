import type { MoveStepInput } from './change-input.ts';
import type { KeyedUnit } from './impact.ts';
import type { Issues } from './issues.ts';
import { keyNotFound, keyTaken, stepUnitMissing } from './messages/reorganizations.ts';
import { fieldsExclusive } from './messages/texts.ts';

/** The keys that the steps of a reorganization give to the units they create, and the units that the steps change. */
export class StepKeys {
  private readonly reshIdByKey = new Map<string, number>();
  readonly changedUnits = new Set<number>();
  /** Units that steps have closed as descendants of others */
  readonly closedDescendants = new Set<number>();

  /** The units that steps have created and given keys. */
  get keyedUnits(): readonly KeyedUnit[] {
    return [...this.reshIdByKey].map(([key, reshId]) => ({ key, reshId }));
  }

  /** Gives a key to a unit that a step has created. */
  assign(issues: Issues, key: string | null | undefined, reshId: number | undefined): void {
    if (reshId === undefined) return;
    this.changedUnits.add(reshId);
    if (typeof key !== 'string') return;
    if (this.reshIdByKey.has(key)) issues.add('key', keyTaken({ key }));
    else this.reshIdByKey.set(key, reshId);
  }

  private resolveKey(issues: Issues, key: string, field: string | readonly string[]): number | undefined {
    const reshId = this.reshIdByKey.get(key);
    if (reshId === undefined) issues.add(field, keyNotFound({ key }));
    return reshId;
  }

  /** Returns the unit that a RESH-id or a key names; adds an error unless exactly one of them is given. */
  resolveUnit(
    issues: Issues,
    reshId: number | null | undefined,
    key: string | null | undefined,
    field: 'reshId' | 'parentReshId' | 'newParentReshId' | 'targetReshId',
  ): number | undefined {
    const keyField = field === 'reshId' ? 'reshKey' : field.replace('ReshId', 'Key');
    if (typeof reshId === 'number' && typeof key === 'string')
      issues.add(keyField, fieldsExclusive({ fields: [field, keyField] }));
    else if (typeof key === 'string') return this.resolveKey(issues, key, keyField);
    else if (typeof reshId === 'number') return reshId;
    else issues.add(field, stepUnitMissing({ field, keyField }));
    return undefined;
  }

  /** Returns the unit that a step changes. */
  resolveChangedUnit(
    issues: Issues,
    { reshId, reshKey }: Pick<MoveStepInput, 'reshId' | 'reshKey'>,
  ): number | undefined {
    const resolved = this.resolveUnit(issues, reshId, reshKey, 'reshId');
    if (resolved !== undefined) this.changedUnits.add(resolved);
    return resolved;
  }

  /** Returns all units that RESH-ids and keys name. */
  resolveUnits(
    issues: Issues,
    reshIds: readonly number[] | null | undefined,
    keys: readonly string[] | null | undefined,
    keyField: string,
  ): number[] {
    const resolved = (keys ?? []).map((key, index) => this.resolveKey(issues, key, [keyField, String(index)]));
    return [...(reshIds ?? []), ...resolved.filter((reshId) => reshId !== undefined)];
  }
}
