import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nationalCodeSets } from '../../../src/domain/unit/national-code-sets.ts';
import { loadCodes, type LoadCodesOptions } from '../../../src/exchange/codes/load-codes.ts';
import type { ReportedProblem } from '../../../src/exchange/import/reported-problems.ts';
import { findViolations } from '../../support/database/violations.ts';
import { graphql } from '../../support/generated/gql.ts';
import { createClient } from '../../support/http/client.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const day = '2027-01-01';
const actor = { subject: 'command-line:test', name: 'test (command line)' };
const register = useRegister();

const codesQuery = graphql(`
  query CodesOfSet($set: Int!, $day: Date!) {
    register(validAt: $day) {
      codeSet(number: $set) {
        name
        codes {
          code
          name
          isActive
          validity {
            from
            to
          }
          replacedBy {
            code
          }
        }
      }
    }
  }
`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-codes-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(text: string | null, options: Partial<LoadCodesOptions> = {}) {
  const path = text === null ? null : join(folder, 'codes.csv');
  if (path !== null && text !== null) await writeFile(path, text);
  const problems: ReportedProblem[] = [];
  const outcome = await loadCodes(register.database, {
    path,
    day,
    dryRun: false,
    actor,
    onProblems: (batch) => problems.push(...batch),
    ...options,
  });
  const changes = outcome.changes.map(({ kind, reference }) => `${kind} ${reference}`);
  return { ...outcome, changes, problems: problems.map(({ line, problem }) => `${line} ${problem}`) };
}

async function findCode(code: string, on: string) {
  const client = createClient(register.database, { today: '2026-11-23' });
  const { codeSet } = (await client.query(codesQuery, { set: 8451, day: on })).register;
  return codeSet?.codes.find((each) => each.code === code);
}

describe('loading code sets', () => {
  it('loads the code sets that ship with the project, once', async () => {
    const count = nationalCodeSets.flatMap(({ codes }) => codes).length;
    const preview = await load(null, { dryRun: true });
    expect([preview.changes.length, preview.revision]).toEqual([count, null]);

    const { changes, revision, problems } = await load(null);

    expect([changes.length, revision, problems]).toEqual([count, 1, []]);
    expect(changes[0]).toBe('NEW 8451:010');
    expect(await findCode('232', '2026-11-23')).toMatchObject({
      isActive: false,
      replacedBy: [{ code: '233' }, { code: '234' }],
    });
    expect(await load(null)).toMatchObject({ changes: [], revision: null });
    expect(await findViolations(register.database)).toEqual([]);
  });

  it('makes a newer file one dated change: new, renamed, retired and replaced', async () => {
    const file = [
      'code_set,code,name,status,replaced_by',
      '8451,010,Generell kirurgi,active,',
      '8451,020,Barnekirurgi,active,',
      '8451,040,Karkirurgi,retired,8451:999',
      '8451,999,Nytt fagområde,active,',
    ].join('\n');
    const expected = ['RENAMED 8451:020', 'RETIRED 8451:040', 'REPLACED 8451:040', 'NEW 8451:999'];
    expect(await load(file, { dryRun: true })).toMatchObject({ changes: expected, revision: null });

    expect(await load(file)).toMatchObject({ changes: expected, revision: 2 });

    expect(await findCode('020', '2026-12-31')).toMatchObject({ name: 'Barnekirurgi (under 15 år)' });
    expect(await findCode('020', day)).toMatchObject({ name: 'Barnekirurgi', validity: null });
    expect(await findCode('040', '2026-12-31')).toMatchObject({ isActive: true, replacedBy: [] });
    expect(await findCode('040', day)).toMatchObject({ isActive: false, replacedBy: [{ code: '999' }] });
    expect(await findCode('050', day)).toMatchObject({ isActive: true, validity: null });
    expect(await load(file)).toMatchObject({ changes: [], revision: null });
    expect(await findViolations(register.database)).toEqual([]);
  });

  it('keeps what the file has no column for, and ends a code on its day', async () => {
    expect(await load('code_set,code,name\n8451,232,Habilitering\n')).toMatchObject({ changes: [] });
    expect(
      await load('code_set,code,name,valid_to\n8451,060,Thoraxkirurgi (inklusiv hjertekirurgi),2028-01-01\n'),
    ).toMatchObject({
      changes: ['CHANGED 8451:060'],
    });
    expect(await findCode('060', '2027-12-31')).toMatchObject({
      isActive: true,
      validity: { from: null, to: '2028-01-01' },
    });
    expect(await findCode('060', '2028-01-01')).toMatchObject({ isActive: false });
  });

  it('writes nothing if a row has a problem', async () => {
    const outcome = await load('code_set,code,name,parent_code\n8451,998,A,777\n8451,997,B,\n');
    expect(outcome).toMatchObject({ revision: null, problemCount: 1, changes: [] });
    expect(outcome.problems).toEqual(['2 is not a code of set 8451']);
    expect(await findCode('997', day)).toBeUndefined();
    await expect(load(null, { path: join(folder, 'missing.csv') })).rejects.toThrow('is not a file');
  });
});
