import { computeCheckDigit } from '../../../src/domain/text/organization-number.ts';

let issuedNumberCount = 0;

/** Returns an organization number that no other test uses. */
export function nextOrganizationNumber(): string {
  let checkDigit: number | undefined;
  let digits = '';
  while (checkDigit === undefined) {
    issuedNumberCount += 1;
    digits = String(88_000_000 + issuedNumberCount);
    checkDigit = computeCheckDigit(digits);
  }
  return `${digits}${checkDigit}`;
}
