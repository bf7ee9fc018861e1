import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Phrases that a reader stops at, and what to write. */
const phrases = [
  [/\bwhoever\b/i, 'name the person or the role'],
  [/\bwhom\b/i, 'name the person or the role'],
  [/\b(?:that which|what is to be)\b/i, 'name the thing'],
  [/\bof which\b/i, 'split the sentence'],
  [/\banew\b/i, 'again'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix, correct, repair'],
  [/\b(?:told|hears? of|tells? of)\b/i, 'report, notify, print'],
  [/\bbeneath\b/i, 'under, below'],
  [/\bfor ever\b/i, 'always, permanently'],
  [/^\s*(?:\/\*\*|\/\/|\*|--) The same, for\b/i, 'say what the function does'],
] as const;

/** Names of an earlier vocabulary, and the terms of the field. Texts of tests may have such words. */
const names = [
  [/\b(?:asPictured|PictureScope|pictured?|picture_\w+)\b/, 'desired state'],
  [/\b(?:placeAnew|standsRight|yieldPlans|Yielding)\b/, 'recompute, isCurrent, resolve conflicts'],
  [/\b(?:contender|has_won|plays)\b/, 'candidate, row conflict'],
  [/\b(?:handOver|Became|Journey|leadsForward)\b/, 'reparent, trace, traverse, isForward'],
  [/\b(?:nodeConflict|readKept|keepAnswer|sealChange|keepReshIds)\b/, 'expected revision, stored response'],
  [/\b(?:inTurns|NoTurnError|patienceMs|losePatience|lastWord)\b/, 'semaphore, timeout, final message'],
  [/\b(?:SayingTable|said_\d|toldDays|daysOf|called)\(/, 'fact table, format periods, unit label'],
  [/\b(?:zippedAnswers|takesGzip|crossOrigin|textCheck|signposts|oneAhead)\b/, 'compression, cors, hints, prefetch'],
  [/\b(?:GIVEN_TWICE|IDENTIFIER_STANDS_TWICE|NOTHING_CHANGES)\b/, 'DUPLICATE_VALUE, DUPLICATE_IDENTIFIER, NO_CHANGES'],
  [/\b(?:SeenUnit|presentView|asFound|withRow|contentOf|parted)\b/, 'snapshot, derived, split, value key'],
] as const;

/** Quotation marks of Norwegian text, which only the texts of messages and examples of them have. */
const guillemets = /[«»]/;
const norwegianTexts = [
  'src/auth/messages.ts',
  'src/auth/tokens/token-messages.ts',
  'src/domain/plan/messages/',
  'docs/administrators.md',
];

const files = [
  'README.md',
  'CONTRIBUTING.md',
  'schema.graphql',
  'prisma/schema.prisma',
  'test/README.md',
  ...['src', 'docs', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|md|sql|graphql|js|css|html)$/.test(file))
      .map((file) => `${folder}/${file}`),
  ),
].filter((file) => !/generated\/|node_modules\/|^test\/fixtures\/|^test\/contract\/vocabulary/.test(file));

function findLines(text: string, pattern: RegExp): number[] {
  return text.split('\n').flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));
}

function findPlaces(searched: readonly string[], pattern: RegExp): string[] {
  return searched.flatMap((file) =>
    findLines(readFileSync(join(root, file), 'utf8'), pattern).map((line) => `${file}:${line}`),
  );
}

it.each(phrases)('does not use %s; write: %s', (pattern) => {
  expect(findPlaces(files, pattern)).toEqual([]);
});

it.each(names)('does not use %s in the product; write: %s', (pattern) => {
  const productFiles = files.filter((file) => !file.startsWith('test/'));

  expect(findPlaces(productFiles, pattern)).toEqual([]);
});

it('has guillemets in Norwegian texts only', () => {
  const others = files.filter(
    (file) => !file.startsWith('test/') && !norwegianTexts.some((text) => file.startsWith(text)),
  );

  expect(findPlaces(others, guillemets)).toEqual([]);
});

it('searches code, statements, documentation and the schema', () => {
  expect(files).toEqual(
    expect.arrayContaining(['src/main.ts', 'src/store/tables.ts', 'docs/time.md', 'test/contract/schema.test.ts']),
  );
  expect(findLines('Returns a unit\n// for whoever asks', /\bwhoever\b/i)).toEqual([2]);
});
