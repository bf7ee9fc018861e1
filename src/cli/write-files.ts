import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file and what it contains. */
export interface FileToWrite {
  readonly path: string;
  readonly chunks: AsyncIterable<string | Buffer>;
}

/**
 * Writes files that get their names when all are complete. Until then each has a temporary name, so that one of two
 * processes that write the same file wins; unfinished files are removed when writing fails or the process exits.
 */
export async function writeFiles(files: readonly FileToWrite[]): Promise<void> {
  const suffix = `.${randomBytes(4).toString('hex')}.part`;
  const removeUnfinished = () => {
    for (const { path } of files) rmSync(path + suffix, { force: true });
  };
  process.once('exit', removeUnfinished);
  try {
    for (const { path, chunks } of files) {
      // Opened first: a file opened while its text fails would be created after the removal.
      const file = await open(path + suffix, 'wx');
      await pipeline(Readable.from(chunks), file.createWriteStream());
    }
    for (const { path } of files) await rename(path + suffix, path);
  } finally {
    process.off('exit', removeUnfinished);
    removeUnfinished();
  }
}
