import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Defer = (cleanUp: () => Promise<void>) => void;

/** Does work, and then the clean-ups it deferred, last first; also after an error, Ctrl+C or a termination. */
export async function withCleanUp(work: (defer: Defer) => Promise<void>): Promise<void> {
  const deferred: (() => Promise<void>)[] = [];
  const runDeferred = async (): Promise<void> => {
    for (const step of deferred.splice(0).reverse()) await step();
  };
  // A signal makes the work fail too: both wait for the same clean-up.
  let cleaning: Promise<void> | undefined;
  const cleanUp = (): Promise<void> => (cleaning ??= runDeferred());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void cleanUp().finally(() => process.exit(1));
    });
  }
  try {
    await work((step) => deferred.push(step));
  } finally {
    await cleanUp();
  }
}

/** Creates a temporary folder, which the clean-up removes. */
export async function createTemporaryFolder(defer: Defer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'resh-bench-'));
  defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
