import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A block of code on a page of the documentation. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Name of the file that it is, which its first line says; undefined where it says none */
  readonly file: string | undefined;
}

/** The blocks of code of a page, in their order. */
export function readCodeBlocks(page: string): CodeBlock[] {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', block = '']) => ({
    language,
    text: block,
    file: /^(?:\/\/|#) (\S+\.\w+)\n/.exec(block)?.[1],
  }));
}
