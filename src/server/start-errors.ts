import { LocalIssuerError } from '../auth/tokens/local-issuer.ts';
import { ConfigError } from '../config.ts';
import { explainConnectionError, findErrorCode, withOriginalMessage } from '../store/database/connection-error.ts';
import { DataFolderInUseError, DataFolderUnusableError } from '../store/database/data-folder-lock.ts';
import { ReplicaSettingError } from '../store/replicas/replica-set.ts';

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is in use. Set PORT to another one, or stop the process that uses it.',
  EACCES: 'Permission denied: choose a PORT above 1023, or a DATA_DIR that this user may write to.',
  ENOTFOUND: 'The host in DATABASE_URL or HOST does not exist. Check its spelling.',
  EADDRNOTAVAIL: 'HOST is not an address of this machine. Set it to one, such as 127.0.0.1 or 0.0.0.0.',
  '42501': 'The user in DATABASE_URL lacks a privilege. It must own the database, for migrations and extensions.',
};

const explainedErrors = [
  ConfigError,
  DataFolderInUseError,
  DataFolderUnusableError,
  LocalIssuerError,
  ReplicaSettingError,
];

/** Explains why the register cannot be opened or served: what happened, and what to do. */
export function explainStartError(error: unknown): string {
  if (explainedErrors.some((kind) => error instanceof kind))
    return error instanceof Error ? error.message : String(error);
  const remedy = remedies[findErrorCode(error) ?? ''];
  if (remedy !== undefined) return withOriginalMessage(remedy, error);
  return explainConnectionError(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}
