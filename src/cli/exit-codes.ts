import { LocalIssuerError } from '../auth/tokens/local-issuer.ts';
import { ConfigError } from '../config.ts';
import { ImportFolderError, RegisterChangedError } from '../exchange/import/stage-files.ts';
import { SynchronizationError } from '../exchange/sync/check-desired-state.ts';
import { explainConnectionError, findErrorCode } from '../store/database/connection-error.ts';
import { DataFolderInUseError } from '../store/database/data-folder-lock.ts';

export const exitCodes = { success: 0, failure: 1, usageError: 2 } as const;

/** Sets the exit code of the process. */
export type SetExitCode = (code: number) => void;

/** A command was refused; the message says why and what to do. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
}

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

/** Returns whether a user can correct the cause of an error, so that its message is enough. */
export function isExpectedError(error: unknown): boolean {
  return (
    expectedErrors.some((errorClass) => error instanceof errorClass) ||
    expectedCodePattern.test(findErrorCode(error) ?? '') ||
    explainConnectionError(error) !== undefined
  );
}

/** Returns the message of an error that a user can correct. */
export function formatErrorMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (isFileError(error)) return `A file cannot be used (${message}). Check its path and permissions.`;
  return explainConnectionError(error) ?? message;
}

// Unlike errors of connections, system errors of files have a path.
function isFileError(error: unknown): boolean {
  return error instanceof Error && 'path' in error && /^E[A-Z]+$/.test(findErrorCode(error) ?? '');
}
