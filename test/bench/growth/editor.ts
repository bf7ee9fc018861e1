import { z } from 'zod';
import { openLocalIssuer } from '../../../src/auth/tokens/local-issuer.ts';
import { createKeepAliveClient } from '../../support/replicas/keep-alive-client.ts';
import { runResh } from '../reading/import-files.ts';
import type { StartedServer } from '../reading/servers.ts';

/** A national operator, who may change everything. */
export interface Editor {
  /** Sends a mutation; throws unless it became a change. */
  change(server: StartedServer, mutation: string, variables: Readonly<Record<string, unknown>>): Promise<void>;
  /** Sends a query; throws unless it was answered. */
  read(server: StartedServer, body: string): Promise<void>;
  close(): void;
}

const SUBJECT = 'bench';
const TOKEN_SECONDS = 6 * 60 * 60;

const responseSchema = z.strictObject({ data: z.record(z.string(), z.unknown()) });
const payloadSchema = z.object({ change: z.object({ revision: z.number() }) });

/**
 * Registers an operator of a register.
 *
 * @param folder for the key of the local issuer
 * @returns also the settings of servers that accept the operator's token
 */
export async function createEditor(
  folder: string,
  databaseUrl: string,
): Promise<{ editor: Editor; environment: Readonly<Record<string, string>> }> {
  await runResh(['operator', SUBJECT, '--name', 'Bench'], { DATABASE_URL: databaseUrl });
  const issuer = await openLocalIssuer(folder);
  const headers = { authorization: `Bearer ${await issuer.sign({ subject: SUBJECT, name: null }, TOKEN_SECONDS)}` };
  const client = createKeepAliveClient();
  const send = async ({ url }: StartedServer, body: string, withToken: boolean) => {
    const answer = await client.post(`${url}/graphql`, withToken ? headers : {}, body);
    const response = responseSchema.safeParse(JSON.parse(answer.body));
    if (!response.success) throw new Error(`The answer to ${body.slice(0, 200)} is ${answer.body.slice(0, 400)}`);
    return response.data.data;
  };
  const editor: Editor = {
    change: async (server, query, variables) => {
      const [payload] = Object.values(await send(server, JSON.stringify({ query, variables }), true));
      if (!payloadSchema.safeParse(payload).success)
        throw new Error(`A change was refused: ${JSON.stringify(payload)}`);
    },
    read: async (server, body) => {
      await send(server, body, false);
    },
    close: () => client.close(),
  };
  return { editor, environment: { DATA_DIR: folder } };
}
