import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A running program and what it has written to both outputs. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/** Returns the output of a program when it has exited; fails if its exit code is not 0. */
export async function runProgram(...program: Parameters<typeof startProgram>): Promise<string> {
  const { child, output } = startProgram(...program);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`"${program[0]} ${program[1].join(' ')}" ended with ${code}: ${output()}`);
  return output();
}

/** Starts a program in a folder; its environment has only PATH, HOME and the given variables. */
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

/** Waits until a running program has written a text; fails if it exits before, or after 50 seconds. */
export async function waitForOutput({ child, output }: RunningProgram, text: string): Promise<void> {
  const deadline = Date.now() + 50_000;
  while (!output().includes(text)) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`No "${text}" in: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Ends a running program and waits until it has exited. */
export async function stopProgram({ child }: RunningProgram): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
