/** What long work says of itself while it runs. */
export interface Progress {
  update(text: string): void;
  end(): void;
}

const updateIntervalMs = { terminal: 100, log: 3_000 };

/** Progress on standard error: one line that is written over on a terminal, a line now and then otherwise. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const intervalMs = stream.isTTY ? updateIntervalMs.terminal : updateIntervalMs.log;
  let lastWrittenAt = performance.now() - (stream.isTTY ? intervalMs : 0);
  let pendingText: string | undefined;
  let isLineOpen = false;
  const flush = () => {
    if (pendingText === undefined || performance.now() - lastWrittenAt < intervalMs) return;
    stream.write(stream.isTTY ? `\r\u001b[2K${pendingText}` : `${pendingText}\n`);
    isLineOpen = stream.isTTY;
    lastWrittenAt = performance.now();
    pendingText = undefined;
  };
  // What was said just before a long silence is told too.
  const timer = setInterval(flush, intervalMs).unref();
  return {
    update: (text) => {
      pendingText = text;
      flush();
    },
    end: () => {
      clearInterval(timer);
      pendingText = undefined;
      if (isLineOpen) stream.write('\r\u001b[2K');
      isLineOpen = false;
    },
  };
}
