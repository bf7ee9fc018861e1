const weights = [3, 2, 7, 6, 5, 4, 3, 2];

/** Whether text is an organization number: nine digits of which the last is the check digit. */
export function isOrganizationNumber(text: string): boolean {
  return /^\d{9}$/.test(text) && computeCheckDigit(text) === Number(text[8]);
}

/**
 * The check digit that belongs to the first eight digits of an organization number: modulus 11, as the Brønnøysund
 * register gives it. Undefined where no number begins with these digits.
 */
export function computeCheckDigit(digits: string): number | undefined {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  const digit = (11 - (sum % 11)) % 11;
  return digit === 10 ? undefined : digit;
}
