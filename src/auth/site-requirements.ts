import type { ChangeInputs } from '../domain/plan/change-input.ts';
import { findSiteTemplate } from '../domain/plan/treatment-sites/plan-site.ts';
import { overlap } from '../domain/time/period.ts';
import { findReferenceVersion } from '../domain/time/reference-version.ts';
import { changingSitesWithoutLegalEntity } from './messages.ts';
import { requireRegistrar, requireScopeOverUnitOrSpecialist } from './requirements.ts';
import type { ScopeReader, TimelineReader } from './scope-reader.ts';
import type { Requirement } from './scope.ts';

/** Requires scope over the legal entities of a treatment site today, from the day on, and with the change. */
export async function collectSiteRequirements(
  {
    organizationNumber,
    effectiveOn,
    legalEntityReshId,
  }: Pick<ChangeInputs['updateTreatmentSite'], 'organizationNumber' | 'effectiveOn' | 'legalEntityReshId'>,
  reader: ScopeReader,
): Promise<Requirement[]> {
  const day = effectiveOn ?? reader.today;
  const rows = await reader.readSite(organizationNumber);
  const altered = rows.filter((row) => overlap(row, { from: day, to: null }));
  // The plan reports an unknown site.
  const versions = [findReferenceVersion(rows, reader.today), findSiteTemplate(rows, day), ...altered];
  return [
    ...(await requireScopeOverLegalEntities(
      versions.flatMap((version) => (version ? [version.legalEntityReshId] : [])),
      reader,
    )),
    // The plan reports an unknown unit.
    ...(typeof legalEntityReshId === 'number' ? await requireScopeOverUnitOrSpecialist(legalEntityReshId, reader) : []),
    ...(legalEntityReshId === null ? [requireRegistrar(changingSitesWithoutLegalEntity())] : []),
  ];
}

/**
 * Requires scope over the legal entities of treatment sites. A site without one, or of a withdrawn unit, requires the
 * registrar; otherwise anyone could change it.
 */
export async function requireScopeOverLegalEntities(
  reshIds: readonly (number | null)[],
  reader: TimelineReader,
): Promise<Requirement[]> {
  const requirements = [...new Set(reshIds)].map(async (reshId): Promise<readonly Requirement[]> => {
    const unitRequirements = reshId === null ? [] : await requireScopeOverUnitOrSpecialist(reshId, reader);
    return unitRequirements.length > 0 ? unitRequirements : [requireRegistrar(changingSitesWithoutLegalEntity())];
  });
  return (await Promise.all(requirements)).flat();
}
