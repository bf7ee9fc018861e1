import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print, type GraphQLFormattedError } from 'graphql';
import { pino } from 'pino';
import type { Day } from '../../../src/domain/time/day.ts';
import { createServer, type ServerOptions } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { testVerifier, signToken } from './tokens.ts';

/** Response of the server to one operation. */
export interface GraphqlResponse<Data> {
  readonly status: number;
  /** Null or absent if no field could be resolved */
  readonly data: Data | null | undefined;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
}

/** Sends operations through the HTTP handler, as a client does; codegen types the documents. */
export interface TestClient {
  execute<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    ...variables: Variables extends Record<string, never> ? [] : [Variables]
  ): Promise<GraphqlResponse<Data>>;
  /** Returns the data of an operation; fails if the response has errors. */
  query<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    ...variables: Variables extends Record<string, never> ? [] : [Variables]
  ): Promise<Data>;
  /** Sends any text or body, including one that a typed client could not send. */
  send(body: unknown): Promise<GraphqlResponse<unknown>>;
}

/** Returns the code and message of each error of a response; undefined if it has none. */
export function listErrors({ errors }: Pick<GraphqlResponse<unknown>, 'errors'>): unknown[] | undefined {
  return errors?.map(({ message, extensions }) => [extensions?.['code'], message]);
}

type Fetch = (url: string, request: RequestInit) => Promise<Response> | Response;

interface ClientOptions extends Partial<Pick<ServerOptions, 'log' | 'readAccess' | 'replicas'>> {
  readonly today?: Day;
  readonly as?: string;
  readonly headers?: Record<string, string>;
}

/**
 * Creates a client of a server on this database.
 *
 * @param options.today day of the server; by default, from its clock
 * @param options.as subject of the token in each request; by default, requests have no token
 * @param options.headers sent with each request
 */
export function createClient(database: Database, options: ClientOptions = {}): TestClient {
  const {
    today,
    as: subject,
    headers = {},
    log = pino({ level: 'silent' }),
    readAccess = 'public',
    replicas,
  } = options;
  const server = createServer({
    database,
    log,
    tokenVerifier: testVerifier,
    readAccess,
    ...(replicas && { replicas }),
    ...(today !== undefined && { today: () => today }),
  });
  const fetch: Fetch = (url, request) => server.fetch(url, request);
  const send = async (body: string): Promise<GraphqlResponse<unknown>> => {
    const token = subject === undefined ? {} : { authorization: `Bearer ${await signToken(subject)}` };
    return post(fetch, { ...token, ...headers }, body);
  };

  const execute: TestClient['execute'] = async (document, ...[variables]) =>
    (await send(JSON.stringify({ query: print(document), variables }))) as never;

  return {
    execute,
    query: async (document, ...variables) => {
      const { data, errors } = await execute(document, ...variables);
      if (errors || !data) throw new Error(`The server answered with errors: ${JSON.stringify(errors, null, 2)}`);
      return data;
    },
    send: (body) => send(typeof body === 'string' ? body : JSON.stringify(body)),
  };
}

async function post(fetch: Fetch, headers: Record<string, string>, body: string): Promise<GraphqlResponse<unknown>> {
  const response = await fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body,
  });
  // Codegen typed the response from the schema that the server uses.
  const { data, errors } = (await response.json()) as Pick<GraphqlResponse<unknown>, 'data' | 'errors'>;
  return { status: response.status, data, errors };
}
