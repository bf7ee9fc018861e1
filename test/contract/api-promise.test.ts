import { existsSync, readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { listDeprecationFaults } from '../../src/tools/deprecations.ts';
import { formatChangelog } from '../../src/tools/format-changelog.ts';
import { formatSchema } from '../../src/tools/format-schema.ts';
import { planRelease } from '../../src/tools/plan-release.ts';
import { listSchemaChanges, listUnagreedBreaks } from '../../src/tools/schema-changes.ts';
import { buildSchemaFiles } from '../../src/tools/schema-files.ts';
import { readAgreedBreaks, readReleases, releaseFile } from '../../src/tools/schema-releases.ts';

const releases = readReleases();
const newest = releases.at(-1);
const agreedBreaks = readAgreedBreaks();

describe('the schema and the newest release', () => {
  it('differ by no breaking change that is not agreed', async () => {
    if (!newest) throw new Error('docs/releases/ has no schema.');

    expect(await listUnagreedBreaks(newest.schema, schema, agreedBreaks)).toEqual([]);
  });

  it('are of the same API: a release is a whole printed schema', () => {
    if (!newest) throw new Error('docs/releases/ has no schema.');

    expect(existsSync(releaseFile(newest.day))).toBe(true);
    expect(readFileSync(releaseFile(newest.day), 'utf8')).toBe(formatSchema(newest.schema));
  });

  it('have a changelog that is up to date', async () => {
    for (const { name, path, text } of await buildSchemaFiles()) expect(readFileSync(path, 'utf8'), name).toBe(text);
  });

  it('have no agreed break that breaks nothing', async () => {
    const points = [...releases.map((release) => release.schema), schema];
    const changes = await Promise.all(
      points.flatMap((point, index) => {
        const before = points[index - 1];
        return before ? [listSchemaChanges(before, point)] : [];
      }),
    );
    const breaks = changes.flat().flatMap(({ kind, text }) => (kind === 'breaking' ? [text] : []));

    expect(agreedBreaks.map(({ change }) => change).filter((change) => !breaks.includes(change))).toEqual([]);
  });

  it('have deprecations with a reason and a day of removal, six months ahead at least', () => {
    expect(listDeprecationFaults(releases, schema)).toEqual([]);
  });
});

const older = buildSchema(`
  type Query { unit(id: Int!, depth: Int = 1): Unit old: Unit }
  type Unit { name: String! note: String kind: Kind }
  enum Kind { WARD CLINIC }
  input UnitInput { name: String, note: String = "none" }
  type Mutation { save(input: UnitInput!): Unit }
`);

function changeSchema(pattern: string, replacement: string) {
  const text = formatSchema(older);
  expect(text).toContain(pattern);
  return buildSchema(text.replace(pattern, replacement));
}

describe('listUnagreedBreaks', () => {
  it.each([
    ['a field is removed', '  note: String\n}\n\ninput', '}\n\ninput'],
    ['a field may be null', 'name: String!', 'name: String'],
    ['the type of a field changes', 'note: String\n}\n\ninput', 'note: Int\n}\n\ninput'],
    ['a value of an enum is removed', '  CLINIC\n', ''],
    ['an argument is removed', 'depth: Int = 1, ', ''],
    ['an argument may not be null any more', 'depth: Int = 1', 'depth: Int! = 1'],
    ['a default changes', 'depth: Int = 1', 'depth: Int = 2'],
    ['a default of an input field changes', '= "none"', '= "nothing"'],
    [
      'an input field becomes required',
      '  name: String\n  note: String = "none"',
      '  name: String!\n  note: String = "none"',
    ],
    ['a required input field is added', 'input UnitInput {', 'input UnitInput {\n  kind: Kind!'],
    ['an input takes only one field', 'input UnitInput {', 'input UnitInput @oneOf {'],
    ['a mutation is removed', '  save(input: UnitInput!): Unit', '  store(input: UnitInput!): Unit'],
  ])('reports that %s', async (_what, pattern, replacement) => {
    const newer = changeSchema(pattern, replacement);

    expect(await listUnagreedBreaks(older, newer, [])).toHaveLength(1);
  });

  it.each([
    ['a field is added', 'name: String!', 'name: String!\n  shortName: String'],
    ['a value of an enum is added', '  CLINIC\n', '  CLINIC\n  SITE\n'],
    ['an optional argument is added', 'depth: Int = 1', 'depth: Int = 1, width: Int'],
    ['an optional input field is added', 'input UnitInput {', 'input UnitInput {\n  kind: Kind'],
    ['a field is never null any more', 'note: String\n}\n\ninput', 'note: String!\n}\n\ninput'],
    ['a field is deprecated', 'old: Unit', 'old: Unit @deprecated(reason: "Use `unit`")'],
    ['a type is added', 'type Unit {', 'type Site {\n  name: String!\n}\n\ntype Unit {'],
  ])('does not report that %s', async (_what, pattern, replacement) => {
    expect(await listUnagreedBreaks(older, changeSchema(pattern, replacement), [])).toEqual([]);
  });

  it('does not report a break that is agreed in the words of the changelog', async () => {
    const newer = changeSchema('old: Unit\n', '');
    const change = 'Field `old` was removed from object type `Query`';

    expect(await listUnagreedBreaks(older, newer, [])).toEqual([change]);
    expect(await listUnagreedBreaks(older, newer, [{ change, agreedOn: '2027-01-01', reason: 'Not used' }])).toEqual(
      [],
    );
  });

  it('reports a field that is taken out of the real schema', async () => {
    const newer = buildSchema(
      formatSchema(schema).replace(/\n {2}"""RESH-id of the unit[^"]*"""\n {2}reshId: ReshId!/, ''),
    );

    expect((await listUnagreedBreaks(schema, newer, [])).length).toBeGreaterThan(0);
  });
});

describe('formatChangelog', () => {
  it('lists the differences by kind, newest release first, with the reason of an agreed break', async () => {
    const second = buildSchema(
      formatSchema(older)
        .replace('  old: Unit\n', '')
        .replace('note: String\n}\n\ninput', 'note: String @deprecated(reason: "Not used")\n  site: Site\n}\n\ninput')
        .concat('type Site { name: String! number: Int! }'),
    );
    const change = 'Field `old` was removed from object type `Query`';
    const changelog = await formatChangelog(
      [
        { day: '2027-01-01', schema: older },
        { day: '2027-02-01', schema: second },
      ],
      second,
      [{ change, agreedOn: '2027-01-15', reason: 'nobody used it' }],
    );

    expect(changelog.slice(changelog.indexOf('## Next'))).toBe(
      [
        '## Next\n\nNo changes.\n',
        `## 2027-02-01\n\n### Breaking\n\n- ${change}: nobody used it\n`,
        '### Deprecated\n\n- Field `Unit.note` is deprecated\n',
        '### Added\n\n- Type `Site` was added\n- Field `site` was added to object type `Unit`\n',
        '## 2027-01-01\n\nThe first release.\n',
      ].join('\n'),
    );
  });
});

describe('listDeprecationFaults', () => {
  const deprecate = (reason: string) => buildSchema(`type Query { a: Int old: Int @deprecated(reason: "${reason}") }`);

  it('reports a reason without a day of removal', () => {
    expect(listDeprecationFaults([], deprecate('Use a'))).toEqual([
      'Query.old: the reason does not end in "; may be removed from YYYY-MM-DD"',
    ]);
  });

  it('reports a day less than six months after the first release with the deprecation', () => {
    const early = deprecate('Use a; may be removed from 2027-06-30');
    const late = deprecate('Use a; may be removed from 2027-07-01');

    expect(listDeprecationFaults([{ day: '2027-01-01', schema: early }], early)).toEqual([
      'Query.old: 2027-06-30 is less than 6 months after its first release; write 2027-07-01 or later',
    ]);
    expect(listDeprecationFaults([{ day: '2027-01-01', schema: late }], late)).toEqual([]);
    expect(listDeprecationFaults([], early)).toEqual([]);
  });

  it('finds deprecated arguments, input fields and values of enums', () => {
    const found = listDeprecationFaults(
      [],
      buildSchema(`
        type Query { a(b: Int @deprecated): Int }
        input AnyInput { c: Int @deprecated }
        enum Any { D @deprecated E }
      `),
    );

    expect(found.map((fault) => fault.split(': the')[0])).toEqual(['Query.a(b:)', 'AnyInput.c', 'Any.D']);
  });
});

describe('planRelease', () => {
  const first = { day: '2027-01-01', schema: buildSchema('type Query { a: Int b: Int c: Int }') };
  const second = { day: '2027-02-01', schema: buildSchema('type Query { a: Int b: Int c: Int d: Int }') };
  const withoutD = buildSchema('type Query { a: Int b: Int c: Int }');
  const plan = (options: Partial<Parameters<typeof planRelease>[0]>) =>
    planRelease({
      released: [first, second],
      schema: withoutD,
      day: '2027-03-01',
      isReplacing: false,
      agreedBreaks: [],
      ...options,
    });
  const change = 'Field `d` was removed from object type `Query`';

  it('refuses a break of the newest release that is not agreed', async () => {
    expect(await plan({})).toEqual({
      faults: [`${change}: agree on it in docs/releases/agreed-breaks.json, or undo it`],
      replacedDay: undefined,
    });
    expect((await plan({ day: second.day })).faults).toHaveLength(1);
    expect(await plan({ agreedBreaks: [{ change, agreedOn: '2027-02-10', reason: 'nobody used it' }] })).toEqual({
      faults: [],
      replacedDay: undefined,
    });
  });

  it('replaces the newest release when asked to, and keeps the promises of the one before', async () => {
    expect(await plan({ isReplacing: true })).toEqual({ faults: [], replacedDay: '2027-02-01' });
    expect((await plan({ isReplacing: true, schema: buildSchema('type Query { a: Int b: Int }') })).faults).toEqual([
      'Field `c` was removed from object type `Query`: agree on it in docs/releases/agreed-breaks.json, or undo it',
    ]);
  });

  it('replaces a release of the same day', async () => {
    expect(await plan({ day: second.day, schema: second.schema })).toEqual({ faults: [], replacedDay: second.day });
  });

  it('refuses a new deprecation with less than six months of notice', async () => {
    const reason = 'Use a; may be removed from 2027-08-31';
    const deprecated = buildSchema(`type Query { a: Int b: Int @deprecated(reason: "${reason}") c: Int d: Int }`);

    expect((await plan({ schema: deprecated })).faults).toEqual([
      'Query.b: 2027-08-31 is less than 6 months after its first release; write 2027-09-01 or later',
    ]);
  });

  it('allows any schema as the first release', async () => {
    expect(await plan({ released: [] })).toEqual({ faults: [], replacedDay: undefined });
    expect(await plan({ released: [second], isReplacing: true })).toEqual({ faults: [], replacedDay: second.day });
  });
});
