import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { verifyRegister, type Violation } from '../../src/store/verify/verify.ts';
import type { ChangeAnswer, Changes } from '../support/changes.ts';
import { createProcessRegister, type ProcessRegister, type ServerProcess } from '../support/server-process.ts';
import { buildWorld, subjects, units } from '../support/world.ts';

// Two processes need a database that both can open; the embedded one has a shorter run through one.
const isServer = inject('testDatabaseSource').kind === 'server';
const load = isServer
  ? { processes: 2, writers: 16, readers: 4, seconds: 60 }
  : { processes: 1, writers: 6, readers: 2, seconds: 15 };
const CHANGES_OF_EACH = 3_000;
const UNITS_OF_EACH = 25;
const PAGE = 40;

let register: ProcessRegister;
let servers: readonly ServerProcess[];
beforeAll(async () => {
  register = await createProcessRegister(buildWorld);
  servers = await Promise.all(Array.from({ length: load.processes }, () => register.startServer()));
});
afterAll(() => register.remove());

const serverOf = (n: number): ServerProcess => {
  const server = servers[n % servers.length];
  if (!server) throw new Error('There is no server.');
  return server;
};

/** What a writer was told, and by it what its units must be in the end. */
interface Written {
  readonly revision: number;
  readonly operation: string;
  readonly reshId: number;
  readonly name: string;
}

interface Own {
  readonly reshId: number;
  name: string;
}

const places = [units.clinic, units.secondClinic, units.siblingClinic, units.southClinic] as const;

/** Makes departments of its own, renames them, moves them about and beneath each other, and keeps what was acknowledged. */
const write = async (changes: Changes, writer: number, until: number, written: Written[]): Promise<Own[]> => {
  const own: Own[] = [];
  const placeOf = (n: number) => places[(n + writer) % places.length] ?? units.clinic;
  for (let n = 0; n < CHANGES_OF_EACH && Date.now() < until; n += 1) {
    const name = `Writer ${writer} change ${n}`;
    const unit = own[(n * 7) % Math.max(1, own.length)];
    let answer: ChangeAnswer;
    let named = unit?.name ?? name;
    if (!unit || (n % 3 === 0 && own.length < UNITS_OF_EACH)) {
      answer = await changes.createDepartment({ name, parentReshId: placeOf(n), idempotencyKey: name });
      named = name;
    } else if (n % 3 === 1) {
      answer = await changes.updateUnit({ reshId: unit.reshId, name });
      named = name;
    } else {
      const other = own[(n * 5) % own.length];
      const newParentReshId = n % 2 === 0 && other ? other.reshId : placeOf(n);
      answer = await changes.moveUnit({ reshId: unit.reshId, newParentReshId });
      // Nobody but this writer moves its units: a circle it is told of is one that it asked for.
      const codes = answer.payload?.userErrors.map(({ code }) => code) ?? [];
      if (codes.length > 0) {
        expect(codes).toEqual(['CYCLE']);
        continue;
      }
    }
    const { change, unit: shown } = answer.payload ?? {};
    if (!change || !shown) throw new Error(`A change was refused: ${JSON.stringify(answer)}`);
    if (!unit || change.operation === 'CREATE_DEPARTMENT') own.push({ reshId: shown.reshId, name });
    else unit.name = named;
    expect(shown).toMatchObject({ name: named });
    written.push({ revision: change.revision, operation: change.operation, reshId: shown.reshId, name: named });
  }
  return own;
};

interface Descendants {
  readonly totalCount: number;
  readonly edges: readonly {
    readonly depth: number;
    readonly node: {
      readonly reshId: number;
      readonly name: string;
      readonly ancestors: readonly { reshId: number }[];
    };
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const descendants = (first: number, after = ''): string =>
  `descendants(first: ${first}${after}) { totalCount edges { depth node { reshId name ancestors { reshId } } } pageInfo { hasNextPage endCursor } }`;

const ask = async (server: ServerProcess, fields: string, variables: object = {}): Promise<Record<string, unknown>> => {
  const { data, errors } = await server.ask(subjects.regional, { query: fields, variables });
  expect(errors).toBeUndefined();
  return data as Record<string, unknown>;
};

/** Reads a region page by page while it changes, and expects that all pages are of the one state the first was of. */
const read = async (server: ServerProcess, until: number): Promise<number> => {
  let trees = 0;
  for (; trees < CHANGES_OF_EACH && Date.now() < until; trees += 1) {
    const first = await ask(
      server,
      `query First { register { revision unit(reshId: ${units.north}) { ${descendants(PAGE)} } } }`,
    );
    const { revision, unit } = first['register'] as { revision: number; unit: { descendants: Descendants } };
    const seen = [...unit.descendants.edges];
    for (let page = unit.descendants; page.pageInfo.hasNextPage && seen.length < 10_000;) {
      const next = await ask(
        server,
        `query Next($after: String!) { unit(reshId: ${units.north}) { ${descendants(PAGE, ', after: $after')} } }`,
        { after: page.pageInfo.endCursor },
      );
      page = (next['unit'] as { descendants: Descendants }).descendants;
      seen.push(...page.edges);
    }
    const whole = await ask(
      server,
      `query Whole { register(revision: ${revision}) { unit(reshId: ${units.north}) { ${descendants(10_000)} } } }`,
    );
    const { edges, totalCount } = (whole['register'] as { unit: { descendants: Descendants } }).unit.descendants;
    expect(seen).toEqual(edges);
    expect(totalCount).toBe(seen.length);
    expect(unit.descendants.totalCount).toBe(seen.length);

    const paths = new Map<number, string>([[units.north, '']]);
    for (const { depth, node } of seen) {
      const above = node.ancestors.map(({ reshId }) => reshId);
      // A parent comes before its children, and theirs is its path and itself.
      expect(paths.get(above.at(-1) ?? 0)).toBe(above.slice(0, -1).join());
      expect(depth).toBe(above.length);
      expect(paths.has(node.reshId)).toBe(false);
      paths.set(node.reshId, above.join());
    }
  }
  return trees;
};

describe('many who write and read at once', () => {
  it(`loses, doubles and halves nothing: ${load.writers} writers and ${load.readers} readers for ${load.seconds} s`, async () => {
    const until = Date.now() + load.seconds * 1_000;
    const written: Written[] = [];

    const reading = Promise.all(Array.from({ length: load.readers }, (_, n) => read(serverOf(n), until)));
    const owned = await Promise.all(
      Array.from({ length: load.writers }, (_, writer) =>
        write(serverOf(writer).as(subjects.operator), writer, until, written),
      ),
    );
    const trees = await reading;
    expect(Math.min(...trees)).toBeGreaterThan(0);
    expect(written.length).toBeGreaterThan(load.writers);

    // Every other process answers what one has acknowledged.
    for (const [writer, own] of owned.entries())
      for (const { reshId, name } of own) {
        const data = await ask(serverOf(writer + 1), `query Now { unit(reshId: ${reshId}) { name } }`);
        expect({ reshId, ...data }).toEqual({ reshId, unit: { name } });
      }
    await Promise.all(servers.map((server) => server.end('SIGTERM')));

    await register.within(async (database) => {
      const changes = await database.prisma.change.findMany({ orderBy: { revision: 'asc' } });
      expect(changes.map(({ revision }) => revision)).toEqual(changes.map((_change, place) => place + 1));
      const inOrder = written.toSorted((one, other) => one.revision - other.revision);
      expect(changes.slice(1).map(({ revision, operation }) => ({ revision, operation }))).toEqual(
        inOrder.map(({ revision, operation }) => ({ revision, operation })),
      );
      for (const { revision, reshId, name } of inOrder) {
        const known = await database.prisma.unitVersion.findMany({
          where: {
            ...{ reshId, recordedRev: { lte: revision } },
            OR: [{ supersededRev: null }, { supersededRev: { gt: revision } }],
          },
        });
        expect(
          known.some((row) => row.name === name),
          `revision ${revision}`,
        ).toBe(true);
      }
      const created = inOrder.filter(({ operation }) => operation === 'CREATE_DEPARTMENT');
      expect(await database.prisma.unit.count()).toBe(Object.keys(units).length + created.length);

      const violations: Violation[] = [];
      await database.bulk((session) =>
        verifyRegister(
          session,
          (batch) => violations.push(...batch),
          () => {},
        ),
      );
      expect(violations).toEqual([]);
    });
  });
});
