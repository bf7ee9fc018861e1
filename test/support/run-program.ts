import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A program that was started, and what it has said on both of its outputs. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly told: () => string;
}

/** Starts a program in a folder, with nothing in its environment but PATH, HOME and what is given. */
export const startProgram = (
  command: string,
  parts: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): RunningProgram => {
  const child = spawn(command, parts, {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  return { child, told: () => told };
};

/** What a program says until it ends; it must end well. */
export const runProgram = async (...program: Parameters<typeof startProgram>): Promise<string> => {
  const { child, told } = startProgram(...program);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`«${program[0]} ${program[1].join(' ')}» ended with ${code}: ${told()}`);
  return told();
};
