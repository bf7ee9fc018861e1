import { InvalidArgumentError } from 'commander';
import { findTextProblem } from '../domain/text/text-problem.ts';

const maxLength = 255;

/** Parses the subject of a token, without trimming it: subjects are compared exactly. */
export const parseSubject = parseText;

export function parseName(text: string): string {
  return parseText(text).trim();
}

function parseText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  if (text.length > maxLength) throw new InvalidArgumentError(`It is longer than ${maxLength} characters.`);
  const problem = findTextProblem(text);
  if (problem) throw new InvalidArgumentError(`It ${problem}.`);
  return text;
}

export function parseEmail(text: string): string {
  const email = parseText(text).trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new InvalidArgumentError('It is not an e-mail address.');
  return email;
}
