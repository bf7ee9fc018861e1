import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../src/store/database/database.ts';
import type { ObservedStatement } from '../../src/store/database/statement-observer.ts';
import { createClient, type TestClient } from '../support/http/client.ts';
import { openTestDatabase } from '../support/database/database.ts';
import { toSqlLiteral } from '../support/database/sql-literal.ts';
import { generateRegister } from '../support/registers/generated-register.ts';

const UNITS = 200_000;
const SITES = 2_000;

let observed: ObservedStatement[] = [];
let database: Database;
let client: TestClient;
beforeAll(async () => {
  database = await openTestDatabase({ observe: (statement) => observed.push(statement) });
  await generateRegister(database, UNITS, SITES);
  client = createClient(database, { today: '2026-11-23' });
}, 600_000);
afterAll(() => database.close());

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string | undefined;
  Plans?: PlanNode[] | undefined;
}
const planNode: z.ZodType<PlanNode> = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  Plans: z.lazy(() => z.array(planNode)).optional(),
});
const explainOutput = z.array(z.object({ Plan: planNode }));

function flattenPlan(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flattenPlan)];
}

/** Returns the tables that a statement scans sequentially, with a custom or a generic plan. */
function findScannedTables({ sql, values }: ObservedStatement): Promise<string[]> {
  return database.bulk(async (session) => {
    const scanned: string[] = [];
    await session.execute(`prepare explained as ${sql}`);
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      await session.execute(`set plan_cache_mode = ${mode}`);
      const [row] = await session.query<{ 'QUERY PLAN': unknown }>(
        `explain (format json) execute explained${values.length > 0 ? `(${values.map(toSqlLiteral).join(', ')})` : ''}`,
      );
      const [plan] = explainOutput.parse(row?.['QUERY PLAN']);
      for (const node of plan ? flattenPlan(plan.Plan) : [])
        if (node['Node Type'] === 'Seq Scan' && node['Relation Name'])
          scanned.push(`${node['Relation Name']} (${mode})`);
    }
    await session.execute('deallocate explained; reset plan_cache_mode');
    return scanned;
  });
}

function buildUnitsQuery(fields: string) {
  return `query ($ids: [ReshId!]!) { units(reshIds: $ids) { unit { ${fields} } } }`;
}

const manyReshIds = Array.from({ length: 1_000 }, (_, index) => index * 150 + 1);

describe(`query plans at ${UNITS} units`, () => {
  it.each([
    [
      'a unit with all its relations',
      buildUnitsQuery(
        'name ancestors { name } treatmentSite { name } specialties { code { name } } identifiers { value } ' +
          'validity { from } versions { name } designation { name } addresses { city } contactPoints { value } ' +
          'internationalNames { name }',
      ),
    ],
    ['children', buildUnitsQuery('children(first: 10) { totalCount nodes { name } }')],
    [
      'children by RESH-id',
      buildUnitsQuery('children(first: 10, orderBy: { field: RESH_ID, direction: DESC }) { nodes { name } }'),
    ],
    [
      'children with codes',
      buildUnitsQuery(
        'children(filter: { codes: [{ codeSet: 8451, code: "010" }], name: "7" }) { totalCount nodes { name } }',
      ),
    ],
    ['former children', buildUnitsQuery('formerChildren { totalCount nodes { name } }')],
    ['descendants', buildUnitsQuery('descendants(first: 10) { totalCount nodes { name } }')],
    [
      'descendants two levels down',
      buildUnitsQuery('descendants(first: 10, maxDepth: 2) { totalCount nodes { name } }'),
    ],
    ['counts', buildUnitsQuery('hasChildren childCount descendantCount')],
    ['treatment sites of subtrees', buildUnitsQuery('treatmentSites { totalCount nodes { name } }')],
    ['units of a treatment site', buildUnitsQuery('treatmentSite { units(first: 5) { nodes { name } } }')],
    [
      'units of a treatment site in a subtree',
      buildUnitsQuery('treatmentSite { units(first: 5, withinReshId: 28) { totalCount nodes { name } } }'),
    ],
    [
      'treatment sites of the register',
      'query { treatmentSites(first: 5, filter: { legalEntityWithinReshId: 28, isInUse: true }) ' +
        '{ totalCount nodes { name } } }',
    ],
    ['a unit by an identifier', 'query { unitByIdentifier(system: "urn:test", value: "T777") { name } }'],
    ['an organization by its number', 'query { organization(organizationNumber: "983974724") { name } }'],
    ['roots', 'query { roots { name } }'],
    ['a search for words', 'query { search(text: "avdelin 777", first: 10) { nodes { name } } }'],
    ['a search for a part of a word', 'query { search(text: "delin", first: 10) { nodes { name } } }'],
    ['a search for a short part of a word', 'query { search(text: "avd", first: 10) { nodes { name } totalCount } }'],
    ['a search for two parts of words', 'query { search(text: "avd 777", first: 10) { nodes { name } totalCount } }'],
    ['a search for a misspelled word', 'query { search(text: "avdelign", first: 10) { nodes { name } } }'],
    ['a search for another spelling', 'query { search(text: "Aalesund", first: 10) { nodes { name } } }'],
    [
      'a search for a name in another language',
      'query { search(text: "department 775", first: 10) { nodes { name } } }',
    ],
    [
      'a search for closed units',
      'query { search(text: "777", includeClosed: true, first: 10) { closedCount nodes { name } } }',
    ],
    [
      'a search for all units, closed ones too',
      'query { search(includeClosed: true, orderBy: { field: NAME, direction: DESC }, first: 10) { nodes { name } } }',
    ],
    ['a search for a number', 'query { search(text: "777", first: 10) { nodes { name } } }'],
    [
      'a search in a subtree',
      'query { search(text: "avdeling", withinReshId: 28, first: 10) { nodes { name } totalCount } }',
    ],
    [
      'what differs between two days',
      'query { diff(from: { validAt: "2010-01-01" }, to: { validAt: "2020-01-01" }) { totalCount nodes { kinds } } }',
    ],
    [
      'what differs within a unit',
      'query { diff(from: { validAt: "2010-01-01" }, to: {}, withinReshId: 28) ' +
        '{ totalCount nodes { unit { name } } } }',
    ],
    ['days of change', 'query { changePoints(from: "2010-01-01", to: "2020-01-01") }'],
    ['changes within a unit', 'query { changes(withinReshId: 28) { changes { revision } nextSince } }'],
    ['quality issues of a subtree', 'query { qualityIssues(withinReshId: 28) { totalCount nodes { message } } }'],
    [
      'placements on days of their own',
      'query { placements(items: ' +
        `[${manyReshIds.map((reshId) => `{ reshId: ${reshId}, validAt: "2020-01-01" }`).join(' ')}]) ` +
        '{ outcome unit { name } enterprise { name } region { name } codes { code { name } } treatmentSite { name } ' +
        'warnings { code } } }',
    ],
    [
      'translations to another day',
      'query { register(validAt: "2026-01-01") { translateUnits(items: ' +
        `[${manyReshIds.map((reshId) => `{ reshId: ${reshId}, validAt: "2020-01-01" }`).join(' ')}]) ` +
        '{ outcome steps { kind } units { name } } } }',
    ],
    ['a search without text', 'query { search(first: 10) { nodes { name } } }'],
    [
      'a subtree by name',
      'query { search(withinReshId: 28, filter: { name: "77" }, first: 10) { nodes { name } totalCount } }',
    ],
  ])('read %s without a sequential scan of a unit table', async (_what, query) => {
    for (const ids of [[77], manyReshIds]) {
      observed = [];
      const { errors } = await client.send({ query, variables: query.includes('$ids') ? { ids } : undefined });
      expect(errors).toBeUndefined();
      const statements = observed.filter(({ sql }) => /\bunit_?/.test(sql));
      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) {
        const scanned = (await findScannedTables(statement)).filter((table) => table.startsWith('unit'));
        expect({ statement: /-- (.*)/.exec(statement.sql)?.[1], scanned }).toEqual({
          statement: expect.any(String) as string,
          scanned: [],
        });
      }
    }
  });
});
