import type { Language, LocalizedText } from '../../text/language.ts';
import { dayBefore, FIRST_DAY, type Day } from '../../time/day.ts';
import { coalescePeriods, type Period } from '../../time/period.ts';
import type { CodeKey } from '../../unit/filter.ts';
import { unitLabel, type UnitName } from '../../unit/unit-label.ts';
import type { MappingNodeKey, Role } from '../change-input.ts';

// How messages write units, codes, nodes, roles and periods. A period from the first day of all has no known beginning.

/** A unit that a message names: by its name, or by the name of its last version. */
export type NamedUnit =
  UnitName | { readonly reshId: number; readonly versions: readonly { readonly name: string }[] | undefined };

/** Returns a unit with its name; `?` without a version. */
export function nameUnit(unit: NamedUnit): UnitName {
  return { reshId: unit.reshId, name: 'name' in unit ? unit.name : (unit.versions?.at(-1)?.name ?? '?') };
}

/** Returns the label of a unit: `108597 "Akutten"`. */
export function formatUnit(unit: NamedUnit, language: Language = 'en'): string {
  const { reshId, name } = nameUnit(unit);
  return language === 'en' ? unitLabel({ reshId, name }) : `${reshId} ${quote(name, language)}`;
}

/** Returns a code with its code set: `8451:010`. */
export function formatCode({ codeSet, code }: CodeKey): string {
  return `${codeSet}:${code}`;
}

/** Returns the label of a node in the tree of another system: `"1.1" in urn:tree`. */
export function formatNode({ systemId, nodeId }: MappingNodeKey, language: Language): string {
  return language === 'en' ? `"${nodeId}" in ${systemId}` : `${quote(nodeId, language)} i ${systemId}`;
}

/** Returns a role in words. */
export function formatRole(role: Role, language: Language): string {
  return roleNames[role][language];
}

const roleNames: Readonly<Record<Role, LocalizedText>> = {
  OPERATOR: { en: 'operator', nb: 'operatør' },
  SPECIALIST_REGISTRAR: { en: 'specialist registrar', nb: 'registerfører for avtalespesialister' },
  ADMINISTRATOR: { en: 'administrator', nb: 'administrator' },
};

/** Returns periods without the boundaries between adjacent ones. */
export function joinPeriods(periods: readonly Period[]): readonly Period[] {
  return coalescePeriods(
    periods.map(({ from, to }) => ({ from, to })),
    () => true,
  );
}

/** Returns joined periods in words: `from 2020-01-01 to 2021-01-01 (exclusive) and from 2022-01-01 on`. */
export function formatPeriods(periods: readonly Period[], language: Language): string {
  const [none, and] = language === 'en' ? ['on no day', ' and '] : ['ikke på noen dag', ' og '];
  return periods.length > 0 ? periods.map((period) => formatPeriod(period, language)).join(and) : none;
}

function formatPeriod({ from, to }: Period, language: Language): string {
  if (from === FIRST_DAY && to !== null)
    return language === 'en' ? `before ${to}` : `til og med ${formatDay(dayBefore(to), language)}`;
  if (language === 'en') return to === null ? `from ${from} on` : `from ${from} to ${to} (exclusive)`;
  const start = `fra og med ${formatDay(from, language)}`;
  return to === null ? start : `${start} til og med ${formatDay(dayBefore(to), language)}`;
}

/** Returns a day: `2026-11-30` in English, written out in Norwegian. */
export function formatDay(day: Day, language: Language): string {
  return language === 'en' ? day : norwegianDay.format(new Date(`${day}T00:00:00Z`));
}

const norwegianDay = new Intl.DateTimeFormat('nb', { dateStyle: 'long', timeZone: 'UTC' });

function quote(text: string, language: Language): string {
  return language === 'en' ? `"${text}"` : `«${text}»`;
}
