import { LocalIssuerError } from '../auth/tokens/local-issuer.ts';
import { ConfigError } from '../config.ts';
import { ImportFolderError, RegisterChangedError } from '../exchange/import/stage-files.ts';
import { SynchronizationError } from '../exchange/sync/check-desired-state.ts';
import { explainConnectionError, findErrorCode } from '../store/database/connection-error.ts';
import { DataFolderInUseError } from '../store/database/data-folder-lock.ts';
import { CommandFailedError, exitCodes } from './exit-codes.ts';

const expectedErrors = [
  ConfigError,
  DataFolderInUseError,
  ImportFolderError,
  LocalIssuerError,
  RegisterChangedError,
  CommandFailedError,
  SynchronizationError,
];

// Failed connections and files that cannot be written: classes 08, 28, 3D, 53 and 57 of PostgreSQL, and system errors.
const expectedCodePattern = /^(08|28|3D|53|57)|^E[A-Z]+$/;

/** Returns the exit code of a command that threw an error. */
export function toExitCode(error: unknown): number {
  return error instanceof ConfigError ? exitCodes.usageError : exitCodes.failure;
}

/** Returns the message of an error that a user can correct, and the stack of any other. */
export function formatError(error: unknown): string {
  if (isExpectedError(error)) return formatErrorMessage(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Returns whether a user can correct the cause of an error, so that its message is enough. */
function isExpectedError(error: unknown): boolean {
  return (
    expectedErrors.some((errorClass) => error instanceof errorClass) ||
    expectedCodePattern.test(findErrorCode(error) ?? '') ||
    explainConnectionError(error) !== undefined
  );
}

/** Returns the message of an error that a user can correct. */
function formatErrorMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (isFileError(error)) return `A file cannot be used (${message}). Check its path and permissions.`;
  return explainConnectionError(error) ?? message;
}

// Unlike errors of connections, system errors of files have a path.
function isFileError(error: unknown): boolean {
  return error instanceof Error && 'path' in error && /^E[A-Z]+$/.test(findErrorCode(error) ?? '');
}
