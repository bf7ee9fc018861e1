import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

// Linux counts CPU time in hundredths of a second.
const TICK_MS = 10;
const SETTLE_TIMEOUT_MS = 60_000;
const SETTLE_STEP_MS = 80;

/** CPU time of processes, in milliseconds. */
export interface CpuTime {
  readonly server: number;
  readonly postgresql: number;
}

/** Starts to count CPU time; returns a function that reads what a server and the backends of PostgreSQL have used. */
export function startCpuClock(serverPid: number, postmasterPid: number): () => CpuTime {
  const serverStart = readStat(serverPid)?.cpuMs ?? 0;
  const backendStarts = readBackends(postmasterPid);
  return () => ({
    server: (readStat(serverPid)?.cpuMs ?? 0) - serverStart,
    // A backend may have been started since, or have ended.
    postgresql: [...readBackends(postmasterPid)].reduce(
      (total, [pid, cpuMs]) => total + cpuMs - (backendStarts.get(pid) ?? 0),
      0,
    ),
  });
}

/** Reads the CPU time of each backend. */
function readBackends(postmasterPid: number): Map<number, number> {
  const backends = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    if (stat?.parent === postmasterPid) backends.set(Number(name), stat.cpuMs);
  }
  return backends;
}

/** Reads the parent and the CPU time of a process; undefined if it has ended. */
export function readStat(pid: number): { parent: number; cpuMs: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return { parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
  } catch {
    return undefined;
  }
}

/** Reads the memory that a process has in RAM, in bytes. */
export function readResidentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** Waits until a server and PostgreSQL are idle: a server continues with requests whose client has left. */
export async function waitUntilIdle(serverPid: number, postmasterPid: number): Promise<void> {
  const giveUpAt = Date.now() + SETTLE_TIMEOUT_MS;
  let idleSteps = 0;
  while (idleSteps < 2 && Date.now() < giveUpAt) {
    const readUsed = startCpuClock(serverPid, postmasterPid);
    await sleep(SETTLE_STEP_MS);
    const { server, postgresql } = readUsed();
    idleSteps = server + postgresql <= 2 * TICK_MS ? idleSteps + 1 : 0;
  }
}
