/**
 * Ignores the errors of writing to a closed pipe, as in `resh verify | head -1`. The command continues, so that an
 * import is not aborted because nobody reads its output.
 */
export function ignoreClosedPipes(streams: readonly NodeJS.WriteStream[] = [process.stdout, process.stderr]): void {
  for (const stream of streams)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}
