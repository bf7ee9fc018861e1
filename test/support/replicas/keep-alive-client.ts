import { Agent, request } from 'node:http';

/** Response to a request. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends operations over connections that stay open, at less cost than `fetch`. */
export interface KeepAliveClient {
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<HttpAnswer>;
  close(): void;
}

export function createKeepAliveClient(): KeepAliveClient {
  const agent = new Agent({ keepAlive: true });
  return {
    post: async (url, headers, body) => {
      // The server may close an idle connection just when the next request is sent on it.
      const attempt = (): Promise<HttpAnswer> =>
        postOnce(agent, url, headers, body).catch((error: unknown) => {
          if (error instanceof ClosedConnectionError) return attempt();
          throw error;
        });
      return attempt();
    },
    close: () => agent.destroy(),
  };
}

class ClosedConnectionError extends Error {}

function postOnce(
  agent: Agent,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', reject);
      },
    );
    sent.on('error', (error) => {
      const isClosed = sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
      reject(isClosed ? new ClosedConnectionError('The server closed an idle connection.', { cause: error }) : error);
    });
    sent.end(body);
  });
}
