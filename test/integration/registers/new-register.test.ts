import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nationalCodeSets } from '../../../src/domain/unit/national-code-sets.ts';
import { loadCodes } from '../../../src/exchange/codes/load-codes.ts';
import { fillNewRegister } from '../../../src/server/fill-new-register.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { findViolations } from '../../support/database/violations.ts';
import { graphql } from '../../support/generated/gql.ts';
import { createClient } from '../../support/http/client.ts';

const codesQuery = graphql(`
  query CodesOfNewRegister {
    revision
    register {
      codeSet(number: 8624) {
        codes {
          code
        }
      }
    }
    changes(since: 0) {
      changes {
        operation
        actor {
          name
        }
      }
    }
  }
`);

const opened: Database[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

async function openEmpty(): Promise<Database> {
  const database = await openTestDatabase();
  opened.push(database);
  return database;
}

async function fill(database: Database): Promise<string[]> {
  const lines: string[] = [];
  await fillNewRegister(database, { demo: 'off' }, (line) => lines.push(line));
  return lines;
}

describe('the first start without the demo register', () => {
  it('loads the national code sets once, as one change', async () => {
    const database = await openEmpty();

    const lines = [await fill(database), await fill(database)];

    const count = nationalCodeSets.flatMap(({ codes }) => codes).length;
    expect(lines).toEqual([[`The register had no codes: ${count} national codes were loaded.`], []]);
    const { revision, register, changes } = await createClient(database, { today: '2026-11-23' }).query(codesQuery);
    expect(revision).toBe(1);
    expect(register.codeSet?.codes).toContainEqual({ code: '61' });
    expect(changes.changes).toEqual([{ operation: 'LOAD_CODES', actor: { name: 'First start' } }]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('leaves a register alone that has code sets of its own', async () => {
    const database = await openEmpty();
    const folder = await mkdtemp(join(tmpdir(), 'resh-codes-'));
    await writeFile(join(folder, 'codes.csv'), 'code_set,code,name\n9999,1,Own\n');
    await loadCodes(database, {
      path: join(folder, 'codes.csv'),
      day: '2026-11-23',
      dryRun: false,
      actor: { subject: 'test', name: 'Test' },
      onProblems: () => {},
    });
    await rm(folder, { recursive: true });

    expect(await fill(database)).toEqual([]);
  });
});
