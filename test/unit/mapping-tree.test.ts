import { expect, it } from 'vitest';
import { MappingTree } from '../../src/schema/kit/mapping-tree.ts';
import type { MappingNodeRow } from '../../src/store/read/mapping-nodes.ts';

function node(nodeId: string, parentNodeId: string | null): MappingNodeRow {
  return { systemId: 's', nodeId, name: nodeId, parentNodeId, reshId: null, from: '2020-01-01', to: null };
}

it('the tree of another system has the nodes under each node, at any level, in their order', () => {
  const nodes = [node('d', 'b'), node('a', null), node('c', 'a'), node('b', 'a'), node('other', null), node('e', 'd')];
  const tree = new MappingTree(nodes);
  const idsOf = (rows: readonly MappingNodeRow[]) => rows.map(({ nodeId }) => nodeId);

  expect(idsOf(tree.roots())).toEqual(['a', 'other']);
  expect(idsOf(tree.descendantsOf('a'))).toEqual(['d', 'c', 'b', 'e']);
  expect(idsOf(tree.descendantsOf('b'))).toEqual(['d', 'e']);
  expect(tree.descendantsOf('other')).toEqual([]);
  expect(new MappingTree([]).roots()).toEqual([]);
});
