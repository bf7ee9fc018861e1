/** Every code that an error of the API or of an extract can have in `extensions.code`, with its meaning. */
export const errorCodes = {
  BAD_INPUT:
    'An argument or parameter is invalid: a day that does not exist, an id that is not a positive number, ' +
    'a future `knownAt`',
  BAD_CURSOR: 'The cursor belongs to another field, unit, filter or order',
  BAD_ID: 'The `id` was not issued by this register',
  LIMIT_EXCEEDED: 'The request is over one of the limits above',
  TEXT_INVALID: 'A text contains NUL, an unpaired surrogate or the replacement character U+FFFD',
  UNAUTHENTICATED: 'The token is invalid or expired, or a token is required; HTTP status 401',
  FORBIDDEN: 'The viewer may not make the change; the message says who can',
  REGISTER_BUSY: 'A long change, such as an import, holds the register; nothing was written',
  REVISION_NOT_REACHED:
    'The register has not reached the revision in `X-Min-Revision`; HTTP status 503 with `Retry-After`',
  ISSUER_UNREACHABLE: 'The token cannot be checked because its issuer does not answer; HTTP status 503',
  SLOW_CONSUMER: 'The subscription ended because the client read nothing for 30 seconds',
  STOPPING: 'The server is shutting down and accepts no new subscriptions',
  NOT_FOUND:
    'An extract that does not exist, or an extract `within` a unit that is not valid on the day; HTTP status 404',
  METHOD_NOT_ALLOWED: 'An extract was requested with another method than GET or HEAD; HTTP status 405',
  PERSISTED_QUERY_NOT_FOUND:
    'The server does not know the document of this hash: send it with its hash, as Apollo Client does by itself; ' +
    'HTTP status 200',
  BAD_REQUEST:
    'The request is not GraphQL over HTTP: no JSON, not UTF-8, no `query`, a mutation by GET, several operations at ' +
    'once; HTTP status 400, 405 or 415',
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema',
  OPERATION_RESOLUTION_FAILURE:
    'No operation in the document has the given `operationName`, or there are several operations and no ' +
    '`operationName`',
  INTERNAL_SERVER_ERROR: 'A bug; the message has the request id under which the server logged it',
} as const;

export type ErrorCode = keyof typeof errorCodes;
