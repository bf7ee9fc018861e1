/** What long work says of itself while it runs. */
export interface Progress {
  update(text: string): void;
  end(): void;
}

const millisecondsBetween = { terminal: 100, log: 3_000 };

/** Progress on standard error: one line that is written over on a terminal, a line now and then otherwise. */
export const standardErrorProgress = (stream: NodeJS.WriteStream = process.stderr): Progress => {
  const between = stream.isTTY ? millisecondsBetween.terminal : millisecondsBetween.log;
  let last = performance.now() - (stream.isTTY ? between : 0);
  let waiting: string | undefined;
  let isLineOpen = false;
  const tell = () => {
    if (waiting === undefined || performance.now() - last < between) return;
    stream.write(stream.isTTY ? `\r\u001b[2K${waiting}` : `${waiting}\n`);
    isLineOpen = stream.isTTY;
    last = performance.now();
    waiting = undefined;
  };
  // What was said just before a long silence is told too.
  const timer = setInterval(tell, between).unref();
  return {
    update: (text) => {
      waiting = text;
      tell();
    },
    end: () => {
      clearInterval(timer);
      waiting = undefined;
      if (isLineOpen) stream.write('\r\u001b[2K');
      isLineOpen = false;
    },
  };
};
