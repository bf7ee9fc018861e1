import { describe, expect, it } from 'vitest';
import { SERVICE_CODE_SETS } from '../../../src/domain/unit/code-sets.ts';
import { createStatementCounter, readStatementName } from '../../support/database/statement-counter.ts';
import { graphql } from '../../support/generated/gql.ts';
import type { CountDimension, UnitCountsQueryVariables } from '../../support/generated/graphql.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { openDemoRegister } from '../../support/registers/demo-register.ts';
import { generateRegister, generatedRegister } from '../../support/registers/generated-register.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const countsQuery = graphql(`
  query UnitCounts($validAt: Date, $by: [CountDimension!]!, $filter: UnitFilter, $within: ReshId) {
    register(validAt: $validAt) {
      counts(by: $by, filter: $filter, withinReshId: $within) {
        total
        rows {
          count
          values {
            dimension
            value
          }
        }
      }
    }
  }
`);

const allUnitsQuery = graphql(`
  query UnitsToCount($validAt: Date, $filter: UnitFilter) {
    register(validAt: $validAt) {
      roots {
        ...UnitToCount
        descendants(first: 10000, filter: $filter) {
          nodes {
            ...UnitToCount
          }
        }
      }
    }
  }

  fragment UnitToCount on Unit {
    reshId
    path
    depth
    type
    enterprise {
      reshId
    }
    treatmentSite {
      organizationNumber
    }
    designation {
      code
    }
    codes {
      code {
        code
        codeSet {
          number
        }
      }
    }
  }
`);

const { client } = useRegister({ open: openDemoRegister });

async function readUnits(validAt: string, filter?: UnitCountsQueryVariables['filter'], within?: number | null) {
  const { register } = await client.query(allUnitsQuery, { validAt, filter });
  const units = register.roots.flatMap((root) => [...(filter ? [] : [root]), ...root.descendants.nodes]);
  return units.filter(({ path }) => !within || path.includes(within));
}
type Unit = Awaited<ReturnType<typeof readUnits>>[number];

const valuesOf: Readonly<Record<CountDimension, (unit: Unit) => readonly (string | null)[]>> = {
  REGION: ({ path }) => [String(path[0])],
  ENTERPRISE: ({ enterprise }) => [enterprise ? String(enterprise.reshId) : null],
  SPECIALTY: ({ codes }) => {
    const specialties = codes
      .filter(({ code }) => SERVICE_CODE_SETS.includes(code.codeSet.number))
      .map(({ code }) => `${code.codeSet.number}:${code.code}`);
    return specialties.length > 0 ? specialties : [null];
  },
  TREATMENT_SITE: ({ treatmentSite }) => [treatmentSite?.organizationNumber ?? null],
  DESIGNATION: ({ designation }) => [designation?.code ?? null],
  DEPTH: ({ depth }) => [String(depth)],
  TYPE: ({ type }) => [type],
};

/** Returns the cross table of units by hand, as one entry for each combination of values. */
function countByHand(units: readonly Unit[], by: readonly CountDimension[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const unit of units) {
    const combinations = by.reduce<(string | null)[][]>(
      (rows, dimension) => rows.flatMap((row) => valuesOf[dimension](unit).map((value) => [...row, value])),
      [[]],
    );
    for (const values of combinations)
      counts.set(JSON.stringify(values), (counts.get(JSON.stringify(values)) ?? 0) + 1);
  }
  return counts;
}

const dimensions = Object.keys(valuesOf) as CountDimension[];
const crossTables: readonly CountDimension[][] = [
  ...dimensions.map((dimension) => [dimension]),
  ['REGION', 'ENTERPRISE'],
  ['DESIGNATION', 'SPECIALTY'],
  ['ENTERPRISE', 'SPECIALTY', 'TREATMENT_SITE'],
  ['TYPE', 'DEPTH', 'REGION'],
];

describe('counts of units', () => {
  it.each([
    ['of the whole register', {}],
    ['on a day of the past', { validAt: '2010-06-01' }],
    ['within a unit', { within: 100089 }],
    ['that meet a filter', { filter: { types: ['DEPARTMENT'], minDepth: 3 } }],
    ['that meet a filter within a unit', { filter: { not: { designations: ['08'] }, maxDepth: 2 }, within: 100082 }],
    ['of a tree that is not there', { within: 999_999_999 }],
  ] satisfies [string, Omit<UnitCountsQueryVariables, 'by'>][])('equal a count by hand %s', async (_what, selected) => {
    const { validAt = '2026-11-23', filter, within } = selected as Omit<UnitCountsQueryVariables, 'by'>;
    // The roots are not among the descendants that the filter selects.
    const withoutRoots = filter ? { and: [filter, { minDepth: 1 }] } : undefined;
    const units = await readUnits(validAt ?? '', withoutRoots, within);
    for (const by of crossTables) {
      const { counts } = (await client.query(countsQuery, { validAt, by, filter: withoutRoots, within })).register;
      const expected = countByHand(units, by);

      expect(counts.total).toBe(units.length);
      expect(
        new Map(counts.rows.map(({ values, count }) => [JSON.stringify(values.map(({ value }) => value)), count])),
      ).toEqual(expected);
      expect(counts.rows).toHaveLength(expected.size);
      expect(counts.rows.map(({ count }) => count)).toEqual([...expected.values()].sort((a, b) => b - a));
      for (const { values } of counts.rows) expect(values.map(({ dimension }) => dimension)).toEqual(by);
    }
  });

  it('name the unit, the code and the treatment site of each value', async () => {
    const { data } = await client.send({
      query: `{
        counts(by: [REGION, DESIGNATION, TREATMENT_SITE], withinReshId: 100089) {
          rows {
            values { value label unit { reshId name } code { code name } treatmentSite { organizationNumber name } }
          }
        }
      }`,
    });
    const { counts } = data as {
      counts: {
        rows: { values: Record<'value' | 'label' | 'unit' | 'code' | 'treatmentSite', unknown>[] }[];
      };
    };
    expect(counts.rows.length).toBeGreaterThan(10);
    for (const { values } of counts.rows) {
      const [region, designation, site] = values;
      expect(region).toMatchObject({ unit: { name: region?.label }, code: null, treatmentSite: null });
      if (designation?.value === null) expect(designation).toMatchObject({ label: null, code: null });
      else
        expect(designation).toMatchObject({ unit: null, code: { code: designation?.value, name: designation?.label } });
      if (site?.value === null) expect(site).toMatchObject({ label: null, treatmentSite: null });
      else expect(site).toMatchObject({ treatmentSite: { organizationNumber: site?.value, name: site?.label } });
    }
  });

  it.each([
    ['by: []', 'BAD_INPUT', '`by` is an empty list. Give one to three properties to count units by.'],
    ['by: [TYPE, DEPTH, TYPE]', 'BAD_INPUT', '`by` has TYPE twice. Give each property once.'],
    [
      'by: [TYPE, DEPTH, REGION, ENTERPRISE]',
      'LIMIT_EXCEEDED',
      '`by` has 4 properties, but at most 3 are allowed. Leave some out.',
    ],
    [
      'by: [TYPE], filter: { regions: [100089] }',
      'BAD_INPUT',
      expect.stringContaining('`filter.regions[0]` is 100089, but no unit with that RESH-id is a root') as string,
    ],
  ])('refuse %s', async (args, code, message) => {
    const { errors } = await client.send({ query: `{ counts(${args}) { total } }` });
    expect(errors).toMatchObject([{ message, extensions: { code } }]);
  });
});

describe('counts of many units', () => {
  const counter = createStatementCounter();
  const generated = useRegister({
    open: () => openTestDatabase({ observe: counter.observe }),
    fill: (database) => generateRegister(database, 2_000),
  });

  it('are one statement, and one for the names of all values', async () => {
    const { statements } = await counter.during(() =>
      generated.client.send({
        query: '{ counts(by: [ENTERPRISE, SPECIALTY, DEPTH]) { total rows { count values { label } } } }',
      }),
    );
    expect(statements.map(readStatementName).sort()).toEqual([
      'codes',
      'counts of units',
      'newest revision',
      'units by RESH-id',
    ]);
  });

  it('refuse a cross table with too many rows, and say how many it has', async () => {
    await generated.database.bulk((session) =>
      session.execute(`
        insert into code (code_set, code, registered_rev)
        select 8451, 'X' || n, 1 from generate_series(1, 10000) as n;
        insert into unit_code (resh_id, code_set, code, valid_from, recorded_rev)
        select 1 + n % 2000, 8451, 'X' || n, '${generatedRegister.validFrom}', 1
        from generate_series(1, 10000) as n`),
    );
    const { errors } = await generated.client.send({
      query: '{ counts(by: [SPECIALTY, TREATMENT_SITE]) { total } }',
    });
    expect(errors).toMatchObject([
      {
        message:
          'The cross table by SPECIALTY, TREATMENT_SITE has 10002 rows, but at most 10000 are allowed. ' +
          'Use fewer properties in `by`, a `filter` or `withinReshId`.',
        extensions: { code: 'LIMIT_EXCEEDED' },
      },
    ]);
  });
});
