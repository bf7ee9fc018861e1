import type { Role } from '../domain/plan/change-input.ts';
import type { UnitAlteration } from '../domain/plan/undo/alteration.ts';
import type { Day } from '../domain/time/day.ts';
import { collectRevokeRequirements, requireScopeOverMappedUnits } from './change-requirements.ts';
import {
  assigningSpecialistDesignation,
  changingRootUnit,
  changingUnitType,
  forUnit,
  grantingRole,
  undoingChangeWithoutUnits,
} from './messages.ts';
import {
  requireOperator,
  requireRegistrar,
  requireScopeOverParents,
  requireScopeOverPerson,
  requireScopeOverUnit,
  requireScopeOverUnitOrSpecialist,
} from './requirements.ts';
import { requireScopeOverLegalEntities } from './site-requirements.ts';
import type { ScopeReader } from './scope-reader.ts';
import type { Grant, Requirement } from './scope.ts';

/** What a change altered that decides who may undo it. */
export interface UndoneAlterations {
  readonly units: readonly UnitAlteration[];
  /** RESH-ids that its mapping nodes point at, before and after the change; null for none */
  readonly mappedReshIds: readonly (number | null)[];
  /** RESH-ids of the legal entities of its treatment sites, before and after the change; null for none */
  readonly legalEntityReshIds: readonly (number | null)[];
  readonly grantsAdded: readonly UndoneGrant[];
  readonly grantsEnded: readonly UndoneGrant[];
  /** Persons that get a former name, with their grants from today on */
  readonly persons: readonly { readonly subject: string; readonly held: readonly Grant[] }[];
  /** Day on which the grants that it added end */
  readonly accessDay: Day;
}

interface UndoneGrant {
  readonly subject: string;
  readonly role: Role;
  readonly reshId: number | null;
}

/**
 * Collects what undoing a change requires: what making it in reverse would require. A change that altered nothing of
 * this requires the operator; otherwise anyone with a grant could record undos of it.
 */
export async function collectUndoRequirements(
  { units, mappedReshIds, legalEntityReshIds, grantsAdded, grantsEnded, persons, accessDay }: UndoneAlterations,
  reader: ScopeReader,
): Promise<Requirement[]> {
  const requirements = await Promise.all([
    ...units.map((unit) => collectUnitRequirements(unit, reader)),
    requireScopeOverMappedUnits(
      mappedReshIds.map((reshId) => ({ reshId })),
      reader,
    ),
    requireScopeOverLegalEntities(legalEntityReshIds, reader),
    ...grantsAdded.map((grant) => collectRevokeRequirements({ ...grant, effectiveOn: accessDay }, reader)),
    ...grantsEnded.map(async ({ role, reshId }): Promise<Requirement[]> =>
      reshId === null ? [requireOperator(grantingRole({ role }))] : requireScopeOverUnit(reshId, reader),
    ),
    ...persons.map(({ subject, held }) => requireScopeOverPerson(subject, held, reader)),
  ]);
  const required = requirements.flat();
  return required.length > 0 ? required : [requireOperator(undoingChangeWithoutUnits())];
}

async function collectUnitRequirements(alteration: UnitAlteration, reader: ScopeReader): Promise<Requirement[]> {
  const { reshId, name, placementPeriod, parents, altersType, regainsSpecialistDesignation } = alteration;
  const isWithdrawn = (await reader.readTimeline(reshId)).length === 0;
  return [
    ...(await requireScopeOverUnitOrSpecialist(reshId, reader)),
    ...(placementPeriod && !isWithdrawn ? await requireScopeOverParents(reshId, reader, placementPeriod, parents) : []),
    ...(isWithdrawn ? await requireScopeToRestore(alteration, reader) : []),
    ...(altersType ? [requireOperator(changingUnitType({ unit: { reshId, name } }))] : []),
    ...(regainsSpecialistDesignation ? [requireRegistrar(assigningSpecialistDesignation())] : []),
  ];
}

/** Requires scope over the former parents of a withdrawn unit, which has no parent today. */
async function requireScopeToRestore(
  { reshId, name, parents, wasSpecialist }: UnitAlteration,
  reader: ScopeReader,
): Promise<Requirement[]> {
  const unit = { reshId, name };
  const requirements = parents.map(async (parent): Promise<Requirement[]> => {
    if (parent === null) return [requireOperator(changingRootUnit({ unit }))];
    const scope = await requireScopeOverUnit(parent, reader, ({ path }) => wasSpecialist && path.length === 1);
    return scope.map((requirement) => ({ ...requirement, purpose: forUnit({ unit }) }));
  });
  return (await Promise.all(requirements)).flat();
}
