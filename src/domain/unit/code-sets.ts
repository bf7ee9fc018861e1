/** Code set of designations (organisatorisk betegnelse). */
export const DESIGNATION_CODE_SET = 8624;

/** Code sets of the services of a unit: specialties and others. */
export const SERVICE_CODE_SETS: readonly number[] = [8451, 8651, 8652, 8653, 8654, 8655];

/** Parses a code with its code set, as stored in attributes and replacements: '8451:010'. */
export function parseCodeReference(text: string): { codeSet: number; code: string } {
  const colon = text.indexOf(':');
  return { codeSet: Number(text.slice(0, colon)), code: text.slice(colon + 1) };
}

/** Returns a code with its set as one text, such as '8451:010'. */
export function formatCodeReference({ codeSet, code }: { readonly codeSet: number; readonly code: string }): string {
  return `${codeSet}:${code}`;
}

/** Designation of contract specialists (Privat avtalespesialist), in the code set of designations. */
export const CONTRACT_SPECIALIST_DESIGNATION = '61';
