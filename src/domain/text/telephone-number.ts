import { isPossiblePhoneNumber } from 'libphonenumber-js/min';

// Norwegian numbers that no country code precedes, such as 113, 1881, 02800 and 116117.
const serviceNumber = /^(1\d{2}|18\d{2}|0\d{4}|116\d{3})$/;

/** Returns whether a text is a telephone number: with a country code, or Norwegian. */
export function isTelephoneNumber(text: string): boolean {
  return serviceNumber.test(text.replaceAll(' ', '')) || isPossiblePhoneNumber(text, 'NO');
}
