import { connect, createDatabase } from '../../src/store/database/database.ts';
import { applyMigrations } from '../../src/store/database/migrations.ts';
import { readDescendants } from '../../src/store/read/hierarchy.ts';
import { readUnits } from '../../src/store/read/units.ts';
import { unitColumns } from '../../src/store/sql/unit-row.ts';
import { createClient } from '../support/http/client.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { parseOptions, readCount, runBenchmark } from './command-line.ts';
import { compare, formatTable } from './compare.ts';
import { createServerLocation } from './databases.ts';
import type { Defer } from './reading/with-clean-up.ts';

const help = `Measures reading a subtree and ancestors inside the process beside the usual alternatives, on one register
in one run. Absolute times depend on the machine; ratios are comparable.

  npm run bench:rows            200,000 units: a few minutes

  --units N       units of the register, 200,000 by default
  --help          prints this

It measures the server in TEST_DATABASE_URL if it is set, otherwise the embedded database.
`;

await runBenchmark(readOptions, measureRows);

function readOptions(): { units: number } | string {
  const values = parseOptions(process.argv.slice(2), {
    units: { type: 'string', default: '200000' },
    help: { type: 'boolean', default: false },
  });
  return values.help ? help : { units: readCount('units', values.units) };
}

async function measureRows({ units }: { readonly units: number }, defer: Defer): Promise<void> {
  const connection = await connect((await createServerLocation(defer)) ?? { kind: 'embedded', folder: undefined });
  await connection.migrate(applyMigrations);
  const database = createDatabase(connection);
  defer(() => database.close());
  process.stdout.write(`${units} units, ${database.kind} database\n`);
  await generateRegister(database, units);
  const { prisma } = database;
  const client = createClient(database, { today: '2026-11-23' });
  const snapshot = { revision: 1, day: '2026-11-23' };
  const day = new Date('2026-11-23');
  const asKnown = { supersededRev: null, validFrom: { lte: day }, OR: [{ validTo: null }, { validTo: { gt: day } }] };

  const root = 28;
  const [top] = await readUnits(prisma, [{ reshId: root, ...snapshot }]);
  if (!top) throw new Error(`Unit ${root} is missing.`);
  const depth = top.path.length - 1;

  const childrenByLevel = async (): Promise<number> => {
    let level = [root];
    let found = 0;
    while (level.length > 0) {
      const children = await prisma.unitVersion.findMany({ where: { parentReshId: { in: level }, ...asKnown } });
      found += children.length;
      level = children.map(({ reshId }) => reshId);
    }
    return found;
  };

  process.stdout.write(
    `${formatTable(
      `\nThe subtree of unit ${root}, ${await childrenByLevel()} units, as rows`,
      await compare([
        {
          name: 'one range of paths (resh-graph)',
          run: () =>
            readDescendants(prisma, [{ pathText: top.pathText, depth, ...snapshot, first: 10_001 }], undefined),
        },
        {
          name: 'recursive query over parents',
          run: () => prisma.$queryRaw`
            with recursive tree as (
              select v.* from unit_version v
              where v.parent_resh_id = ${root} and v.superseded_rev is null
                and v.valid_from <= ${day}::date and (v.valid_to is null or v.valid_to > ${day}::date)
              union all
              select v.* from tree join unit_version v on v.parent_resh_id = tree.resh_id
              where v.superseded_rev is null
                and v.valid_from <= ${day}::date and (v.valid_to is null or v.valid_to > ${day}::date)
            )
            select ${unitColumns('tree')} from tree order by tree.path_text`,
        },
        { name: 'Prisma findMany, a query for each level', run: childrenByLevel },
      ]),
    )}\n`,
  );

  const hundred = Array.from({ length: 100 }, (_, place) => units - 1 - place * 37);
  process.stdout.write(
    `${formatTable(
      '\n100 units, each with all its ancestors, as the API answers them',
      await compare([
        {
          name: 'units(reshIds:) { ancestors } (resh-graph, over HTTP handler)',
          run: () =>
            client.send({
              query: 'query ($ids: [ReshId!]!) { units(reshIds: $ids) { unit { name ancestors { reshId name } } } }',
              variables: { ids: hundred },
            }),
        },
        {
          name: 'unit(reshId:) { ancestors } a hundred times',
          run: async () => {
            for (const reshId of hundred)
              await client.send({
                query: 'query ($id: ReshId!) { unit(reshId: $id) { name ancestors { reshId name } } }',
                variables: { id: reshId },
              });
          },
        },
        {
          name: 'Prisma findFirst up the parents, unit by unit (rows only)',
          run: async () => {
            for (const reshId of hundred) {
              let next: number | null = reshId;
              while (next !== null) {
                const row: { parentReshId: number | null } | null = await prisma.unitVersion.findFirst({
                  where: { reshId: next, ...asKnown },
                });
                next = row?.parentReshId ?? null;
              }
            }
          },
        },
      ]),
    )}\n`,
  );
}
