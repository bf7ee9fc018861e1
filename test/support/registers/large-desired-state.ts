import { generatedRegister } from './generated-register.ts';

/** A unit of a large desired state. */
export interface DesiredUnit {
  readonly reshId: number;
  readonly parentReshId: number | null;
  readonly type: 'ORGANIZATION' | 'DEPARTMENT';
  readonly name: string;
}

/**
 * Yields the units of a desired state of a generated register, in order of RESH-id. A quarter of the differences each
 * is new, moved, renamed and absent units; moved and absent units have no children.
 *
 * @param units number of units in the register
 * @param differences number of units that differ, a multiple of four
 */
export const generateDesiredState = function* (units: number, differences: number): Generator<DesiredUnit> {
  const quarter = differences / 4;
  // Unit n of the generated register has children 6n-4 to 6n+1; from here on, units have no children.
  const firstLeaf = Math.ceil(units / 6) + 10;
  const isInQuarter = (reshId: number, quarterIndex: number): boolean =>
    reshId >= firstLeaf + quarterIndex * quarter && reshId < firstLeaf + (quarterIndex + 1) * quarter;
  for (let reshId = 1; reshId <= units + quarter; reshId += 1) {
    const isAbsent = isInQuarter(reshId, 0);
    if (isAbsent) continue;
    const hasNewParent = reshId > units || isInQuarter(reshId, 1);
    yield {
      reshId,
      parentReshId: hasNewParent ? 100 + (reshId % 50) : (generatedRegister.listAncestors(reshId).at(-1) ?? null),
      type: reshId <= 7 ? 'ORGANIZATION' : 'DEPARTMENT',
      name: isInQuarter(reshId, 2) ? `Ny avdeling ${reshId}` : `Avdeling ${reshId}`,
    };
  }
};

/** Yields the lines of a units file with a desired state. */
export const formatUnitsFile = function* (desiredState: Iterable<DesiredUnit>): Generator<string> {
  yield 'resh_id,type,name,short_name,designation,treatment_site_number,parent_resh_id\n';
  for (const { reshId, parentReshId, type, name } of desiredState)
    yield `${reshId},${type},${name},A${reshId},05,${generatedRegister.site},${parentReshId ?? ''}\n`;
};
