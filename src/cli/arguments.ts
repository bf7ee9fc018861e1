import { InvalidArgumentError } from 'commander';
import { isEmailAddress } from '../domain/text/email-address.ts';
import { findLineFault, normalizeLine, type TextFault } from '../domain/text/text-rule.ts';
import { findTextProblem } from '../domain/text/text-problem.ts';

const maxLength = 255;

/** Parses the subject of a token, without trimming it: subjects are compared exactly. */
export const parseSubject = parseText;

export function parseName(text: string): string {
  return normalizeLine(parseText(text));
}

const faults: Readonly<Record<TextFault, string>> = {
  EMPTY: 'It is empty.',
  TOO_LONG: `It is longer than ${maxLength} characters.`,
  CONTROL_CHARACTER: 'It contains a line break or another control character.',
  DIRECTION_MARK: 'It contains an invisible character that changes the writing direction.',
};

function parseText(text: string): string {
  if (text.length > maxLength) throw new InvalidArgumentError(`It is longer than ${maxLength} characters.`);
  const problem = findTextProblem(text);
  if (problem) throw new InvalidArgumentError(`It ${problem}.`);
  const fault = findLineFault(text);
  if (fault) throw new InvalidArgumentError(faults[fault]);
  return text;
}

export function parseEmail(text: string): string {
  const email = parseText(text).trim();
  if (!isEmailAddress(email)) throw new InvalidArgumentError('It is not an e-mail address.');
  return email;
}
