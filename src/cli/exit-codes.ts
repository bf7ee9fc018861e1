export const exitCodes = { success: 0, failure: 1, usageError: 2 } as const;

/** Sets the exit code of the process. */
export type SetExitCode = (code: number) => void;

/** A command was refused; the message says why and what to do. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
}
