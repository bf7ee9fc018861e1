import DataLoader from 'dataloader';
import { defaultOrder, type UnitFilter, type UnitOrder } from '../../domain/unit/filter.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { createSqlClient } from '../database/prisma-sql-client.ts';
import * as changesOfUnits from '../feed/changes-of-units.ts';
import { readChanges } from '../feed/changes.ts';
import * as unitChanges from '../feed/unit-changes.ts';
import type { UnitRevisionKey } from '../sql/unit-row.ts';
import * as codes from './codes.ts';
import { readExistingReshIds, type ReshIdCandidatesKey } from './existing-resh-ids.ts';
import * as grants from './grants.ts';
import * as hierarchy from './hierarchy.ts';
import * as mappings from './mapping-nodes.ts';
import * as successions from './successions.ts';
import * as sites from './treatment-sites.ts';
import * as details from './unit-details.ts';
import * as units from './units.ts';

type Filtered<Key> = Key & { readonly filter?: UnitFilter | undefined };
type Ordered<Key> = Filtered<Key> & { readonly orderBy?: UnitOrder | undefined };

export type Loaders = ReturnType<typeof createLoaders>;

/**
 * Creates the loaders of one request. Each name says what is loaded by which key. All keys have a revision, and all
 * except those of histories a day.
 */
export function createLoaders(prisma: PrismaClient) {
  return {
    changeByRevision: new DataLoader((revisions: readonly number[]) => readChanges(prisma, revisions)),
    unitChangesByRevision: createLoader((keys: readonly unitChanges.UnitChangesKey[]) =>
      unitChanges.readUnitChangesByRevision(createSqlClient(prisma), keys),
    ),
    unitChangeCountByRevision: new DataLoader((revisions: readonly number[]) =>
      unitChanges.countUnitChangesByRevision(createSqlClient(prisma), revisions),
    ),
    changesByReshId: createLoader((keys: readonly changesOfUnits.ChangesOfUnitKey[]) =>
      changesOfUnits.readChangesOfUnits(createSqlClient(prisma), keys),
    ),
    changeCountByReshId: createLoader((keys: readonly UnitRevisionKey[]) =>
      changesOfUnits.countChangesOfUnits(createSqlClient(prisma), keys),
    ),

    unitByReshId: createLoader((keys: readonly units.UnitSnapshotKey[]) => units.readUnits(prisma, keys)),
    timelineByReshId: createLoader((keys: readonly UnitRevisionKey[]) => units.readTimelines(prisma, keys)),
    historyByReshId: createLoader((keys: readonly UnitRevisionKey[]) => units.readHistories(prisma, keys)),
    isRegisteredByReshId: createLoader((keys: readonly UnitRevisionKey[]) => units.readRegistered(prisma, keys)),
    unitByOrganizationNumber: createLoader((keys: readonly sites.TreatmentSiteKey[]) =>
      units.readUnitsByOrganizationNumber(prisma, keys),
    ),
    unitByIdentifier: createLoader((keys: Parameters<typeof units.readUnitsByIdentifier>[1]) =>
      units.readUnitsByIdentifier(prisma, keys),
    ),

    existingReshIdsByCandidates: createLoader((keys: readonly ReshIdCandidatesKey[]) =>
      readExistingReshIds(prisma, keys),
    ),
    successorsByReshId: createLoader((keys: readonly successions.SuccessionsKey[]) =>
      successions.readSuccessors(prisma, keys),
    ),
    predecessorsByReshId: createLoader((keys: readonly successions.SuccessionsKey[]) =>
      successions.readPredecessors(prisma, keys),
    ),

    childrenByReshId: createVariantLoader(
      ({ filter, orderBy }: Ordered<hierarchy.ChildrenPageKey>) => [filter, orderBy],
      (keys) => hierarchy.readChildren(prisma, keys, keys[0]?.filter, keys[0]?.orderBy ?? defaultOrder),
    ),
    childCountByReshId: createVariantLoader(
      ({ filter }: Filtered<units.UnitSnapshotKey>) => filter,
      (keys) => hierarchy.countChildren(prisma, keys, keys[0]?.filter),
    ),
    formerChildrenByReshId: createLoader((keys: readonly hierarchy.FormerChildrenPageKey[]) =>
      hierarchy.readFormerChildren(prisma, keys),
    ),
    formerChildCountByReshId: createLoader((keys: readonly units.UnitSnapshotKey[]) =>
      hierarchy.countFormerChildren(prisma, keys),
    ),
    descendantsByPath: createVariantLoader(
      ({ filter }: Filtered<hierarchy.DescendantsPageKey>) => filter,
      (keys) => hierarchy.readDescendants(prisma, keys, keys[0]?.filter),
    ),
    descendantCountByPath: createVariantLoader(
      ({ filter }: Filtered<hierarchy.SubtreeKey>) => filter,
      (keys) => hierarchy.countDescendants(prisma, keys, keys[0]?.filter),
    ),

    codeByKey: createLoader((keys: readonly codes.CodeSnapshotKey[]) => codes.readCodes(prisma, keys)),
    codesBySet: createLoader((keys: Parameters<typeof codes.readCodesOfSets>[1]) =>
      codes.readCodesOfSets(prisma, keys),
    ),
    unitCodesByReshId: createLoader((keys: readonly units.UnitSnapshotKey[]) => codes.readUnitCodes(prisma, keys)),
    codeCountsByPath: createVariantLoader(
      ({ codeSets }: hierarchy.SubtreeKey & { readonly codeSets: readonly number[] }) => codeSets,
      (keys) => codes.readCodeCounts(prisma, keys, keys[0]?.codeSets ?? []),
    ),

    treatmentSiteByNumber: createLoader((keys: readonly sites.TreatmentSiteKey[]) =>
      sites.readTreatmentSites(prisma, keys),
    ),
    treatmentSiteNumbersByPath: createLoader((keys: readonly sites.SubtreeSitesPageKey[]) =>
      sites.readSubtreeSites(prisma, keys),
    ),
    treatmentSiteCountByPath: createLoader((keys: readonly hierarchy.SubtreeKey[]) =>
      sites.countSubtreeSites(prisma, keys),
    ),
    unitsByTreatmentSite: createLoader((keys: readonly sites.SiteUnitsPageKey[]) => sites.readSiteUnits(prisma, keys)),
    unitCountByTreatmentSite: createLoader((keys: readonly sites.TreatmentSiteKey[]) =>
      sites.countSiteUnits(prisma, keys),
    ),

    identifiersByReshId: createLoader((keys: readonly units.UnitSnapshotKey[]) =>
      details.readIdentifiers(prisma, keys),
    ),
    internationalNamesByReshId: createLoader((keys: readonly units.UnitSnapshotKey[]) =>
      details.readInternationalNames(prisma, keys),
    ),
    addressesByPath: createLoader((keys: readonly details.PathKey[]) => details.readAddressesOnPath(prisma, keys)),
    contactPointsByPath: createLoader((keys: readonly details.PathKey[]) =>
      details.readContactPointsOnPath(prisma, keys),
    ),

    mappingNodesBySystem: createLoader((keys: readonly mappings.MappingKey[]) =>
      mappings.readMappingTrees(prisma, keys),
    ),
    mappingNodeById: createLoader((keys: readonly mappings.MappingNodeKey[]) =>
      mappings.readMappingNodes(prisma, keys),
    ),
    mappingNodesByParent: createLoader((keys: readonly mappings.MappingNodeKey[]) =>
      mappings.readMappingNodeChildren(prisma, keys),
    ),
    mappingNodesByReshId: createLoader((keys: readonly units.UnitSnapshotKey[]) =>
      mappings.readMappingNodesOfUnits(prisma, keys),
    ),

    grantsBySubject: createLoader((keys: readonly grants.SubjectKey[]) => grants.readGrants(prisma, keys)),
    administratorBySubject: createLoader((keys: readonly grants.SubjectKey[]) =>
      grants.readAdministrators(prisma, keys),
    ),
    administratorsByPath: createLoader((keys: readonly grants.AdministeredPathKey[]) =>
      grants.readAdministratorsOnPath(prisma, keys),
    ),
  };
}

/** Creates a loader that reads all keys of a tick with one call of `read`, and each key once. */
function createLoader<Key extends object, Value>(read: (keys: readonly Key[]) => Promise<Value[]>) {
  return new DataLoader<Key, Value, string>(read, { cacheKeyFn: (key) => JSON.stringify(key) });
}

/** Creates a loader for keys with parts that change the statement itself, with one call of `read` for each variant. */
function createVariantLoader<Key extends object, Value>(
  getVariant: (key: Key) => unknown,
  read: (keys: readonly Key[]) => Promise<Value[]>,
) {
  return createLoader<Key, Value>(async (keys) => {
    const variants = new Map<string, Key[]>();
    for (const key of keys) {
      const variant = JSON.stringify(getVariant(key) ?? null);
      const variantKeys = variants.get(variant);
      if (variantKeys) variantKeys.push(key);
      else variants.set(variant, [key]);
    }
    const valueByKey = new Map<Key, Value>();
    await Promise.all(
      [...variants.values()].map(async (variantKeys) => {
        const values = await read(variantKeys);
        variantKeys.forEach((key, index) => valueByKey.set(key, values[index] as Value));
      }),
    );
    return keys.map((key) => valueByKey.get(key) as Value);
  });
}
