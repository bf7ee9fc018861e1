import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { CodeKey } from '../../unit/filter.ts';
import type { Problem } from '../user-error.ts';
import { formatPeriod, formatUnit, type NamedUnit } from './wording.ts';

// Errors and warnings about the codes, organization numbers, treatment sites and identifiers of units.
// Those of violated constraints know the key of the row only.

/** Returns a code with its code set: `8451:010`. */
export function formatCode({ codeSet, code }: CodeKey): string {
  return `${codeSet}:${code}`;
}

export function codeNotFound({ codeSet, code }: CodeKey): Problem {
  return {
    code: 'UNKNOWN_CODE',
    message: `Code ${code} is not in code set ${codeSet}; choose one from codeSet(number: ${codeSet}).`,
  };
}

/** Reports the violation of a constraint. */
export function referencedCodeNotFound({ code }: { code: CodeKey }): Problem {
  return { code: 'UNKNOWN_CODE', message: `Code ${formatCode(code)} is not in the register; correct the code.` };
}

export function codeRetired({ code }: { code: CodeKey }): Problem {
  return {
    code: 'RETIRED_CODE',
    message: `Code ${formatCode(code)} is retired and cannot be assigned; choose one that is in use.`,
  };
}

export function codeNotValid({ code, day }: { code: CodeKey; day: Day }): Problem {
  return {
    code: 'RETIRED_CODE',
    message: `Code ${formatCode(code)} is not valid on ${day} and cannot be assigned; choose one that is in use.`,
  };
}

export function codeListedTwice({ code, field }: { code: CodeKey; field: string }): Problem {
  return { code: 'DUPLICATE_VALUE', message: `Code ${formatCode(code)} is listed twice in "${field}"; keep one.` };
}

export function attributeListedTwice({ attribute }: { attribute: CodeKey }): Problem {
  return { code: 'DUPLICATE_VALUE', message: `Attribute ${formatCode(attribute)} is listed twice; keep one.` };
}

export function codeAddedAndEnded({ code }: { code: CodeKey }): Problem {
  return { code: 'DUPLICATE_VALUE', message: `Code ${formatCode(code)} is also listed in "add"; keep one of the two.` };
}

export function codeNotHeld({ unit, code, day }: { unit: NamedUnit; code: CodeKey; day: Day }): Problem {
  return {
    code: 'NOT_FOUND',
    message: `Unit ${formatUnit(unit)} does not have code ${formatCode(code)} on ${day}; leave it out.`,
  };
}

export function tooManyCodes({ field, count, limit }: { field: string; count: number; limit: number }): Problem {
  return {
    code: 'TOO_MANY',
    message: `"${field}" has ${count} codes, but one change may have at most ${limit}; give fewer.`,
  };
}

export function badCheckDigit({ organizationNumber }: { organizationNumber: string }): Problem {
  return {
    code: 'BAD_CHECK_DIGIT',
    message: `The last digit of ${organizationNumber} is not its check digit; correct the number.`,
  };
}

/** Reports the violation of a constraint. */
export function storedNumberHasBadCheckDigit(): Problem {
  return { code: 'BAD_CHECK_DIGIT', message: 'An organization number has a wrong check digit; correct the number.' };
}

/** @param period on which the other unit has the number */
export function organizationNumberTaken({
  organizationNumber,
  holder,
  period,
}: {
  organizationNumber: string;
  holder: NamedUnit;
  period: Period;
}): Problem {
  return {
    code: 'DUPLICATE_ORGANIZATION_NUMBER',
    message:
      `Unit ${formatUnit(holder)} has ${organizationNumber} ${formatPeriod(period)}; ` +
      'only one unit can have a number on a day. Correct the number, or remove it from that unit first.',
  };
}

/** Reports the violation of a constraint. */
export function organizationNumberOfTwoUnits({ organizationNumber }: { organizationNumber: string }): Problem {
  return {
    code: 'DUPLICATE_ORGANIZATION_NUMBER',
    message:
      `Another unit has organization number ${organizationNumber} on some of the days; ` +
      'correct the number, or choose other days.',
  };
}

export function siteNotFound({ organizationNumber }: { organizationNumber: string }): Problem {
  return {
    code: 'NOT_FOUND',
    message:
      `Treatment site ${organizationNumber} is not in the register; ` + 'register it with registerTreatmentSite first.',
  };
}

/** Reports the violation of a constraint. */
export function referencedSiteNotFound({ organizationNumber }: { organizationNumber: string }): Problem {
  return {
    code: 'NOT_FOUND',
    message: `Treatment site ${organizationNumber} is not in the register; register it first, or correct the number.`,
  };
}

export function siteNotValid({ organizationNumber, day }: { organizationNumber: string; day: Day }): Problem {
  return {
    code: 'SITE_NOT_VALID',
    message: `Treatment site ${organizationNumber} is not valid on ${day}; choose another site or other days.`,
  };
}

export function siteAlreadyRegistered({
  organizationNumber,
  name,
}: {
  organizationNumber: string;
  name: string;
}): Problem {
  return {
    code: 'DUPLICATE_ORGANIZATION_NUMBER',
    message: `Treatment site ${organizationNumber} is already registered as "${name}"; use it, or correct the number.`,
  };
}

/** Reports the violation of a constraint. */
export function siteNumberTaken({ organizationNumber }: { organizationNumber: string }): Problem {
  return {
    code: 'DUPLICATE_ORGANIZATION_NUMBER',
    message: `Treatment site ${organizationNumber} is already registered; use it, or correct the number.`,
  };
}

/** Warns that a site has the number of a unit. */
export function siteHasNumberOfUnit({
  organizationNumber,
  unit,
}: {
  organizationNumber: string;
  unit: NamedUnit;
}): Problem {
  return {
    code: 'SITE_IS_ENTERPRISE_NUMBER',
    message:
      `${organizationNumber} is the organization number of unit ${formatUnit(unit)}; ` +
      'a treatment site should have the number of an establishment.',
  };
}

/** Warns that a unit is connected to its enterprise. */
export function siteIsEnterprise({ organizationNumber }: { organizationNumber: string }): Problem {
  return {
    code: 'SITE_IS_ENTERPRISE_NUMBER',
    message: `${organizationNumber} is the enterprise's own number; statistics need the number of an establishment.`,
  };
}

/** Warns that a unit offers services at no treatment site. */
export function serviceWithoutSite({ unit }: { unit: NamedUnit }): Problem {
  return {
    code: 'NO_TREATMENT_SITE',
    message: `Unit ${formatUnit(unit)} has service codes but no treatment site; connect one with connectTreatmentSite.`,
  };
}

export function specialistDesignationFixed({ designation }: { designation: string }): Problem {
  return {
    code: 'NOT_ALLOWED',
    message: `A contract specialist always has designation ${designation}; leave "designation" out.`,
  };
}

export function notARegion({ unit }: { unit: NamedUnit }): Problem {
  return {
    code: 'WRONG_PARENT_TYPE',
    message: `Unit ${formatUnit(unit)} is not a region: it has a parent. Name the root of its tree.`,
  };
}

export function systemReserved({ system }: { system: string }): Problem {
  return {
    code: 'RESERVED_SYSTEM',
    message:
      `The register itself assigns identifiers in ${system}; ` +
      'a RESH-id never changes, and updateUnit sets the organization number.',
  };
}

/** Warns that two units have one identifier. */
export function identifierTaken({
  holder,
  system,
  value,
}: {
  holder: NamedUnit;
  system: string;
  value: string;
}): Problem {
  return {
    code: 'DUPLICATE_IDENTIFIER',
    message: `Unit ${formatUnit(holder)} also has ${value} in ${system}; check which of the two units it belongs to.`,
  };
}
