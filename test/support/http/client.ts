import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print, type GraphQLFormattedError } from 'graphql';
import { pino } from 'pino';
import type { Day } from '../../../src/domain/time/day.ts';
import { createServer, type ServerOptions } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { testVerifier, signToken } from './tokens.ts';

/** What the server says to one operation. */
export interface GraphqlResponse<Data> {
  readonly status: number;
  /** Null or absent where nothing could be answered */
  readonly data: Data | null | undefined;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
}

/** Asks the register as a client does: over the HTTP handler, with documents that codegen has typed. */
export interface TestClient {
  execute<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    ...variables: Variables extends Record<string, never> ? [] : [Variables]
  ): Promise<GraphqlResponse<Data>>;
  /** The data of an operation that is expected to have no errors; fails with them where it has. */
  query<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    ...variables: Variables extends Record<string, never> ? [] : [Variables]
  ): Promise<Data>;
  /** Sends any text or body, also such as no typed client would send. */
  send(body: unknown): Promise<GraphqlResponse<unknown>>;
}

type Fetch = (url: string, request: RequestInit) => Promise<Response> | Response;

interface ClientOptions extends Partial<Pick<ServerOptions, 'log' | 'readAccess'>> {
  readonly today?: Day;
  readonly as?: string;
  readonly headers?: Record<string, string>;
}

/**
 * A client of a server that works on this database.
 *
 * @param options.today the server's day; its clock's where absent
 * @param options.as subject whose token each request carries; none where absent
 * @param options.headers sent with each request
 */
export function createClient(database: Database, options: ClientOptions = {}): TestClient {
  const { today, as: subject, headers = {}, log = pino({ level: 'silent' }), readAccess = 'public' } = options;
  const server = createServer({
    database,
    log,
    tokenVerifier: testVerifier,
    readAccess,
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
  // The edge: codegen has typed the answer from the same schema that the server answers by.
  const { data, errors } = (await response.json()) as Pick<GraphqlResponse<unknown>, 'data' | 'errors'>;
  return { status: response.status, data, errors };
}
