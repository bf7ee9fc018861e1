const REPEAT_MS = 1_000;

/**
 * Stops the server on SIGINT or SIGTERM and ends the process. On Ctrl+C under npm, a process gets the signal twice:
 * from the terminal and from npm. Signals within a second of the first are ignored; a later one ends the process at
 * once, with code 130.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const handleSignal = (): void => {
    if (stoppingSince === undefined) {
      stoppingSince = performance.now();
      void stop().then(() => process.exit(0));
    } else if (performance.now() - stoppingSince > REPEAT_MS) process.exit(130);
  };
  process.on('SIGINT', handleSignal);
  process.on('SIGTERM', handleSignal);
}
