import type { Context } from '../../context.ts';
import type { PlannedUnits } from '../../domain/plan/impact.ts';
import type { Day } from '../../domain/time/day.ts';
import { covers } from '../../domain/time/period.ts';
import { normalizeLine } from '../../domain/text/text-rule.ts';
import type { FieldChange } from '../../domain/unit/field-values.ts';
import type { CodeKey } from '../../domain/unit/filter.ts';
import type { Change as ChangeRow } from '../../generated/prisma/client.js';
import type { MappingNodeRow } from '../../store/read/mapping-nodes.ts';
import { treeOf, type MappingTree } from './mapping-tree.ts';
import type {
  CodeAtSnapshot,
  FieldChangeAtSnapshots,
  GrantHolder,
  MappingNodeAtSnapshot,
  PlannedUnitShape,
  TreatmentSiteAtSnapshot,
  UnitCodeAtSnapshot,
  UnitStateShape,
  ValueView,
} from './refs.ts';
import { atSnapshot, relatedView, unitKey, type UnitAtSnapshot, type View } from './view.ts';

/** Loads units on a view's day, in the order of the ids; undefined for a unit that is not valid on that day. */
export async function loadUnits(
  { loaders }: Context,
  reshIds: readonly number[],
  view: View,
): Promise<(UnitAtSnapshot | undefined)[]> {
  const rows = await Promise.all(
    reshIds.map((reshId) => loaders.unitByReshId.load({ reshId, revision: view.revision, day: view.day })),
  );
  return rows.map((row) => row && atSnapshot(row, view));
}

/**
 * Loads the units above a unit, root first. The unit's own version has all their RESH-ids.
 *
 * @throws if one of them is not valid on the unit's day, because the stored path is wrong
 */
export async function loadAncestors(unit: UnitAtSnapshot, context: Context): Promise<UnitAtSnapshot[]> {
  return assertAllLoaded(await loadUnits(context, unit.row.path.slice(0, -1), relatedView(unit)), unit);
}

function assertAllLoaded(units: readonly (UnitAtSnapshot | undefined)[], descendant: UnitAtSnapshot): UnitAtSnapshot[] {
  return units.map((unit, index) => {
    if (unit) return unit;
    const { path, reshId } = descendant.row;
    throw new Error(`Unit ${reshId} has ${path[index]} on its path, which is not valid on ${descendant.seenOn}.`);
  });
}

/** Loads the state of a unit on the day `seenOn`, to be shown from a view; null if it is not valid on that day. */
export async function loadUnitSeenOn(
  context: Context,
  reshId: number,
  view: View,
  seenOn: Day,
): Promise<UnitAtSnapshot | null> {
  context.countObjects(1);
  const row = await context.loaders.unitByReshId.load({ reshId, revision: view.revision, day: seenOn });
  return row ? { row, view, seenOn } : null;
}

/**
 * Loads a unit on a view's day as a dry run would leave it, or as the register has it if the dry run does not change it
 * or there is none; null if it is not valid on the day.
 */
export async function loadUnitState(
  context: Context,
  reshId: number,
  { view, planned }: ValueView,
): Promise<UnitStateShape | null> {
  return planned?.states.has(reshId)
    ? showPlannedUnit(context, reshId, planned, view.day)
    : loadUnitSeenOn(context, reshId, view, view.day);
}

/** Shows a unit that a dry run would change, as it would leave it on a day; null if it is not valid on the day. */
export function showPlannedUnit(
  context: Context,
  reshId: number,
  planned: PlannedUnits,
  day: Day,
): PlannedUnitShape | null {
  context.countObjects(1);
  const versions = planned.states.get(reshId)?.versions ?? [];
  const row = versions.find((version) => covers(version, day));
  return row ? { row: { ...row, reshId }, versions, seenOn: day, planned } : null;
}

/** Shows the fields of a change or a difference, each with its values from views of their own. */
export function showFieldChanges<Change extends FieldChange>(
  fields: readonly Change[],
  findViews: (change: Change) => { readonly before: ValueView; readonly after: ValueView },
): FieldChangeAtSnapshots[] {
  return fields.map((change) => {
    const { field, before, after } = change;
    const views = findViews(change);
    return {
      field,
      before: before && { ...views.before, content: before },
      after: after && { ...views.after, content: after },
    };
  });
}

/** Loads the codes of a unit on its day, by set and code. */
export async function loadUnitCodes(unit: UnitAtSnapshot, context: Context): Promise<UnitCodeAtSnapshot[]> {
  const codes = await context.loaders.unitCodesByReshId.load(unitKey(unit));
  context.countObjects(codes.length);
  const view = relatedView(unit);
  return codes.map((row) => ({ row, view }));
}

/** Loads codes on a view's day, and leaves out those the register does not know. */
export async function loadCodes(
  { loaders, countObjects }: Context,
  keys: readonly CodeKey[],
  view: View,
): Promise<CodeAtSnapshot[]> {
  countObjects(keys.length);
  const rows = await Promise.all(
    keys.map(({ codeSet, code }) => loaders.codeByKey.load({ codeSet, code, revision: view.revision, day: view.day })),
  );
  return rows.flatMap((row) => (row ? [{ row, view }] : []));
}

/** Loads treatment sites on a view's day, in the order of the numbers; undefined for an unknown one. */
export async function loadTreatmentSites(
  { loaders }: Context,
  numbers: readonly string[],
  view: View,
): Promise<(TreatmentSiteAtSnapshot | undefined)[]> {
  const sites = await Promise.all(
    numbers.map((organizationNumber) =>
      loaders.treatmentSiteByNumber.load({ organizationNumber, revision: view.revision, day: view.day }),
    ),
  );
  return sites.map((site) => site && { site, view });
}

/**
 * Loads the nodes at the top of another system's tree on a view's day. A system without nodes under the id as it is
 * written is looked up as the register would hold the id.
 */
export async function loadMappingRoots(
  context: Context,
  systemId: string,
  view: View,
): Promise<MappingNodeAtSnapshot[]> {
  const roots = (await loadMappingTree(context, systemId, view)).roots();
  const heldId = normalizeLine(systemId);
  if (roots.length === 0 && heldId !== systemId) return loadMappingRoots(context, heldId, view);
  return nodesAtSnapshot(roots, view, context);
}

/** Loads the nodes under a node, at any level, by name in Norwegian order, then node id. */
export async function loadMappingDescendants(
  context: Context,
  { node: { systemId, nodeId }, view }: MappingNodeAtSnapshot,
): Promise<MappingNodeAtSnapshot[]> {
  return nodesAtSnapshot((await loadMappingTree(context, systemId, view)).descendantsOf(nodeId), view, context);
}

async function loadMappingTree({ loaders }: Context, systemId: string, view: View): Promise<MappingTree> {
  const { revision, day } = view;
  return treeOf(await loaders.mappingNodesBySystem.load({ systemId, revision, day }));
}

/** Shows the nodes of a list from a view, and counts them. */
export function nodesAtSnapshot(
  nodes: readonly MappingNodeRow[],
  view: View,
  { countObjects }: Context,
): MappingNodeAtSnapshot[] {
  countObjects(nodes.length);
  return nodes.map((node) => ({ node, view }));
}

/** Loads a node of another system's tree on a view's day; null if it does not exist on that day. */
export async function loadMappingNode(
  { loaders }: Context,
  systemId: string,
  nodeId: string,
  view: View,
): Promise<MappingNodeAtSnapshot | null> {
  const node = await loaders.mappingNodeById.load({ systemId, nodeId, revision: view.revision, day: view.day });
  return node ? { node, view } : null;
}

/**
 * Loads a committed change.
 *
 * @throws if the ledger has no entry for the revision, because it is broken
 */
export async function loadChange(revision: number, { loaders }: Context): Promise<ChangeRow> {
  const change = await loaders.changeByRevision.load(revision);
  if (!change) throw new Error(`Revision ${revision} is named by a row but has no ledger entry.`);
  return change;
}

/** Loads the name and e-mail address of a grant holder, as known now; the subject if no name is known. */
export async function loadGrantHolder(
  { loaders, currentSnapshot }: Context,
  { subject, reshId }: Pick<GrantHolder, 'subject' | 'reshId'>,
): Promise<GrantHolder> {
  const known = await loaders.administratorBySubject.load({ subject, ...(await currentSnapshot()) });
  return { subject, name: known?.name ?? subject, email: known?.email ?? null, reshId };
}
