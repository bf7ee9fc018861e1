import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A code block on a page of the documentation. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Name of the file, from the first line of the block; undefined if that line names none */
  readonly file: string | undefined;
}

/** Returns the code blocks of a page, in order. */
export function readCodeBlocks(page: string): CodeBlock[] {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', block = '']) => ({
    language,
    text: block,
    file: /^(?:\/\/|#) (\S+\.\w+)\n/.exec(block)?.[1],
  }));
}
