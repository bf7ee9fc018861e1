export type Defer = (cleanUp: () => Promise<void>) => void;

/** Does work, and then the clean-ups it deferred, last first; also after an error, Ctrl+C or a termination. */
export async function withCleanUp(work: (defer: Defer) => Promise<void>): Promise<void> {
  const cleanUps: (() => Promise<void>)[] = [];
  const cleanUp = async (): Promise<void> => {
    for (const step of cleanUps.splice(0).reverse()) await step();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void cleanUp().finally(() => process.exit(1));
    });
  }
  try {
    await work((step) => cleanUps.push(step));
  } finally {
    await cleanUp();
  }
}
