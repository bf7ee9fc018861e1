import pg from 'pg';

const CHANNEL = 'resh_change';
const CONNECT_AGAIN_MS = 1_000;

/**
 * Listens for changes on a connection of its own, which is made anew whenever it is lost.
 *
 * @param hear called for every change announced, and once the connection stands: something may have been missed
 * @returns ends it
 */
export const listenForChanges = async (url: string, hear: () => void): Promise<() => Promise<void>> => {
  let isEnded = false;
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;

  const connectLater = (): void => {
    if (isEnded) return;
    clearTimeout(again);
    again = setTimeout(() => void connect(), CONNECT_AGAIN_MS);
  };
  const connect = async (): Promise<void> => {
    const own = (client = new pg.Client({
      ...{ connectionString: url, application_name: 'resh-graph changes', connectionTimeoutMillis: 10_000 },
      ...{ keepAlive: true, keepAliveInitialDelayMillis: 10_000 },
    }));
    // Without a listener a terminated back end would end the whole process.
    own.on('error', connectLater);
    own.on('end', connectLater);
    own.on('notification', hear);
    try {
      await own.connect();
      await own.query(`listen ${CHANNEL}`);
      hear();
    } catch {
      await own.end().catch(() => {});
      connectLater();
    }
  };

  await connect();
  return async () => {
    isEnded = true;
    clearTimeout(again);
    await client?.end().catch(() => {});
  };
};
