import pg from 'pg';

const CHANNEL = 'resh_change';
const RECONNECT_DELAY_MS = 1_000;

/**
 * Listens for changes on a connection of its own, which is made anew whenever it is lost.
 *
 * @param onNotify called for every change announced, and once the connection stands: something may have been missed
 * @returns ends it
 */
export async function listenForChanges(url: string, onNotify: () => void): Promise<() => Promise<void>> {
  let isEnded = false;
  let client: pg.Client | undefined;
  let reconnectTimer: NodeJS.Timeout | undefined;

  const scheduleReconnect = (): void => {
    if (isEnded) return;
    clearTimeout(reconnectTimer);
    reconnectTimer = setTimeout(() => void connect(), RECONNECT_DELAY_MS);
  };
  const connect = async (): Promise<void> => {
    const newClient = (client = new pg.Client({
      ...{ connectionString: url, application_name: 'resh-graph changes', connectionTimeoutMillis: 10_000 },
      ...{ keepAlive: true, keepAliveInitialDelayMillis: 10_000 },
    }));
    // Without a listener a terminated back end would end the whole process.
    newClient.on('error', scheduleReconnect);
    newClient.on('end', scheduleReconnect);
    newClient.on('notification', onNotify);
    try {
      await newClient.connect();
      await newClient.query(`listen ${CHANNEL}`);
      onNotify();
    } catch {
      await newClient.end().catch(() => {});
      scheduleReconnect();
    }
  };

  await connect();
  return async () => {
    isEnded = true;
    clearTimeout(reconnectTimer);
    await client?.end().catch(() => {});
  };
}
