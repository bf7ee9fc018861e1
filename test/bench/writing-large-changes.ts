import type { ChangeResult } from '../../src/operations/engine/change-result.ts';
import type { OperationContext } from '../../src/operations/engine/run-change.ts';
import { mergeUnits } from '../../src/operations/merge-units.ts';
import { moveUnit } from '../../src/operations/move-unit.ts';
import type { Database } from '../../src/store/database/database.ts';
import { generateTrust } from '../support/registers/generated-trust.ts';

/** A change of many units that can be repeated. */
export interface LargeChange {
  readonly label: string;
  /** Number of rows that it adds; it supersedes as many */
  readonly rows: number;
  readonly make: () => Promise<void>;
}

// Unit n of the generated register has children 6n-4 to 6n+1: at 200,000 units, this subtree has 5,600 units.
const movedSubtree = { reshId: 26, units: 5_600, parents: [3, 5], registerUnits: 36 * 5_000 } as const;

const trustUnits = 2_000;

/**
 * Returns the moves of a subtree, back and forth between two parents; none if the subtree is not complete.
 *
 * @param units units of the generated register
 */
export function createMoves(context: OperationContext, units: number): LargeChange[] {
  if (units < movedSubtree.registerUnits) return [];
  const { reshId, parents } = movedSubtree;
  let moves = 0;
  const make = async () => {
    const newParentReshId = parents[moves % 2];
    moves += 1;
    const outcome = await moveUnit(context, { reshId, newParentReshId });
    assertCommitted(outcome);
    assertPathCount(outcome, movedSubtree.units - 1);
  };
  return [{ label: `move of ${movedSubtree.units.toLocaleString('en')} units`, rows: movedSubtree.units, make }];
}

/** Adds trusts to a register, and returns their mergers, dry run and committed; each can be made `rounds` times. */
export async function prepareMergers(
  database: Database,
  context: OperationContext,
  rounds: number,
): Promise<LargeChange[]> {
  const pairs: number[][] = [];
  for (let round = 0; round < rounds; round += 1)
    pairs.push([await generateTrust(database, trustUnits), await generateTrust(database, trustUnits)]);
  return [true, false].map((dryRun) => {
    const waiting = [...pairs];
    const make = async () => {
      const newTarget = { name: `Merged ${waiting.length}` };
      const outcome = await mergeUnits(context, { sourceReshIds: waiting.pop() ?? [], dryRun, newTarget });
      if (!dryRun) assertCommitted(outcome);
      // The top of a trust and its six children, which the plan moves, are not among the descendants.
      assertPathCount(outcome, 2 * (trustUnits - 1 - 6));
    };
    const label = `merge of two trusts of ${trustUnits.toLocaleString('en')} units${dryRun ? ', dry run' : ''}`;
    return { label, rows: 2 * trustUnits, make };
  });
}

/** @throws Error if the change has errors */
export function assertCommitted(outcome: ChangeResult): void {
  if (outcome.revision === null) throw new Error(`A change was refused: ${JSON.stringify(outcome.userErrors)}`);
}

function assertPathCount({ impact }: ChangeResult, expected: number): void {
  if (impact?.pathCount !== expected) throw new Error('Other units were moved.');
}
