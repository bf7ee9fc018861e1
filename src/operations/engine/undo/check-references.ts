import { formerNumberTaken, formerSiteNotValid } from '../../../domain/plan/messages/undone-references.ts';
import { LaterChanges } from '../../../domain/plan/undo/later-revisions.ts';
import {
  findInvalidSites,
  findTakenNumbers,
  listRegainedNumbers,
  listRegainedSites,
  type TakenNumber,
} from '../../../domain/plan/undo/references.ts';
import type { Problem } from '../../../domain/plan/user-error.ts';
import { covers } from '../../../domain/time/period.ts';
import { readNumberHolders, readSitePeriods } from '../../../store/change/references.ts';
import { readPlacementHistory, readSupersededSites } from '../../../store/change/undone-change.ts';
import type { PlanContext } from '../plan-context.ts';
import type { UndoneSite } from './plan-sites.ts';
import type { UndoableUnit } from './undone-units.ts';

type ChangedUnits = ReadonlyMap<number, UndoableUnit>;

/**
 * Returns the problems of the organization numbers and treatment sites that units get back.
 *
 * @param sites treatment sites with the change taken back
 */
export async function checkReferences(
  planContext: PlanContext,
  changed: ChangedUnits,
  sites: readonly UndoneSite[],
  revision: number,
): Promise<Problem[]> {
  return [
    ...(await checkNumbers(planContext, changed, revision)),
    ...(await checkSites(planContext, changed, sites, revision)),
  ];
}

async function checkNumbers({ tx }: PlanContext, changed: ChangedUnits, revision: number): Promise<Problem[]> {
  const units = [...changed.values()];
  const numbers = units.flatMap(listRegainedNumbers).map(({ value }) => value);
  if (numbers.length === 0) return [];
  const holders = [
    ...(await readNumberHolders(tx, numbers)).filter(({ reshId }) => !changed.has(reshId)),
    ...units.flatMap(({ result: { reshId, versions } }) =>
      versions.flatMap(({ name, organizationNumber, from, to }) =>
        organizationNumber === null ? [] : [{ reshId, name, organizationNumber, from, to }],
      ),
    ),
  ];
  const taken = units.flatMap((unit) => findTakenNumbers(unit, holders).map((number) => ({ unit: unit.now, number })));
  if (taken.length === 0) return [];
  const holderIds = [...new Set(taken.map(({ number }) => number.holder.reshId))];
  const later = new LaterChanges(await readPlacementHistory(tx, holderIds, revision), revision);
  return taken.map(({ unit, number }) => {
    const { organizationNumber, holder, shared } = number;
    return formerNumberTaken({
      unit,
      organizationNumber,
      holder: { reshId: holder.reshId, name: holder.name },
      held: shared,
      revisions: findHolderRevisions(later, number),
    });
  });
}

function findHolderRevisions(later: LaterChanges, { holder, shared }: TakenNumber): number[] {
  const days = later.listDays([holder.reshId], [shared]).filter((day) => covers(shared, day));
  return later.find([holder.reshId], ['organizationNumber'], days);
}

async function checkSites(
  { tx }: PlanContext,
  changed: ChangedUnits,
  undoneSites: readonly UndoneSite[],
  revision: number,
): Promise<Problem[]> {
  const units = [...changed.values()];
  const numbers = units.flatMap(listRegainedSites).map(({ value }) => value);
  if (numbers.length === 0) return [];
  const undone = new Set(undoneSites.map(({ organizationNumber }) => organizationNumber));
  const stored = await readSitePeriods(tx, numbers);
  const sites = [
    ...stored.filter(({ organizationNumber }) => !undone.has(organizationNumber)),
    ...undoneSites.flatMap(({ result }) => result),
  ];
  const invalid = units.flatMap((unit) => findInvalidSites(unit, sites).map((site) => ({ unit: unit.now, site })));
  if (invalid.length === 0) return [];
  const superseded = await readSupersededSites(
    tx,
    invalid.map(({ site }) => site),
    revision,
  );
  return invalid.map(({ unit, site }) => {
    const changes = superseded.filter(
      ({ organizationNumber, day }) => organizationNumber === site.organizationNumber && day === site.day,
    );
    return formerSiteNotValid({ unit, ...site, revisions: changes.map((change) => change.revision) });
  });
}
