import type { Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';
import { truncateAt, setFact, removePeriod, insertRow } from '../time/timeline.ts';
import type { Role } from './change-input.ts';
import { diffRows, type AdministratorRow, type Draft, type GrantRow } from './draft.ts';
import { isEmailAddress, TextReader } from './input-text.ts';
import { userError, type UserError } from './user-error.ts';

/** Somebody as an input names them; what is absent is kept. */
export interface Person {
  readonly subject: string;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
}

/**
 * Plans the name and e-mail address of a subject from a day on.
 *
 * @param known what the register says of the subject over all days
 * @param path of the person in the input
 */
export function planPerson(
  draft: Draft,
  person: Person,
  known: readonly AdministratorRow[],
  day: Day,
  path: readonly string[] = [],
): void {
  const texts = new TextReader();
  const subject = texts.readLine(person.subject, [...path, 'subject']);
  const name = typeof person.name === 'string' ? texts.readLine(person.name, [...path, 'name']) : undefined;
  const email = person.email === undefined ? undefined : texts.readOptionalLine(person.email, [...path, 'email']);
  if (typeof email === 'string' && !isEmailAddress(email))
    texts.errors.push(userError('TEXT_INVALID', [...path, 'email'], `«${email}» is no e-mail address; correct it.`));
  const current = known.find((row) => covers(row, day));
  if (!current && name === undefined)
    texts.errors.push(
      userError('REQUIRED', [...path, 'name'], `The register has no name for «${subject}» on ${day}; give one.`),
    );
  draft.errors.push(...texts.errors);
  if (texts.errors.length > 0) return;
  const values = { ...(name !== undefined && { name }), ...(email !== undefined && { email }) };
  const next = known.find((row) => row.from > day)?.from ?? null;
  draft.administrators = diffRows(
    known,
    current
      ? setFact(known, day, (row) => JSON.stringify([row.name, row.email]), values)
      : insertRow(known, { subject, name: name ?? subject, email: email ?? null, from: day, to: next }),
  );
}

/** What is wrong with a role and the unit that it is given or taken on. */
export function validateRole(role: Role, reshId: number | null): UserError[] {
  if (role === 'ADMINISTRATOR')
    return reshId === null
      ? [userError('REQUIRED', 'reshId', 'An administrator is one of a unit; name it in «reshId».')]
      : [];
  return reshId === null
    ? []
    : [userError('NOT_ALLOWED', 'reshId', `The role ${role} is national and tied to no unit; leave «reshId» out.`)];
}

/** Plans a grant over a period; where the same holds already on some of its days, the two become one. */
export function planGrant(draft: Draft, grant: Omit<GrantRow, 'id'>, held: readonly GrantRow[]): void {
  const sameGrants = held.filter(({ role, reshId }) => role === grant.role && reshId === grant.reshId);
  // What holds longer already is not shortened: that is revoking.
  const coveringGrant = sameGrants.find(
    (row) => covers(row, grant.from) && (row.to === null || (grant.to !== null && row.to >= grant.to)),
  );
  if (coveringGrant) return;
  draft.grants = diffRows(sameGrants, insertRow(removePeriod(sameGrants, grant), grant));
}

/** Grants that end on a day, as the rows that are left of them. */
export function truncateGrants(grants: readonly GrantRow[], day: Day) {
  return diffRows(grants, truncateAt(grants, day));
}

/** Whether a grant holds on a day, or will later. */
export function isValidOnOrAfter(grant: Period, day: Day): boolean {
  return grant.to === null || grant.to > day;
}
