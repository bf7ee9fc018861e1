/** Counts the work of this process that may have written the register. */
export interface WriteCounter {
  /** Counts work once it has ended. */
  count<T>(work: Promise<T>): Promise<T>;
  /** Returns a function that reads a value again only if work has ended since it was read. */
  rememberUntilNextWrite<T>(read: () => Promise<T>): () => Promise<T>;
}

/** Creates a counter for the work of one process. */
export function createWriteCounter(): WriteCounter {
  let ended = 0;
  return {
    count: (work) =>
      work.finally(() => {
        ended += 1;
      }),
    rememberUntilNextWrite: (read) => {
      let known: { readonly ended: number; readonly value: Awaited<ReturnType<typeof read>> } | undefined;
      return async () => {
        if (known?.ended === ended) return known.value;
        const before = ended;
        const value = await read();
        known = { ended: before, value };
        return value;
      };
    },
  };
}
