import { isEmailAddress } from '../text/email-address.ts';
import type { Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';
import { insertRow, removePeriod, setFact, truncateAt } from '../time/timeline.ts';
import type { Role } from './change-input.ts';
import type { Draft } from './draft.ts';
import { TextReader } from './input-text.ts';
import type { Issues } from './issues.ts';
import { administratorNeedsUnit, nationalRoleHasNoUnit, personHasNoName } from './messages/access.ts';
import { notAnEmailAddress } from './messages/texts.ts';
import type { Problem } from './user-error.ts';
import { diffRows, type AdministratorRow, type GrantRow, type RowChanges } from './write-set.ts';

/** A person in an input; absent values stay as they are. */
export interface Person {
  readonly subject: string;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
}

/**
 * Plans the name and e-mail address of a subject from a day on.
 *
 * @param issues collector for the person in the input
 * @param known names and e-mail addresses of the subject over all days
 */
export function planPerson(
  draft: Draft,
  issues: Issues,
  person: Person,
  known: readonly AdministratorRow[],
  day: Day,
): void {
  const personIssues = issues.at();
  const texts = new TextReader(personIssues);
  const subject = texts.readExactLine(person.subject, ['subject']);
  const isSubjectValid = !personIssues.hasErrors();
  const name = typeof person.name === 'string' ? texts.readLine(person.name, ['name']) : undefined;
  const email = person.email === undefined ? undefined : texts.readOptionalLine(person.email, ['email']);
  if (typeof email === 'string' && !isEmailAddress(email))
    personIssues.add('email', notAnEmailAddress({ text: email }));
  const current = known.find((row) => covers(row, day));
  if (isSubjectValid && !current && name === undefined) personIssues.add('name', personHasNoName({ subject, day }));
  if (personIssues.hasErrors()) return;
  const values = { ...(name !== undefined && { name }), ...(email !== undefined && { email }) };
  const next = known.find((row) => row.from > day)?.from ?? null;
  draft.administrators = diffRows(
    known,
    current
      ? setFact(known, day, (row) => JSON.stringify([row.name, row.email]), values)
      : insertRow(known, { subject, name: name ?? subject, email: email ?? null, from: day, to: next }),
  );
}

/** Checks that a role and the unit on which it is granted or revoked go together. */
export function checkRole(role: Role, reshId: number | null): Problem[] {
  if (role === 'ADMINISTRATOR') return reshId === null ? [administratorNeedsUnit()] : [];
  return reshId === null ? [] : [nationalRoleHasNoUnit({ role })];
}

/** Plans a grant over a period, merged with grants of the same role and unit that overlap or touch it. */
export function planGrant(draft: Draft, grant: Omit<GrantRow, 'id'>, held: readonly GrantRow[]): void {
  const sameGrants = held.filter(({ role, reshId }) => role === grant.role && reshId === grant.reshId);
  // A longer grant is not shortened; only revoking shortens grants.
  const coveringGrant = sameGrants.find(
    (row) => covers(row, grant.from) && (row.to === null || (grant.to !== null && row.to >= grant.to)),
  );
  if (coveringGrant) return;
  draft.grants = diffRows(sameGrants, insertRow(removePeriod(sameGrants, grant), grant));
}

/** Returns the changes of rows that end grants on a day. */
export function truncateGrants(grants: readonly GrantRow[], day: Day): RowChanges<GrantRow> {
  return diffRows(grants, truncateAt(grants, day));
}

/** Returns whether a period has a day on or after a given day. */
export function isValidOnOrAfter(grant: Period, day: Day): boolean {
  return grant.to === null || grant.to > day;
}
