import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeCheckDigit } from '../../src/domain/text/organization-number.ts';
import { importFolder, type ImportOptions } from '../../src/exchange/import/import-folder.ts';
import type { ReportedProblem } from '../../src/exchange/import/reported-problems.ts';
import type { Database } from '../../src/store/database/database.ts';
import { importOptions } from '../support/builders/file-options.ts';
import { openTestDatabase } from '../support/database/database.ts';
import { propertyOptions } from '../support/model/property-options.ts';

interface Row {
  readonly unit: number;
  readonly parent: number | null;
  readonly isOrganization: boolean;
  readonly number: number | null;
  readonly isWrong: boolean;
  readonly from: number;
  readonly to: number;
}

const arbitraryRow: fc.Arbitrary<Row> = fc
  .record({
    unit: fc.integer({ min: 1, max: 5 }),
    parent: fc.option(fc.integer({ min: 1, max: 5 }), { freq: 2 }),
    isOrganization: fc.boolean(),
    number: fc.option(fc.integer({ min: 0, max: 1 }), { freq: 1 }),
    isWrong: fc.nat(7).map((chance) => chance === 0),
    from: fc.constantFrom(2000, 2000, 2000, 2005, 2010),
    years: fc.constantFrom(5, 10, 10, 10),
  })
  .map(({ years, parent, isOrganization, ...rest }) => ({
    ...rest,
    parent,
    isOrganization: isOrganization || parent === null,
    to: rest.from + years,
  }));

function isOverlapping(one: Row, other: Row) {
  return one.from < other.to && other.from < one.to;
}

function isConflicting(one: Row, other: Row) {
  return isOverlapping(one, other) && (one.unit === other.unit || (one.number !== null && one.number === other.number));
}

/** Returns whether the loaded rows cover the parent of a row on all of its days, with types that fit. */
function hasValidParent(loaded: readonly Row[], candidate: Row): boolean {
  if (candidate.parent === null) return true;
  const parents = loaded.filter((parent) => parent.unit === candidate.parent && isOverlapping(parent, candidate));
  if (candidate.isOrganization && parents.some(({ isOrganization }) => !isOrganization)) return false;
  return Array.from({ length: candidate.to - candidate.from }, (_, index) => candidate.from + index).every((year) =>
    parents.some(({ from, to }) => from <= year && year < to),
  );
}

let database: Database;
let folder: string;
let runNumber = 0;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'resh-collisions-'));
  await writeFile(join(folder, 'codes.csv'), 'code_set,code,name\n');
  await writeFile(join(folder, 'treatment_sites.csv'), 'organization_number,name\n');
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

// Each run has its own RESH-ids and numbers, so that all runs share one register.
function findValidNumber(start: number): string {
  let digits = start;
  while (computeCheckDigit(String(digits)) === undefined) digits += 1;
  return `${digits}${computeCheckDigit(String(digits))}`;
}

describe('import row conflicts', () => {
  it('accept a maximal set: every rejected row conflicts with an accepted one or lacks a parent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRow, { minLength: 1, maxLength: 9 }), async (rows) => {
        runNumber += 1;
        const base = runNumber * 10;
        const numbers = [
          findValidNumber(81_000_000 + runNumber * 20),
          findValidNumber(81_000_000 + runNumber * 20 + 10),
        ];
        const lines = rows.map(({ unit, parent, isOrganization, number, isWrong, from, to }) =>
          [
            base + unit,
            isOrganization ? 'ORGANIZATION' : 'DEPARTMENT',
            isWrong ? '' : 'Unit',
            parent === null ? '' : base + parent,
            number === null ? '' : numbers[number],
            `${from}-01-01`,
            `${to}-01-01`,
          ].join(','),
        );
        await writeFile(
          join(folder, 'units.csv'),
          `resh_id,type,name,parent_resh_id,organization_number,valid_from,valid_to\n${lines.join('\n')}\n`,
        );

        const problems: ReportedProblem[] = [];
        const onProblems: ImportOptions['onProblems'] = (batch) =>
          problems.push(...batch.filter(({ kind }) => kind !== 'WARNING'));
        await importFolder(database, importOptions({ folder, skipInvalid: true, onProblems }));

        const rejectedIndices = new Set(problems.map(({ line }) => (line ?? 0) - 2));
        const loaded = rows.filter((_, index) => !rejectedIndices.has(index));
        expect(
          (
            await database.bulk((session) =>
              session.query<{ years: string }>(
                `select sum(extract(year from valid_to) - extract(year from valid_from))::text as years
                 from unit_version
                 where resh_id between $1 and $2`,
                [base + 1, base + 5],
              ),
            )
          )[0]?.years ?? '0',
        ).toBe(String(loaded.reduce((total, { from, to }) => total + to - from, 0)));
        for (const index of rejectedIndices) {
          const candidate = rows[index] as Row;
          const hasReason =
            candidate.isWrong ||
            loaded.some((other) => isConflicting(other, candidate)) ||
            !hasValidParent(loaded, candidate);
          expect(hasReason, `line ${index + 2} is left out for nothing`).toBe(true);
        }
      }),
      propertyOptions(40),
    );
  });
});
