const UNREACHABLE =
  'Cannot reach the PostgreSQL server in DATABASE_URL. Check that it is running, and check host and port.';

const explanations: Readonly<Record<string, string>> = {
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  '08001': UNREACHABLE,
  '08004': UNREACHABLE,
  '08006': UNREACHABLE,
  ENOTFOUND: 'The host in DATABASE_URL does not exist. Check its spelling.',
  '28P01': 'The PostgreSQL server rejects the password in DATABASE_URL.',
  '28000': 'The PostgreSQL server rejects the user in DATABASE_URL.',
  '3D000': 'The database in DATABASE_URL does not exist. Create it with createdb, or name another one.',
};

/** Explains why the PostgreSQL server cannot be used and what to do; undefined if the error has another cause. */
export function explainConnectionError(error: unknown): string | undefined {
  const explanation = isConnectTimeout(error) ? UNREACHABLE : explanations[findErrorCode(error) ?? ''];
  return explanation === undefined ? undefined : withOriginalMessage(explanation, error);
}

// Thrown by the pool of connections, without a code.
function isConnectTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

/** Returns the code of an error or of its cause: an SQLSTATE code, or that of a system error. */
export function findErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? findErrorCode(error.cause) : undefined;
}

/** Adds the message of an error to its explanation; if several connection attempts failed, that of the first. */
export function withOriginalMessage(explanation: string, error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return withOriginalMessage(explanation, error.errors[0]);
  return error instanceof Error && error.message ? `${explanation}\n(${error.message})` : explanation;
}
