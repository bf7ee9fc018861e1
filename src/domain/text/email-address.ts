/** Returns whether a text is an e-mail address at a domain; its letters may be of any alphabet. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@"]{1,64}@([^\s@.]+\.)+[^\s@.]{2,}$/u.test(text);
}
