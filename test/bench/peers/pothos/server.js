// Pothos with Prisma relations as its documentation begins: t.relation for parent, children and codes, and a query for
// each level of a subtree.
import { createServer } from 'node:http';
import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import { PrismaPg } from '@prisma/adapter-pg';
import { createYoga } from 'graphql-yoga';
import { getDatamodel } from './generated/pothos.ts';
import { PrismaClient } from './generated/prisma/client.ts';

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 10 }) });
const builder = new SchemaBuilder({ plugins: [PrismaPlugin], prisma: { client: prisma, dmmf: getDatamodel() } });

builder.prismaObject('UnitSpecialty', { fields: (t) => ({ code: t.exposeString('code') }) });

const OrgUnit = builder.prismaObject('OrgUnit', {
  fields: (t) => ({
    id: t.exposeInt('id'),
    name: t.exposeString('name'),
    kind: t.exposeString('kind'),
    orgNumber: t.exposeString('orgNumber'),
    parentId: t.exposeInt('parentId', { nullable: true }),
    parent: t.relation('parent', { nullable: true }),
    children: t.relation('children', { query: { orderBy: { id: 'asc' } } }),
    specialties: t.relation('specialties', { query: { orderBy: { code: 'asc' } } }),
  }),
});

const CodeCount = builder.objectRef('CodeCount').implement({
  fields: (t) => ({ code: t.exposeString('code'), n: t.exposeInt('n') }),
});

builder.queryType({
  fields: (t) => ({
    unit: t.prismaField({
      type: 'OrgUnit',
      nullable: true,
      args: { id: t.arg.int({ required: true }) },
      resolve: (query, _root, { id }) => prisma.orgUnit.findUnique({ ...query, where: { id } }),
    }),
    subtree: t.field({
      type: [OrgUnit],
      args: { id: t.arg.int({ required: true }) },
      resolve: (_root, { id }) => readSubtree(id),
    }),
    subtreeCodeCounts: t.field({
      type: [CodeCount],
      args: { id: t.arg.int({ required: true }) },
      resolve: (_root, { id }) => countCodes(id),
    }),
  }),
});

const yoga = createYoga({ schema: builder.toSchema(), graphiql: false, landingPage: false, logging: false });
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));

async function readSubtree(id) {
  let level = await prisma.orgUnit.findMany({ where: { id } });
  const subtree = [...level];
  while (level.length > 0) {
    level = await prisma.orgUnit.findMany({ where: { parentId: { in: level.map((unit) => unit.id) } } });
    subtree.push(...level);
  }
  return subtree;
}

async function countCodes(id) {
  const ids = (await readSubtree(id)).map((unit) => unit.id);
  const groups = await prisma.unitSpecialty.groupBy({ by: ['code'], where: { unitId: { in: ids } }, _count: true });
  return groups
    .map(({ code, _count: n }) => ({ code, n }))
    .sort((one, other) => other.n - one.n || (one.code < other.code ? -1 : 1));
}
