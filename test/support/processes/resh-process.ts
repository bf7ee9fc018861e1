import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** Starts `resh` in its own process, with PATH, HOME and the given variables only. */
export function spawnResh(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
) {
  return spawn(process.execPath, [...nodeOptions, '--import', 'tsx', join(project, 'src/cli.ts'), ...args], {
    cwd: project,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
}

/** Returns the exit code of a process, its output, and its peak memory in megabytes, which only Linux reports. */
export async function waitForExit(child: ReturnType<typeof spawnResh>) {
  let [stdout, stderr, peakMemory] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const sampling = setInterval(() => {
    void readPeakMemory(child).then((megabytes) => {
      peakMemory = Math.max(peakMemory, megabytes);
    });
  }, 250);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(sampling);
  return { code, stdout, stderr, peakMemory };
}

async function readPeakMemory({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
