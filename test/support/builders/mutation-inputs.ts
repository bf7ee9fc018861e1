/** Builds the key of a code of code set 8451. */
export function specialty(code: string) {
  return { codeSet: 8451, code };
}

/** Builds the fields that identify the access of an administrator to a unit, in inputs that grant or revoke it. */
export function administratorGrant<More extends object = object>(subject: string, reshId: number, more?: More) {
  return { subject, role: 'ADMINISTRATOR' as const, reshId, ...more };
}
