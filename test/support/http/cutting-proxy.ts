import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy that passes bytes on, and cuts connections. */
export interface CuttingProxy {
  readonly url: string;
  /** Connections cut so far */
  readonly cutCount: () => number;
  /** Connections that are open */
  readonly openCount: () => number;
  /** Cuts all open connections. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy in front of a server.
 *
 * @param url address of a page of the server; the proxy has the same page
 * @param chooseByteLimit returns after how many bytes of its response a connection is cut, at any place of the text;
 *   undefined for a connection that is cut only by `cut`
 */
export async function startCuttingProxy(
  url: string,
  chooseByteLimit: () => number | undefined = () => undefined,
): Promise<CuttingProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let cutCount = 0;
  const cut = (socket: Socket): void => {
    if (!sockets.delete(socket)) return;
    cutCount += 1;
    socket.destroy();
  };
  const proxy = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    const byteLimit = chooseByteLimit();
    let byteCount = 0;
    sockets.add(client);
    client.pipe(server);
    server.on('data', (chunk: Buffer) => {
      const allowed = byteLimit === undefined ? chunk.length : Math.min(chunk.length, byteLimit - byteCount);
      byteCount += allowed;
      client.write(chunk.subarray(0, allowed), () => {
        if (allowed < chunk.length) cut(client);
      });
    });
    client.on('close', () => {
      sockets.delete(client);
      server.destroy();
    });
    server.on('close', () => client.destroy());
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = new URL(target);
  address.port = String((proxy.address() as AddressInfo).port);
  return {
    url: address.href,
    cutCount: () => cutCount,
    openCount: () => sockets.size,
    cut: () => [...sockets].forEach(cut),
    close: async () => {
      const closed = once(proxy, 'close');
      proxy.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
