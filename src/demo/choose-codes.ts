import type { DemoUnitCode, DemoVersion } from './demo-unit.ts';
import type { RandomSource } from './random.ts';
import type { MedicalField } from './vocabulary.ts';

/** Returns the service codes of a department over the days of its versions; some departments have none. */
export function chooseCodes(
  field: MedicalField,
  versions: readonly DemoVersion[],
  random: RandomSource,
): DemoUnitCode[] {
  const from = versions[0]?.from;
  if (from === undefined || random.next() < 0.3) return [];
  const days = { from, to: versions.at(-1)?.to ?? null };
  // Code 231 was retired at the beginning of 2017; departments that had it kept it.
  const specialty = field.subject === 'rehabilitering' && from < '2017-01-01' ? '231' : field.specialty;
  const codes: DemoUnitCode[] = [{ codeSet: 8451, code: specialty, attributes: [], ...days }];
  if (field.area !== undefined && random.next() < 0.4) {
    const areaCodeFrom = random.oneIn(6) ? random.pastDay() : from;
    const isWithin = areaCodeFrom > from && (days.to === null || areaCodeFrom < days.to);
    codes.push({
      codeSet: 8655,
      code: field.area,
      attributes: random.oneIn(8) ? [`8451:${specialty}`] : [],
      from: isWithin ? areaCodeFrom : from,
      to: days.to,
    });
  }
  if (field.service)
    codes.push({ ...field.service, attributes: random.oneIn(4) ? [`8451:${specialty}`] : [], ...days });
  return codes;
}
