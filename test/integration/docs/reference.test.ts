import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Argument } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/cli/run-command-line.ts';
import { environmentSchema } from '../../../src/config.ts';
import { OBJECT_LIMIT, VALUE_LIMIT } from '../../../src/context/budget.ts';
import { MAX_CONCURRENT_STATEMENTS, STATEMENT_TIMEOUT_MS } from '../../../src/context/statement-limiter.ts';
import { ADDRESS_LINE_LIMIT, LIST_LIMIT } from '../../../src/domain/plan/fact-input.ts';
import { REASON_LIMIT } from '../../../src/domain/plan/input-text.ts';
import { LINE_LIMIT } from '../../../src/domain/text/text-rule.ts';
import { CODE_LIMIT } from '../../../src/domain/plan/codes.ts';
import { SEARCH_TEXT_LIMIT, SEARCH_WORD_LIMIT } from '../../../src/domain/text/search-terms.ts';
import { errorCodes } from '../../../src/errors/error-codes.ts';
import { IDEMPOTENCY_KEY_LIMIT } from '../../../src/operations/engine/run-change.ts';
import { SOURCE_LIMIT } from '../../../src/domain/plan/merging.ts';
import { STEP_LIMIT } from '../../../src/operations/reorganize.ts';
import { UNDO_UNIT_LIMIT } from '../../../src/operations/undo-change.ts';
import { PART_LIMIT } from '../../../src/domain/plan/splitting.ts';
import * as limits from '../../../src/schema/kit/limits.ts';
import { BRACKET_LIMIT, TOKEN_LIMIT } from '../../../src/server/operation-limits.ts';
import { SLOW_CONSUMER_TIMEOUT_MS, SUBSCRIPTION_LIMIT } from '../../../src/server/subscriptions.ts';
import { maxTreeDepth } from '../../../src/store/staging/tree.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(`${root}docs/reference.md`, 'utf8');

/** Returns the rows of the tables in a section, cells trimmed, without headers. */
function readTableRows(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n');
  return lines
    .filter((line, index) => line.startsWith('| ') && !line.startsWith('| -') && !lines[index + 1]?.startsWith('| -'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function stripBackticks(text: string | undefined): string {
  return text?.replaceAll('`', '') ?? '';
}

describe('docs/reference.md', () => {
  it('has every setting with its default, in the order of the schema', () => {
    const defaults = environmentSchema.parse({});
    const settings = Object.keys(environmentSchema.shape).map((name) => [
      name,
      String(Object.entries(defaults).find(([key]) => key === name)?.[1] ?? ''),
    ]);

    expect(readTableRows('Settings').map(([name, value]) => [stripBackticks(name), stripBackticks(value)])).toEqual(
      settings,
    );
  });

  it('has every command with its arguments and options', () => {
    const commands = createProgram(() => {}).commands.map((command) => [
      [command.name(), ...command.registeredArguments.map(formatArgument)].join(' '),
      command.options.map(({ long }) => long).join(', '),
    ]);

    expect(
      readTableRows('Commands')
        .filter((row) => row.length === 3)
        .map(([name, , options]) => [stripBackticks(name), stripBackticks(options)]),
    ).toEqual(commands);
  });

  it('has every error code with its meaning', () => {
    expect(readTableRows('Error codes').map(([code, meaning]) => [stripBackticks(code), meaning])).toEqual(
      Object.entries(errorCodes),
    );
  });

  it('has every limit', () => {
    const values = {
      'page size of `children`': limits.childrenPageLimit,
      'page size of the units of an impact': limits.impactPageLimit,
      'page size of `descendants`': limits.descendantsPageLimit,
      'page size of any other connection': limits.pageLimit,
      'page size when `first` is left out': limits.defaultPageSize,
      'RESH-ids in one `units`, or ids in one `nodes`': limits.lookupLimit,
      'values of one search facet': limits.facetLimit,
      'properties of a cross table of `counts`': limits.countDimensionLimit,
      'rows of a cross table of `counts`': limits.countRowLimit,
      'filters in a filter, itself included': limits.filterLimit,
      'characters of a search text': SEARCH_TEXT_LIMIT,
      'words of a search text': SEARCH_WORD_LIMIT,
      'days in one answer of `changePoints`': limits.changePointLimit,
      'years between `from` and `to` of `changePoints`': limits.changePointYears,
      'revisions that one page of `changes(withinReshId:)` examines': limits.feedWindow,
      'subscriptions per process': SUBSCRIPTION_LIMIT,
      'seconds that a subscription waits for a client that reads nothing': SLOW_CONSUMER_TIMEOUT_MS / 1_000,
      'depth of an operation': limits.depthLimit,
      'fields in an operation, aliases included': limits.breadthLimit,
      'tokens in a document': TOKEN_LIMIT,
      'nested brackets in a document': BRACKET_LIMIT,
      'estimated cost of an operation, in values': limits.costLimit,
      'estimated cost of one field that reads much of the register': limits.heavyCost,
      'children that a nested page adds to the estimate': limits.childrenCostCap,
      'objects that an operation returns, counted while it runs': OBJECT_LIMIT,
      'values that an operation returns, counted while it runs': VALUE_LIMIT,
      'statements that one request runs at once': MAX_CONCURRENT_STATEMENTS,
      'seconds that a statement waits for other statements of its request': STATEMENT_TIMEOUT_MS / 1_000,
      'steps of `reorganize`': STEP_LIMIT,
      'sources of `mergeUnits`': SOURCE_LIMIT,
      'parts of `splitUnit`': PART_LIMIT,
      'units of a change that `undoChange` takes back': UNDO_UNIT_LIMIT,
      'codes in one list': CODE_LIMIT,
      'names, addresses or contact points in one list': LIST_LIMIT,
      'lines of an address': ADDRESS_LINE_LIMIT,
      'characters of a name or another line of text': LINE_LIMIT,
      'characters of a reason': REASON_LIMIT,
      'characters of an idempotency key': IDEMPOTENCY_KEY_LIMIT,
      'levels of the tree': maxTreeDepth,
    };

    expect(readTableRows('Limits')).toEqual(
      Object.entries(values).map(([name, value]) => [name, value.toLocaleString('en-US')]),
    );
    const listed: readonly number[] = Object.values(values);
    expect(Object.entries(limits).filter(([, value]) => !listed.includes(value))).toEqual([]);
  });
});

it('.env.example has every setting', () => {
  const example = readFileSync(`${root}.env.example`, 'utf8');

  expect([...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name)).toEqual(
    expect.arrayContaining(Object.keys(environmentSchema.shape)),
  );
});

function formatArgument(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}
