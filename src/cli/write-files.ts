import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file, and the text that comes into it. */
export interface FileToWrite {
  readonly path: string;
  readonly chunks: AsyncIterable<string>;
}

/**
 * Writes files that appear under their names when all are whole. Until then each has a name of its own, so that of two who write
 * the same file one wins; what is unfinished goes when writing fails or the process ends.
 */
export async function writeFiles(files: readonly FileToWrite[]): Promise<void> {
  const suffix = `.${randomBytes(4).toString('hex')}.part`;
  const removeUnfinished = () => {
    for (const { path } of files) rmSync(path + suffix, { force: true });
  };
  process.once('exit', removeUnfinished);
  try {
    for (const { path, chunks } of files) {
      // Opened first: a file that opens while its text fails would come after all is removed.
      const file = await open(path + suffix, 'wx');
      await pipeline(Readable.from(chunks), file.createWriteStream());
    }
    for (const { path } of files) await rename(path + suffix, path);
  } finally {
    process.off('exit', removeUnfinished);
    removeUnfinished();
  }
}
