import { vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/run-command-line.ts';

/** Output and exit code of a command. */
export interface CommandOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `resh` in this process, which is much faster than starting one.
 *
 * @param env settings; by default, those of this process
 */
export async function runReshInProcess(
  env: Readonly<Record<string, string>>,
  ...arguments_: readonly string[]
): Promise<CommandOutcome> {
  let stdout = '';
  let stderr = '';
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
  try {
    const code = await runCommandLine(['node', 'resh', ...arguments_]);
    return { code, stdout, stderr };
  } finally {
    out.mockRestore();
    err.mockRestore();
    vi.unstubAllEnvs();
  }
}
