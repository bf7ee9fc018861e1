import { readFileSync } from 'node:fs';
import {
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  type GraphQLObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { formatSchema } from '../../src/tools/format-schema.ts';
import { compileWithRelay } from './relay-compiler.ts';

const objectTypes = Object.values(schema.getTypeMap()).filter(isObjectType);
const connections = objectTypes.filter(({ name }) => name.endsWith('Connection'));

function fieldTypeName(type: GraphQLObjectType, field: string): string {
  return String(type.getFields()[field]?.type);
}

const orgChart = readFileSync(new URL('relay/org-chart.relay', import.meta.url), 'utf8');
const printedSchema = formatSchema(schema);

describe('schema for Relay', () => {
  it('refetches nodes by id', () => {
    const node = schema.getType('Node');

    expect(isInterfaceType(node) && String(node.getFields()['id']?.type)).toBe('ID!');
    expect(String(schema.getQueryType()?.getFields()['node']?.type)).toBe('Node');
    expect(String(schema.getQueryType()?.getFields()['node']?.args[0]?.type)).toBe('ID!');
    expect(
      objectTypes.filter((type) => type.getInterfaces().some(({ name }) => name === 'Node')).map(({ name }) => name),
    ).toEqual(expect.arrayContaining(['Unit', 'TreatmentSite', 'Change']));
  });

  it('has edges, cursors and page info on every connection', () => {
    expect(connections.length).toBeGreaterThanOrEqual(4);
    for (const connection of connections) {
      expect(fieldTypeName(connection, 'pageInfo'), connection.name).toBe('PageInfo!');
      const edges = getNullableType(connection.getFields()['edges']?.type);
      expect(isListType(edges), connection.name).toBe(true);
      const edge = getNamedType(edges);
      expect(edge?.name, connection.name).toBe(connection.name.replace(/Connection$/, 'Edge'));
      if (!isObjectType(edge)) throw new Error(`${connection.name} has edges that are no objects`);
      expect(fieldTypeName(edge, 'cursor'), edge.name).toBe('String!');
      expect(edge.getFields()['node'], edge.name).toBeDefined();
    }
  });

  it('lets every connection take a page size and a cursor', () => {
    for (const type of objectTypes)
      for (const field of Object.values(type.getFields())) {
        if (!getNamedType(field.type).name.endsWith('Connection')) continue;
        const argumentsByName = Object.fromEntries(field.args.map(({ name, type: of }) => [name, String(of)]));
        expect(argumentsByName, `${type.name}.${field.name}`).toMatchObject({ first: 'Int', after: 'String' });
      }
  });

  it('compiles the operations of a client without errors', async () => {
    const { exitCode, output, artifacts } = await compileWithRelay(printedSchema, orgChart);

    expect(exitCode, output).toBe(0);
    expect(artifacts).toEqual([
      'OrgChartNodeQuery.graphql.ts',
      'OrgChartQuery.graphql.ts',
      'OrgChartSitePaginationQuery.graphql.ts',
      'OrgChartSitesPaginationQuery.graphql.ts',
      'OrgChartSubtreePaginationQuery.graphql.ts',
      'OrgChartUnitPaginationQuery.graphql.ts',
      'OrgChart_formerChildren.graphql.ts',
      'OrgChart_label.graphql.ts',
      'OrgChart_site.graphql.ts',
      'OrgChart_sites.graphql.ts',
      'OrgChart_subtree.graphql.ts',
      'OrgChart_unit.graphql.ts',
    ]);
  });

  it('refuses an operation that selects an unknown field', async () => {
    const { exitCode, output } = await compileWithRelay(printedSchema, orgChart.replace('hasChildren', 'hasOffspring'));

    expect(exitCode).toBeGreaterThan(0);
    expect(output).toContain('hasOffspring');
  });

  it('refuses a schema with a connection that cannot be paged', async () => {
    const { exitCode, output } = await compileWithRelay(
      printedSchema.replaceAll('  endCursor: String\n', ''),
      orgChart,
    );

    expect(exitCode).toBeGreaterThan(0);
    expect(output).toContain('endCursor');
  });
});
