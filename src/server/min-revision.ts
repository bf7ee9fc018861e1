import type { Plugin } from 'graphql-yoga';
import type { ErrorCode } from '../errors/error-codes.ts';
import type { Database } from '../store/database/database.ts';
import type { UnexpectedErrors } from './unexpected-errors.ts';

/** Request header with a revision that the answer must include. */
export const minRevisionHeader = 'x-min-revision';
/** Longest time that a request waits for its revision, in milliseconds. */
export const MIN_REVISION_TIMEOUT_MS = 2_000;

const RETRY_AFTER_SECONDS = 1;

interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Says at once whether a header X-Min-Revision names a revision that exists. */
export async function isMinRevisionReached(
  { newestRevision }: Pick<Database, 'newestRevision'>,
  header: string,
): Promise<boolean> {
  const revision = parseRevision(header);
  if (revision === undefined) return false;
  return newestRevision().then(
    (newest) => newest.revision >= revision,
    () => false,
  );
}

/**
 * Answers requests with an error if the revision in their header X-Min-Revision is not recorded within the timeout.
 * Every answer includes all changes committed before its request, so a revision that any process has returned exists;
 * only a client that heard of it elsewhere can be ahead.
 */
export function minRevisions(
  { newestRevision, revisionNotifier }: Pick<Database, 'newestRevision' | 'revisionNotifier'>,
  unexpectedErrors: Pick<UnexpectedErrors, 'report'>,
): Plugin {
  const findRefusal = async (header: string): Promise<Refusal | undefined> => {
    const revision = parseRevision(header);
    if (revision === undefined) return refuseHeader(header);
    if ((await newestRevision()).revision >= revision) return undefined;
    await revisionNotifier.waitForRevisionAfter(revision - 1, AbortSignal.timeout(MIN_REVISION_TIMEOUT_MS));
    const newest = (await newestRevision()).revision;
    return newest >= revision ? undefined : refuseRevision(revision, newest);
  };
  return {
    onRequest: async (event) => {
      const { request, fetchAPI } = event;
      const header = request.headers.get(minRevisionHeader);
      if (header === null) return;
      const refusal = await findRefusal(header).catch((error: unknown) =>
        refuseUnexpected(unexpectedErrors.report(error, request)),
      );
      if (!refusal) return;
      const { status, code, message, headers } = refusal;
      event.endResponse(
        fetchAPI.Response.json(
          { errors: [{ message, extensions: { code } }] },
          { status, headers: { 'cache-control': 'no-store', ...headers } },
        ),
      );
    },
  };
}

function parseRevision(header: string): number | undefined {
  return /^\d{1,10}$/.test(header) ? Number(header) : undefined;
}

function refuseHeader(header: string): Refusal {
  const message =
    `\`X-Min-Revision\` is "${header.slice(0, 60)}", which is not a revision: ` +
    'send the revision of a change, such as 57, or omit the header.';
  return { status: 400, code: 'BAD_INPUT', message };
}

function refuseRevision(revision: number, newest: number): Refusal {
  const message =
    `\`X-Min-Revision\` is ${revision}, but the newest revision is ${newest}, also after ` +
    `${MIN_REVISION_TIMEOUT_MS / 1_000} seconds: send a revision that this register has returned, or try again.`;
  return {
    status: 503,
    code: 'REVISION_NOT_REACHED',
    message,
    headers: {
      'retry-after': String(RETRY_AFTER_SECONDS),
      'access-control-expose-headers': 'Retry-After, X-Request-Id',
    },
  };
}

function refuseUnexpected(message: string): Refusal {
  return { status: 500, code: 'INTERNAL_SERVER_ERROR', message };
}
