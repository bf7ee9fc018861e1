import type { Tree, TreeUnit } from '../reading/generate-tree.ts';
import { median } from '../reading/measure.ts';
import type { StartedServer } from '../reading/servers.ts';
import type { Editor } from './editor.ts';
import { measureMs } from './measure-ms.ts';

const MOVED_UNITS = 500;
/** There and back, after one of each. */
const MOVES = 6;

const mutation = `mutation Move($input: MoveUnitInput!) {
  moveUnit(input: $input) { change { revision } unit { reshId } userErrors { message } }
}`;

/**
 * Measures moves of the department with the closest to 500 units to another region and back; returns the median time
 * of a move of 500 units, in milliseconds.
 */
export async function measureMove(server: StartedServer, { units }: Tree, editor: Editor): Promise<number> {
  const department = findDepartment(units);
  const region = findRoot(department);
  const otherRegion = units.find((unit) => !unit.parent && unit !== region);
  const times: number[] = [];
  for (let turn = -2; turn < MOVES; turn += 1) {
    const newParent = turn % 2 === 0 ? otherRegion : department.parent;
    const input = { reshId: department.id, newParentReshId: newParent?.id };
    const time = await measureMs(() => editor.change(server, mutation, { input }));
    if (turn >= 0) times.push(time);
  }
  return (median(times) * MOVED_UNITS) / department.size;
}

function findDepartment(units: readonly TreeUnit[]): TreeUnit {
  const [closest] = units
    .filter(({ depth }) => depth >= 3)
    .sort((one, other) => Math.abs(one.size - MOVED_UNITS) - Math.abs(other.size - MOVED_UNITS));
  if (!closest) throw new Error('The register has no departments.');
  return closest;
}

function findRoot(unit: TreeUnit): TreeUnit {
  return unit.parent ? findRoot(unit.parent) : unit;
}
