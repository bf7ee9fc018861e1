import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A program that was started, and what it has said on both of its outputs. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/** What a program says until it ends; it must end well. */
export async function runProgram(...program: Parameters<typeof startProgram>): Promise<string> {
  const { child, output } = startProgram(...program);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`«${program[0]} ${program[1].join(' ')}» ended with ${code}: ${output()}`);
  return output();
}

/** Starts a program in a folder, with nothing in its environment but PATH, HOME and what is given. */
export function startProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): RunningProgram {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}
