import { median } from '../reading/measure.ts';
import { startCpuClock, waitUntilIdle } from '../reading/processes.ts';
import type { StartedServer } from '../reading/servers.ts';
import type { Editor } from './editor.ts';
import type { RenameFigures } from './figures.ts';
import { measureMs } from './measure-ms.ts';

const WARM_UP_RENAMES = 100;
const RENAMES = 300;
const RENAMES_WITH_READ = 50;

const mutation = `mutation Rename($input: UpdateUnitInput!) {
  updateUnit(input: $input) { change { revision } unit { reshId name } userErrors { message } }
}`;

export interface RenamesOptions {
  readonly editor: Editor;
  readonly postmasterPid: number;
}

/** Measures renames of units, one after the other, and then the first read after each of some more. */
export async function measureRenames(
  server: StartedServer,
  units: number,
  { editor, postmasterPid }: RenamesOptions,
): Promise<RenameFigures> {
  let count = 0;
  const rename = (): Promise<void> => {
    count += 1;
    const reshId = 1 + ((count * 7_919) % units);
    return editor.change(server, mutation, { input: { reshId, name: `Name ${count}` } });
  };
  await repeat(WARM_UP_RENAMES, rename);
  await waitUntilIdle(server.pid, postmasterPid);
  const readUsed = startCpuClock(server.pid, postmasterPid);
  const renameTimes = await repeat(RENAMES, rename);
  const used = readUsed();
  const readTimes: number[] = [];
  for (let turn = 0; turn < RENAMES_WITH_READ; turn += 1) {
    await rename();
    readTimes.push(await measureMs(() => editor.read(server, formatAncestry(1 + (turn % units)))));
  }
  return {
    renameMs: median(renameTimes),
    renameServerCpuMs: used.server / RENAMES,
    renamePostgresqlCpuMs: used.postgresql / RENAMES,
    ancestryAfterRenameMs: median(readTimes),
  };
}

/** Does work again and again; returns the times, in milliseconds. */
async function repeat(count: number, work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < count; turn += 1) times.push(await measureMs(work));
  return times;
}

function formatAncestry(reshId: number): string {
  const query = 'query ($reshId: ReshId!) { unit(reshId: $reshId) { name ancestors { reshId name } } }';
  return JSON.stringify({ query, variables: { reshId } });
}
