import fc from 'fast-check';
import { getNamedType, isObjectType, type GraphQLObjectType } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCompiledOperations } from '../../src/schema/compiled/compiled-operations.ts';
import { findCompiledField, listCompiledFields } from '../../src/schema/compiled/fields.ts';
import { schema } from '../../src/schema/index.ts';
import { parseDocument } from '../../src/server/operation-limits.ts';
import { createServer } from '../../src/server/server.ts';
import type { Database } from '../../src/store/database/database.ts';
import { advanceSnapshot } from '../../src/store/snapshot/advance-snapshot.ts';
import { readSnapshot } from '../../src/store/snapshot/read-snapshot.ts';
import type { RegisterSnapshot } from '../../src/store/snapshot/register-snapshot.ts';
import { readSearchIndex } from '../../src/store/snapshot/search/read-search-index.ts';
import type { SearchIndex } from '../../src/store/snapshot/search/search-index.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { dayNear, histories } from '../support/model/history.ts';
import { norwegianNames } from '../support/model/norwegian-names.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { emptyState } from '../support/model/register-state.ts';

const today = '2026-11-23';
const unusedReshId = 1_999_999_999;

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** Builds a selection of compiled fields from random numbers. */
function buildSelection(typeName: string, choose: () => number, depth: number): string {
  const type = schema.getType(typeName) as GraphQLObjectType;
  const fields = listCompiledFields(typeName).flatMap((name) => {
    const fieldType = getNamedType(type.getFields()[name]?.type);
    if (choose() % 2 === 0 || !fieldType) return [];
    const directive = formatDirective(choose());
    if (!isObjectType(fieldType)) return [`${choose() % 5 === 0 ? `renamed_${name}: ${name}` : name}${directive}`];
    if (depth === 0) return [];
    const args = findCompiledField(typeName, name)?.args?.includes('first') ? formatPageSize(choose()) : '';
    return [`${name}${args}${directive} ${buildSelection(fieldType.name, choose, depth - 1)}`];
  });
  return `{ __typename${formatDirective(choose())} ${fields.join(' ')} }`;
}

function formatDirective(choice: number): string {
  return ['', '', '', ' @skip(if: false)', ' @include(if: false)', ' @skip(if: $yes)'][choice % 6] ?? '';
}

function formatPageSize(choice: number): string {
  return ['', '(first: 0)', '(first: 1)', '(first: $size)'][choice % 4] ?? '';
}

/** Returns a query of units of a snapshot, all with the same selection; `at` is empty for the current state. */
function buildQuery({ units }: RegisterSnapshot, choices: readonly number[], at: string): string {
  let next = 0;
  const choose = (): number => choices[next++ % choices.length] ?? 0;
  const reshIds = [...units].map(({ reshId }) => reshId);
  const fields = `
    revision validAt roots { ...Part }
    one: unit(reshId: ${reshIds.at(-1) ?? unusedReshId}) { ...Part ...State }
    none: unit(reshId: ${unusedReshId}) { ...Part }
    units(reshIds: [${reshIds.join(', ')}]) { reshId outcome unit { ...Part } }
    search(text: "${norwegianNames[choose() % norwegianNames.length] ?? ''}", first: 2) {
      totalCount closedCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor isClosed matched { kind text } node { ...Part } } nodes { ...Part }
    }`;
  const selection = buildSelection('Unit', choose, 2);
  const size = selection.includes('$size') ? '$size: Int' : '';
  const yes = selection.includes('$yes') ? '$yes: Boolean = true' : '';
  const variables = size + yes === '' ? '' : `(${size} ${yes})`;
  return `
    query Random${variables} { ${at === '' ? fields : `register(${at}) { ${fields} }`} }
    fragment Part on Unit ${selection}
    fragment State on UnitState { reshId displayName path designation { code } parent { reshId name } }`;
}

async function executeWithServer(query: string): Promise<string> {
  const server = createServer({ database, log: pino({ level: 'silent' }), today: () => today });
  const response = await server.fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { size: 2 } }),
  });
  return response.text();
}

function executeCompiled(query: string, searchIndex: SearchIndex, snapshot: RegisterSnapshot): string | undefined {
  const operations = createCompiledOperations(schema, parseDocument);
  const current = { revision: searchIndex.revision, day: today };
  return operations({ query, variables: { size: 2 } })
    ?.write({ current, findSnapshot: () => snapshot, searchIndex })
    ?.toString();
}

let answeredCount = 0;

/** A random selection may have more fields than the limit: errors are left to the executor. */
function expectSame(compiled: string | undefined, executed: string): void {
  if (executed.startsWith('{"errors":')) {
    expect(compiled).toBeUndefined();
    return;
  }
  expect(compiled).toBe(executed);
  answeredCount += 1;
}

describe('compiled operations over a random history', () => {
  it('answer with the bytes of the executor, from snapshots that were read or advanced', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(1),
        fc.nat(),
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        async (history, on, choices) => {
          await clearRegister(database);
          const pastDay = dayNear(history, on);
          let advanced: RegisterSnapshot | undefined;
          for (const [revision, state] of history.revisions.entries()) {
            if (revision > 0) await recordState(database, history.revisions[revision - 1] ?? emptyState, state);
            advanced =
              (advanced && (await advanceSnapshot(database, advanced, revision))) ??
              (await readSnapshot(database, { revision, day: pastDay }));
            const read = await readSnapshot(database, { revision, day: pastDay });
            const searchIndex = await readSearchIndex(database, revision);
            const pinned = buildQuery(read, choices, `validAt: "${pastDay}", revision: ${revision}`);
            const pinnedAnswer = await executeWithServer(pinned);
            expectSame(executeCompiled(pinned, searchIndex, read), pinnedAnswer);
            expectSame(executeCompiled(pinned, searchIndex, advanced), pinnedAnswer);

            const currentSnapshot = await readSnapshot(database, { revision, day: today });
            const current = buildQuery(currentSnapshot, choices, '');
            expectSame(executeCompiled(current, searchIndex, currentSnapshot), await executeWithServer(current));
          }
        },
      ),
      propertyOptions(12),
    );
    expect(answeredCount).toBeGreaterThan(20);
  });
});
