import pg from 'pg';

const CHANNEL = 'resh_change';
const RECONNECT_DELAY_MS = 1_000;

/**
 * Listens for changes on a separate connection, and reconnects whenever the connection is lost.
 *
 * @param onNotify called for each notification, and after each connect because notifications may have been missed
 * @returns function that stops listening
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
      connectionString: url,
      application_name: 'resh-graph changes',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    }));
    // Without an error listener a terminated back end would crash the process.
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
