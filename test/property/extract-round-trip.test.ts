import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openExtractFolder } from '../../src/exchange/extract/extract-folder.ts';
import { importFolder } from '../../src/exchange/import/import-folder.ts';
import type { Database } from '../../src/store/database/database.ts';
import { importOptions } from '../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { addDays } from '../../src/domain/time/day.ts';
import { histories } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { emptyState, factsOn, type RegisterState } from '../support/model/register-state.ts';
import { addSuccessions, successionDraws } from '../support/model/successions.ts';

let database: Database;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'resh-round-trip-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function readFolder(): Promise<Record<string, string>> {
  const { files } = await openExtractFolder(database.prisma, []);
  const texts: Record<string, string> = {};
  for (const { file, streamChunks } of files) texts[file] = await text(streamChunks());
  return texts;
}

it('a random register that is imported from its extract gives the same files, with what units became', async () => {
  let successionRows = 0;
  await fc.assert(
    fc.asyncProperty(histories(1), successionDraws, async (history, draws) => {
      const revisions = addSuccessions(history, draws).revisions.map(keepPossibleSuccessions);
      await clearRegister(database);
      for (const [revision, state] of revisions.entries())
        if (revision > 0) await recordState(database, revisions[revision - 1] ?? emptyState, state);
      const exported = await readFolder();
      for (const [file, content] of Object.entries(exported)) await writeFile(join(folder, file), content);

      await clearRegister(database);
      const problems: unknown[] = [];
      await importFolder(database, importOptions({ folder, onProblems: (found) => problems.push(...found) }));

      expect(problems.filter((problem) => !isWarning(problem))).toEqual([]);
      expect(await readFolder()).toEqual(exported);
      successionRows += (exported['successions.csv'] ?? '').trimEnd().split('\r\n').length - 1;
    }),
    propertyOptions(15),
  );

  expect(successionRows).toBeGreaterThan(0);
});

/** Keeps the successions of units that are valid on the day before, as mutations record them. */
function keepPossibleSuccessions(state: RegisterState): RegisterState {
  const successions = state.successions.filter(
    ({ fromReshId, effectiveOn }) => factsOn(state, fromReshId, addDays(effectiveOn, -1)) !== undefined,
  );
  return { ...state, successions };
}

function isWarning(problem: unknown): boolean {
  return typeof problem === 'object' && problem !== null && 'kind' in problem && problem.kind === 'WARNING';
}
