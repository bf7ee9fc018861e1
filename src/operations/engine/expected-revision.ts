import type { CommonInput, MappingNodeKey } from '../../domain/plan/change-input.ts';
import type { Issues } from '../../domain/plan/issues.ts';
import {
  expectedRevisionAhead,
  nodeChangedSince,
  siteChangedSince,
  unitChangedSince,
} from '../../domain/plan/messages/changes.ts';
import { collectReshIds } from '../../store/change/change-start.ts';
import { readNewestMappingNodeChange } from '../../store/change/mapping-nodes.ts';
import { readNewestSiteChange } from '../../store/change/treatment-sites.ts';
import { readNewestUnitChange } from '../../store/change/units.ts';
import type { PlanContext } from './plan-context.ts';

const FIELD = 'expectedRevision';

/**
 * Adds an error if a unit that an input names has changed since the expected revision; a new path alone is not a
 * change.
 */
export async function checkExpectedRevision(
  issues: Issues,
  { tx, revision, unitOfWork }: Pick<PlanContext, 'tx' | 'revision' | 'unitOfWork'>,
  input: CommonInput & object,
): Promise<void> {
  const expected = input.expectedRevision;
  if (typeof expected !== 'number') return;
  const newest = revision - 1;
  if (expected > newest) {
    issues.add(FIELD, expectedRevisionAhead({ expected, newest }));
    return;
  }
  await checkUnits(issues, { tx, revision, unitOfWork }, collectReshIds(input), expected);
}

/** Adds an error if a unit that the input does not name has changed since the expected revision. */
export async function checkExpectedUnits(
  { tx, revision, issues, unitOfWork }: PlanContext,
  reshIds: readonly number[],
  expected: CommonInput['expectedRevision'],
): Promise<void> {
  if (typeof expected === 'number' && expected < revision)
    await checkUnits(issues, { tx, revision, unitOfWork }, reshIds, expected);
}

async function checkUnits(
  issues: Issues,
  { tx, revision, unitOfWork }: Pick<PlanContext, 'tx' | 'revision' | 'unitOfWork'>,
  reshIds: readonly number[],
  expected: number,
): Promise<void> {
  const change = await readNewestUnitChange(tx, reshIds, expected);
  if (!change) return;
  const { reshId } = change;
  await unitOfWork.load([reshId]);
  const unit = { reshId, versions: unitOfWork.draft.unit(reshId)?.versions };
  const values = { unit, expected, changedIn: change.revision, newest: revision - 1 };
  issues.add(FIELD, unitChangedSince(values));
}

/** Adds an error if a node of another system's tree has changed since the expected revision. */
export async function checkExpectedNodeRevision(
  { tx, revision, issues }: PlanContext,
  node: MappingNodeKey,
  expected: CommonInput['expectedRevision'],
): Promise<void> {
  if (typeof expected !== 'number') return;
  const changedIn = await readNewestMappingNodeChange(tx, node);
  if (changedIn === undefined || changedIn <= expected) return;
  issues.add(FIELD, nodeChangedSince({ node, expected, changedIn, newest: revision - 1 }));
}

/** Adds an error if a treatment site has changed since the expected revision. */
export async function checkExpectedSiteRevision(
  { tx, revision, issues }: PlanContext,
  organizationNumber: string,
  expected: CommonInput['expectedRevision'],
): Promise<void> {
  if (typeof expected !== 'number') return;
  const changedIn = await readNewestSiteChange(tx, organizationNumber);
  if (changedIn === undefined || changedIn <= expected) return;
  issues.add(FIELD, siteChangedSince({ organizationNumber, expected, changedIn, newest: revision - 1 }));
}
