import { LocalIssuerError } from '../auth/tokens/local-issuer.ts';
import { ConfigError } from '../config.ts';
import { ImportFolderError, RegisterChangedError } from '../exchange/import/stage-files.ts';
import { SynchronizationError } from '../exchange/sync/synchronize.ts';
import { DataFolderInUseError } from '../store/database/data-folder-lock.ts';

export const exitCodes = { done: 0, refused: 1, wrongUsage: 2 } as const;

/** Hears with which code the process is to end. */
export type Finish = (code: number) => void;

/** A command refused what it was asked; the message says why and what to do. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

const expected = [
  ConfigError,
  DataFolderInUseError,
  ImportFolderError,
  LocalIssuerError,
  RegisterChangedError,
  RefusedError,
  SynchronizationError,
];

// Of a connection that fails, or a file that cannot be written: class 08, 28, 3D, 53 and 57 of PostgreSQL, and the system's own codes.
const expectedCodes = /^(08|28|3D|53|57)|^E[A-Z]+$/;

const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
};

/** Whether an error is one that a person can mend, so that its message is enough. */
export const isExpected = (error: unknown): boolean =>
  expected.some((kind) => error instanceof kind) ||
  expectedCodes.test(codeOf(error)) ||
  (error instanceof Error && error.message === 'timeout exceeded when trying to connect');

/** The message of an error; of several connection attempts, that of the first. */
export const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  return /^E[A-Z]+$|^(08|28|3D|53|57)/.test(codeOf(error)) &&
    /connect|ENOTFOUND|authentication|database|role/.test(message)
    ? `The database cannot be reached: ${message}. See DATABASE_URL.`
    : message;
};
