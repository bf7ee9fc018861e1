import type { Context } from '../../context.ts';
import { normalizeLine } from '../../domain/text/text-rule.ts';
import { createSqlClient } from '../../store/database/prisma-sql-client.ts';
import { readMappingSystems } from '../../store/read/mapping-nodes.ts';
import { readIdentifierSystems, type SystemRow } from '../../store/read/units.ts';
import { builder } from '../kit/builder.ts';
import { heavyCost } from '../kit/limits.ts';
import { loadMappingNode } from '../kit/load.ts';
import { MappingNode } from '../kit/refs.ts';
import { addRegisterFields } from './register-fields.ts';

const IdentifierSystem = builder.objectRef<SystemRow>('IdentifierSystem').implement({
  description: 'System whose identifiers units have',
  fields: (t) => ({
    system: t.exposeString('system', { description: 'System, as in `identifiers` of a unit' }),
    identifierCount: t.exposeInt('count', { description: 'Number of its identifiers that units have' }),
  }),
});

const MappingSystem = builder.objectRef<SystemRow>('MappingSystem').implement({
  description: 'System with a tree over the units of the register',
  fields: (t) => ({
    systemId: t.exposeString('system', { description: 'System that owns the tree, as in `mappingRoots`' }),
    nodeCount: t.exposeInt('count', { description: 'Number of nodes of the tree' }),
  }),
});

addRegisterFields((t, findRegister) => ({
  identifierSystems: t.field({
    type: [IdentifierSystem],
    description: 'Systems whose identifiers units have on the day, in the order of their texts',
    complexity: { field: heavyCost, multiplier: 10 },
    resolve: async (parent, _args, context) => {
      const { view } = await findRegister(parent, context);
      return counted(await readIdentifierSystems(createSqlClient(context.database.prisma), view), context);
    },
  }),
  mappingSystems: t.field({
    type: [MappingSystem],
    description: 'Systems with nodes on the day, in the order of their texts',
    complexity: { field: heavyCost, multiplier: 10 },
    resolve: async (parent, _args, context) => {
      const { view } = await findRegister(parent, context);
      return counted(await readMappingSystems(createSqlClient(context.database.prisma), view), context);
    },
  }),
  mappingNode: t.field({
    type: MappingNode,
    nullable: true,
    description: "Node of another system's tree; null if there is no such node on the day",
    args: {
      systemId: t.arg.string({ required: true, description: 'System that owns the tree' }),
      nodeId: t.arg.string({ required: true, description: 'Id of the node in that system' }),
    },
    resolve: async (parent, { systemId, nodeId }, context) =>
      loadMappingNode(
        context,
        normalizeLine(systemId),
        normalizeLine(nodeId),
        (await findRegister(parent, context)).view,
      ),
  }),
}));

function counted(systems: SystemRow[], { countObjects }: Context): SystemRow[] {
  countObjects(systems.length);
  return systems;
}
