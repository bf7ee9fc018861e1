import { InvalidArgumentError } from 'commander';
import { textProblem } from '../domain/text/text-problem.ts';

const longest = 255;

const toText = (text: string): string => {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  if (text.length > longest) throw new InvalidArgumentError(`It is longer than ${longest} characters.`);
  const problem = textProblem(text);
  if (problem) throw new InvalidArgumentError(`It ${problem}.`);
  return text;
};

/** Who somebody is in a token, exactly as it stands there. */
export const toSubject = toText;

export const toName = (text: string): string => toText(text).trim();

export const toEmail = (text: string): string => {
  const email = toText(text).trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new InvalidArgumentError('It is no e-mail address.');
  return email;
};
