import { generatedRegister } from './generated-register.ts';

/** A unit as a large picture has it. */
export interface DesiredUnit {
  readonly reshId: number;
  readonly parentReshId: number | null;
  readonly type: 'ORGANIZATION' | 'DEPARTMENT';
  readonly name: string;
}

/**
 * The units of a picture of a grown register that differs from it by a number of units, in the order of their RESH-ids: a quarter each
 * new, moved, renamed and absent. Those that move or are absent have no children.
 *
 * @param units number of units in the register
 * @param differences number of units that differ, which four divides
 */
export const generateDesiredState = function* (units: number, differences: number): Generator<DesiredUnit> {
  const quarter = differences / 4;
  // Each unit n of the grown register has children 6n-4 to 6n+1: from here on none has any.
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

/** The lines of a units file with a picture. */
export const formatUnitsFile = function* (desiredState: Iterable<DesiredUnit>): Generator<string> {
  yield 'resh_id,type,name,short_name,designation,treatment_site_number,parent_resh_id\n';
  for (const { reshId, parentReshId, type, name } of desiredState)
    yield `${reshId},${type},${name},A${reshId},05,${generatedRegister.site},${parentReshId ?? ''}\n`;
};
