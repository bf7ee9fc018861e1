import DataLoader from 'dataloader';
import { defaultOrder, type UnitFilter, type UnitOrder } from '../../domain/unit/filter.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { createSqlClient } from '../database/prisma-sql-client.ts';
import * as changesOfUnits from '../feed/changes-of-units.ts';
import { readChanges } from '../feed/changes.ts';
import * as crossings from '../feed/crossings.ts';
import * as unitChanges from '../feed/unit-changes.ts';
import * as codes from './codes.ts';
import { readExistingReshIds } from './existing-resh-ids.ts';
import { readUnknownFilterValues } from './filter-values.ts';
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
  const sqlClient = createSqlClient(prisma);
  return {
    changeByRevision: new DataLoader((revisions: readonly number[]) => readChanges(prisma, revisions)),
    unitChangesByRevision: createLoader(sqlClient, unitChanges.readUnitChangesByRevision),
    unitChangeCountByRevision: createLoader(sqlClient, unitChanges.countUnitChangesByRevision),
    crossingsByRevision: createLoader(sqlClient, crossings.readCrossings),
    crossingCountByRevision: createLoader(sqlClient, crossings.countCrossings),
    changesByReshId: createLoader(sqlClient, changesOfUnits.readChangesOfUnits),
    changeCountByReshId: createLoader(sqlClient, changesOfUnits.countChangesOfUnits),

    unitByReshId: createLoader(prisma, units.readUnits),
    timelineByReshId: createLoader(prisma, units.readTimelines),
    historyByReshId: createLoader(prisma, units.readHistories),
    isRegisteredByReshId: createLoader(prisma, units.readRegistered),
    unitByOrganizationNumber: createLoader(prisma, units.readUnitsByOrganizationNumber),
    unitByIdentifier: createLoader(prisma, units.readUnitsByIdentifier),

    unknownValuesByFilter: createLoader(prisma, readUnknownFilterValues),

    existingReshIdsByCandidates: createLoader(prisma, readExistingReshIds),
    successorsByReshId: createLoader(prisma, successions.readSuccessors),
    predecessorsByReshId: createLoader(prisma, successions.readPredecessors),
    successionNetworkByReshId: createLoader(prisma, successions.readSuccessionNetworks),

    childrenByReshId: createVariantLoader(
      ({ filter, orderBy }: Ordered<hierarchy.ChildrenPageKey>) => [filter, orderBy],
      (keys) => hierarchy.readChildren(prisma, keys, keys[0]?.filter, keys[0]?.orderBy ?? defaultOrder),
    ),
    childCountByReshId: createVariantLoader(
      ({ filter }: Filtered<units.UnitSnapshotKey>) => filter,
      (keys) => hierarchy.countChildren(prisma, keys, keys[0]?.filter),
    ),
    formerChildrenByReshId: createLoader(prisma, hierarchy.readFormerChildren),
    formerChildCountByReshId: createLoader(prisma, hierarchy.countFormerChildren),
    descendantsByPath: createVariantLoader(
      ({ filter }: Filtered<hierarchy.DescendantsPageKey>) => filter,
      (keys) => hierarchy.readDescendants(prisma, keys, keys[0]?.filter),
    ),
    descendantCountByPath: createVariantLoader(
      ({ filter }: Filtered<hierarchy.SubtreeKey>) => filter,
      (keys) => hierarchy.countDescendants(prisma, keys, keys[0]?.filter),
    ),

    codeByKey: createLoader(prisma, codes.readCodes),
    codesBySet: createLoader(prisma, codes.readCodesOfSets),
    unitCodesByReshId: createLoader(prisma, codes.readUnitCodes),
    codeCountsByPath: createVariantLoader(
      ({ codeSets }: hierarchy.SubtreeKey & { readonly codeSets: readonly number[] }) => codeSets,
      (keys) => codes.readCodeCounts(prisma, keys, keys[0]?.codeSets ?? []),
    ),

    treatmentSiteByNumber: createLoader(prisma, sites.readTreatmentSites),
    treatmentSiteNumbersByPath: createLoader(prisma, sites.readSubtreeSites),
    treatmentSiteCountByPath: createLoader(prisma, sites.countSubtreeSites),
    unitsByTreatmentSite: createLoader(prisma, sites.readSiteUnits),
    unitCountByTreatmentSite: createLoader(prisma, sites.countSiteUnits),

    identifiersByReshId: createLoader(prisma, details.readIdentifiers),
    internationalNamesByReshId: createLoader(prisma, details.readInternationalNames),
    addressesByPath: createLoader(prisma, details.readAddressesOnPath),
    contactPointsByPath: createLoader(prisma, details.readContactPointsOnPath),

    mappingNodesBySystem: createLoader(prisma, mappings.readMappingTrees),
    mappingNodeById: createLoader(prisma, mappings.readMappingNodes),
    mappingNodesByParent: createLoader(prisma, mappings.readMappingNodeChildren),
    mappingNodesByReshId: createLoader(prisma, mappings.readMappingNodesOfUnits),

    grantsBySubject: createLoader(prisma, grants.readGrants),
    administratorBySubject: createLoader(prisma, grants.readAdministrators),
    administratorsOfUnit: createLoader(prisma, grants.readAdministratorsOfUnits),
  };
}

/** Creates a loader that reads all keys of a tick with one call of `read`, and each key once. */
function createLoader<Client, Key extends object, Value>(
  client: Client,
  read: (client: Client, keys: readonly Key[]) => Promise<Value[]>,
) {
  return new DataLoader<Key, Value, string>((keys) => read(client, keys), { cacheKeyFn: toCacheKey });
}

function toCacheKey(key: object): string {
  return JSON.stringify(key);
}

/** Creates a loader for keys with parts that change the statement itself, with one call of `read` for each variant. */
function createVariantLoader<Key extends object, Value>(
  getVariant: (key: Key) => unknown,
  read: (keys: readonly Key[]) => Promise<Value[]>,
) {
  const readVariants = async (keys: readonly Key[]): Promise<Value[]> => {
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
  };
  return new DataLoader<Key, Value, string>(readVariants, { cacheKeyFn: toCacheKey });
}
