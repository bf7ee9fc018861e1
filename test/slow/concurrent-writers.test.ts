import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ChangeResponse, Mutations } from '../support/mutations/mutations.ts';
import {
  createProcessRegister,
  type ProcessRegister,
  type ServerProcess,
} from '../support/processes/server-process.ts';
import { buildWorld, subjects, units } from '../support/world/world.ts';
import { findViolations } from '../support/database/violations.ts';

// Two processes need a database on a server; the embedded one gets a shorter run with one process.
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

function pickServer(n: number): ServerProcess {
  const server = servers[n % servers.length];
  if (!server) throw new Error('There is no server.');
  return server;
}

/** A committed change, and the state in which it left the unit. */
interface WrittenChange {
  readonly revision: number;
  readonly operation: string;
  readonly reshId: number;
  readonly name: string;
}

interface OwnUnit {
  readonly reshId: number;
  name: string;
}

const parentReshIds = [units.clinic, units.secondClinic, units.siblingClinic, units.southClinic] as const;

/** Creates, renames and moves departments until the deadline, and returns the committed changes. */
async function writeUntil(
  changes: Mutations,
  writer: number,
  deadline: number,
  written: WrittenChange[],
): Promise<OwnUnit[]> {
  const own: OwnUnit[] = [];
  const pickParent = (n: number) => parentReshIds[(n + writer) % parentReshIds.length] ?? units.clinic;
  for (let n = 0; n < CHANGES_OF_EACH && Date.now() < deadline; n += 1) {
    const name = `Writer ${writer} change ${n}`;
    const unit = own[(n * 7) % Math.max(1, own.length)];
    let answer: ChangeResponse;
    let newName = unit?.name ?? name;
    if (!unit || (n % 3 === 0 && own.length < UNITS_OF_EACH)) {
      answer = await changes.createDepartment({ name, parentReshId: pickParent(n), idempotencyKey: name });
      newName = name;
    } else if (n % 3 === 1) {
      answer = await changes.updateUnit({ reshId: unit.reshId, name });
      newName = name;
    } else {
      const other = own[(n * 5) % own.length];
      const newParentReshId = n % 2 === 0 && other ? other.reshId : pickParent(n);
      answer = await changes.moveUnit({ reshId: unit.reshId, newParentReshId });
      // No other writer moves these units, so a circle can only come from this writer's own request.
      const codes = answer.payload?.userErrors.map(({ code }) => code) ?? [];
      if (codes.length > 0) {
        expect(codes).toEqual(['CYCLE']);
        continue;
      }
    }
    const { change, unit: changedUnit } = answer.payload ?? {};
    if (!change || !changedUnit) throw new Error(`A change was refused: ${JSON.stringify(answer)}`);
    if (!unit || change.operation === 'CREATE_DEPARTMENT') own.push({ reshId: changedUnit.reshId, name });
    else unit.name = newName;
    expect(changedUnit).toMatchObject({ name: newName });
    written.push({ revision: change.revision, operation: change.operation, reshId: changedUnit.reshId, name: newName });
  }
  return own;
}

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

function descendants(first: number, after = ''): string {
  return `descendants(first: ${first}${after}) {
    totalCount
    edges {
      depth
      node {
        reshId
        name
        ancestors {
          reshId
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }`;
}

async function sendQuery(
  server: ServerProcess,
  fields: string,
  variables: object = {},
): Promise<Record<string, unknown>> {
  const { data, errors } = await server.send(subjects.regional, { query: fields, variables });
  expect(errors).toBeUndefined();
  return data as Record<string, unknown>;
}

/** Reads a region page by page while it changes, and expects all pages to show the state of the first. */
async function readUntil(server: ServerProcess, deadline: number): Promise<number> {
  let treeCount = 0;
  while (treeCount < CHANGES_OF_EACH && Date.now() < deadline) {
    treeCount += 1;
    const first = await sendQuery(
      server,
      `query First { register { revision unit(reshId: ${units.north}) { ${descendants(PAGE)} } } }`,
    );
    const { revision, unit } = first['register'] as { revision: number; unit: { descendants: Descendants } };
    const readEdges = [...unit.descendants.edges];
    let page = unit.descendants;
    while (page.pageInfo.hasNextPage && readEdges.length < 10_000) {
      const next = await sendQuery(
        server,
        `query Next($after: String!) { unit(reshId: ${units.north}) { ${descendants(PAGE, ', after: $after')} } }`,
        { after: page.pageInfo.endCursor },
      );
      page = (next['unit'] as { descendants: Descendants }).descendants;
      readEdges.push(...page.edges);
    }
    const wholeTree = await sendQuery(
      server,
      `query Whole { register(revision: ${revision}) { unit(reshId: ${units.north}) { ${descendants(10_000)} } } }`,
    );
    const { edges, totalCount } = (wholeTree['register'] as { unit: { descendants: Descendants } }).unit.descendants;
    expect(readEdges).toEqual(edges);
    expect(totalCount).toBe(readEdges.length);
    expect(unit.descendants.totalCount).toBe(readEdges.length);

    const paths = new Map<number, string>([[units.north, '']]);
    for (const { depth, node } of readEdges) {
      const ancestorReshIds = node.ancestors.map(({ reshId }) => reshId);
      // Parents come before their children; the ancestors of a child are those of its parent, then the parent.
      expect(paths.get(ancestorReshIds.at(-1) ?? 0)).toBe(ancestorReshIds.slice(0, -1).join());
      expect(depth).toBe(ancestorReshIds.length);
      expect(paths.has(node.reshId)).toBe(false);
      paths.set(node.reshId, ancestorReshIds.join());
    }
  }
  return treeCount;
}

describe('concurrent writers and readers', () => {
  const { writers, readers, seconds } = load;
  it(`keep each change whole and once: ${writers} writers, ${readers} readers, ${seconds} s`, async () => {
    const deadline = Date.now() + load.seconds * 1_000;
    const written: WrittenChange[] = [];

    const reads = Promise.all(Array.from({ length: load.readers }, (_, n) => readUntil(pickServer(n), deadline)));
    const unitsByWriter = await Promise.all(
      Array.from({ length: load.writers }, (_, writer) =>
        writeUntil(pickServer(writer).as(subjects.operator), writer, deadline, written),
      ),
    );
    const treeCount = await reads;

    expect(Math.min(...treeCount)).toBeGreaterThan(0);
    expect(written.length).toBeGreaterThan(load.writers);

    // All processes return what one of them acknowledged.
    for (const [writer, own] of unitsByWriter.entries())
      for (const { reshId, name } of own) {
        const data = await sendQuery(pickServer(writer + 1), `query Now { unit(reshId: ${reshId}) { name } }`);
        expect({ reshId, ...data }).toEqual({ reshId, unit: { name } });
      }
    await Promise.all(servers.map((server) => server.end('SIGTERM')));

    await register.withDatabase(async (database) => {
      const changes = await database.prisma.change.findMany({ orderBy: { revision: 'asc' } });
      expect(changes.map(({ revision }) => revision)).toEqual(changes.map((_change, index) => index + 1));
      const orderedChanges = written.toSorted((one, other) => one.revision - other.revision);
      expect(changes.slice(1).map(({ revision, operation }) => ({ revision, operation }))).toEqual(
        orderedChanges.map(({ revision, operation }) => ({ revision, operation })),
      );
      for (const { revision, reshId, name } of orderedChanges) {
        const currentVersions = await database.prisma.unitVersion.findMany({
          where: {
            reshId,
            recordedRev: { lte: revision },
            OR: [{ supersededRev: null }, { supersededRev: { gt: revision } }],
          },
        });
        expect(
          currentVersions.some((row) => row.name === name),
          `revision ${revision}`,
        ).toBe(true);
      }
      const created = orderedChanges.filter(({ operation }) => operation === 'CREATE_DEPARTMENT');
      expect(await database.prisma.unit.count()).toBe(Object.keys(units).length + created.length);

      expect(await findViolations(database)).toEqual([]);
    });
  });
});
