/** What long work says of itself while it runs. */
export interface Progress {
  update(text: string): void;
  end(): void;
}

const millisecondsBetween = { terminal: 100, log: 3_000 };

/** Progress on standard error: one line that is written over on a terminal, a line now and then otherwise. */
export const standardErrorProgress = (stream: NodeJS.WriteStream = process.stderr): Progress => {
  let last = Number.NEGATIVE_INFINITY;
  let isLineOpen = false;
  return {
    update: (text) => {
      const now = performance.now();
      if (now - last < (stream.isTTY ? millisecondsBetween.terminal : millisecondsBetween.log)) return;
      last = now;
      if (!stream.isTTY) return void stream.write(`${text}\n`);
      stream.write(`\r\u001b[2K${text}`);
      isLineOpen = true;
    },
    end: () => {
      if (isLineOpen) stream.write('\r\u001b[2K');
      isLineOpen = false;
    },
  };
};
