const weights = [3, 2, 7, 6, 5, 4, 3, 2];

/** Returns whether text is an organization number: eight digits and their check digit. */
export function isOrganizationNumber(text: string): boolean {
  return /^\d{9}$/.test(text) && computeCheckDigit(text) === Number(text[8]);
}

/**
 * Returns the check digit for the first eight digits of an organization number: modulus 11, as the Brønnøysund register
 * defines it; undefined if no number begins with these digits.
 */
export function computeCheckDigit(digits: string): number | undefined {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  const digit = (11 - (sum % 11)) % 11;
  return digit === 10 ? undefined : digit;
}
