/** Progress of a long operation. */
export interface Progress {
  update(text: string): void;
  end(): void;
}

const updateIntervalMs = { terminal: 100, log: 3_000 };

/**
 * Returns progress on standard error: one line that is overwritten on a terminal, otherwise a line every few seconds.
 */
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
  // The last update before a long pause is written too.
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
