/** Every code that an error of the API can have in `extensions.code`, with the situation that it names. */
export const errorCodes = {
  BAD_INPUT:
    'A value is not possible: a day that does not exist, a RESH-id that is not a positive number, a `knownAt` in the future',
  BAD_CURSOR: 'The cursor belongs to another field, unit, filter or order',
  BAD_ID: 'The `id` was not issued by this register',
  LIMIT_EXCEEDED: 'The operation exceeds one of the limits',
  UNAUTHENTICATED: 'The token is invalid or expired, or missing where one is required; the status is 401',
  FORBIDDEN: 'The viewer may not make the change; the message names who can grant access',
  REGISTER_BUSY: 'A longer change, such as an import, holds the register; nothing was written',
  ISSUER_UNREACHABLE: 'The token cannot be verified because its issuer is unreachable; the status is 503',
  SLOW_CONSUMER: 'The server closed a subscription because its client had read nothing for 30 seconds',
  STOPPING: 'The server is shutting down and closed the subscription',
  TEXT_INVALID: 'A text contains a NUL or half of a surrogate pair',
  GRAPHQL_PARSE_FAILED: 'The document is not valid GraphQL',
  GRAPHQL_VALIDATION_FAILED: 'The document does not match the schema',
  OPERATION_RESOLUTION_FAILURE:
    'The document has no operation with the given `operationName`, or several and no name was given',
  BAD_REQUEST:
    'The request is not valid GraphQL over HTTP: no JSON, no `query`, a mutation sent by GET, or several operations in one request',
  INTERNAL_SERVER_ERROR: 'Unexpected error; the message has the request id under which the server log records it',
} as const;

export type ErrorCode = keyof typeof errorCodes;
