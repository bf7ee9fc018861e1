import DataLoader from 'dataloader';
import { defaultOrder, type UnitFilter, type UnitOrder } from '../../domain/unit/filter.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { queryOf } from '../database/prisma-client.ts';
import { readChanges } from '../feed/changes.ts';
import * as changesOfUnits from '../feed/changes-of-units.ts';
import * as codes from './codes.ts';
import * as grants from './grants.ts';
import * as details from './unit-details.ts';
import * as hierarchy from './hierarchy.ts';
import * as mappings from './mapping-nodes.ts';
import { readNearIds, type NearIds } from './near-ids.ts';
import * as successions from './successions.ts';
import * as sites from './treatment-sites.ts';
import * as unitChanges from '../feed/unit-changes.ts';
import * as units from './units.ts';

const byContent = (key: object): string => JSON.stringify(key);

/** A loader that asks for all keys of a tick in one statement and answers each key once. */
const loader = <Key extends object, Value>(read: (keys: readonly Key[]) => Promise<Value[]>) =>
  new DataLoader<Key, Value, string>(read, { cacheKeyFn: byContent });

/** The same, where keys differ in what the statement itself says: one statement for each way of saying it. */
const variedLoader = <Key extends object, Value>(
  variantOf: (key: Key) => unknown,
  read: (keys: readonly Key[]) => Promise<Value[]>,
) =>
  loader<Key, Value>(async (keys) => {
    const variants = new Map<string, Key[]>();
    for (const key of keys) {
      const variant = JSON.stringify(variantOf(key) ?? null);
      const alike = variants.get(variant);
      if (alike) alike.push(key);
      else variants.set(variant, [key]);
    }
    const answers = new Map<Key, Value>();
    await Promise.all(
      [...variants.values()].map(async (alike) => {
        const values = await read(alike);
        alike.forEach((key, place) => answers.set(key, values[place] as Value));
      }),
    );
    return keys.map((key) => answers.get(key) as Value);
  });

type Filtered<Key> = Key & { readonly filter?: UnitFilter | undefined };
type Ordered<Key> = Filtered<Key> & { readonly orderBy?: UnitOrder | undefined };

/** Fresh loaders for one request, each named for what it loads by what. Every key carries its revision and, but for histories, its day. */
export const createLoaders = (prisma: PrismaClient) => ({
  changeByRevision: new DataLoader((revisions: readonly number[]) => readChanges(prisma, revisions)),
  unitChangesByRevision: loader((keys: readonly unitChanges.UnitChangesOf[]) =>
    unitChanges.readUnitChangesOf(queryOf(prisma), keys),
  ),
  unitChangeCountByRevision: new DataLoader((revisions: readonly number[]) =>
    unitChanges.countUnitChangesOf(queryOf(prisma), revisions),
  ),
  changesByReshId: loader((keys: readonly changesOfUnits.ChangesOfUnit[]) =>
    changesOfUnits.readChangesOfUnits(queryOf(prisma), keys),
  ),
  changeCountByReshId: loader((keys: readonly units.UnitKnownAt[]) =>
    changesOfUnits.countChangesOfUnits(queryOf(prisma), keys),
  ),

  unitByReshId: loader((keys: readonly units.UnitAt[]) => units.readUnits(prisma, keys)),
  timelineByReshId: loader((keys: readonly units.UnitKnownAt[]) => units.readTimelines(prisma, keys)),
  historyByReshId: loader((keys: readonly units.UnitKnownAt[]) => units.readHistories(prisma, keys)),
  registeredByReshId: loader((keys: readonly units.UnitKnownAt[]) => units.readRegistered(prisma, keys)),
  unitByOrganizationNumber: loader((keys: readonly sites.TreatmentSiteAt[]) => units.readOrganizations(prisma, keys)),
  unitByIdentifier: loader((keys: Parameters<typeof units.readUnitsByIdentifier>[1]) =>
    units.readUnitsByIdentifier(prisma, keys),
  ),

  existingReshIdsNear: loader((keys: readonly NearIds[]) => readNearIds(prisma, keys)),
  successorsByReshId: loader((keys: readonly successions.SuccessionsOf[]) => successions.readSuccessors(prisma, keys)),
  predecessorsByReshId: loader((keys: readonly successions.SuccessionsOf[]) =>
    successions.readPredecessors(prisma, keys),
  ),

  childrenByReshId: variedLoader(
    ({ filter, orderBy }: Ordered<hierarchy.ChildrenAt>) => [filter, orderBy],
    (keys) => hierarchy.readChildren(prisma, keys, keys[0]?.filter, keys[0]?.orderBy ?? defaultOrder),
  ),
  childCountByReshId: variedLoader(
    ({ filter }: Filtered<units.UnitAt>) => filter,
    (keys) => hierarchy.countChildren(prisma, keys, keys[0]?.filter),
  ),
  formerChildrenByReshId: loader((keys: readonly hierarchy.FormerChildrenAt[]) =>
    hierarchy.readFormerChildren(prisma, keys),
  ),
  formerChildCountByReshId: loader((keys: readonly units.UnitAt[]) => hierarchy.countFormerChildren(prisma, keys)),
  descendantsByPath: variedLoader(
    ({ filter }: Filtered<hierarchy.DescendantsAt>) => filter,
    (keys) => hierarchy.readDescendants(prisma, keys, keys[0]?.filter),
  ),
  descendantCountByPath: variedLoader(
    ({ filter }: Filtered<hierarchy.SubtreeAt>) => filter,
    (keys) => hierarchy.countDescendants(prisma, keys, keys[0]?.filter),
  ),

  codeByKey: loader((keys: readonly codes.CodeAt[]) => codes.readCodes(prisma, keys)),
  codesBySet: loader((keys: Parameters<typeof codes.readCodesOfSets>[1]) => codes.readCodesOfSets(prisma, keys)),
  unitCodesByReshId: loader((keys: readonly units.UnitAt[]) => codes.readUnitCodes(prisma, keys)),
  codeCountsByPath: variedLoader(
    ({ codeSets }: hierarchy.SubtreeAt & { readonly codeSets: readonly number[] }) => codeSets,
    (keys) => codes.countCodes(prisma, keys, keys[0]?.codeSets ?? []),
  ),

  treatmentSiteByNumber: loader((keys: readonly sites.TreatmentSiteAt[]) => sites.readTreatmentSites(prisma, keys)),
  treatmentSiteNumbersByPath: loader((keys: readonly sites.SitesBeneathAt[]) => sites.readSitesBeneath(prisma, keys)),
  treatmentSiteCountByPath: loader((keys: readonly hierarchy.SubtreeAt[]) => sites.countSitesBeneath(prisma, keys)),
  unitsByTreatmentSite: loader((keys: readonly sites.SiteUnitsAt[]) => sites.readSiteUnits(prisma, keys)),
  unitCountByTreatmentSite: loader((keys: readonly sites.TreatmentSiteAt[]) => sites.countSiteUnits(prisma, keys)),

  identifiersByReshId: loader((keys: readonly units.UnitAt[]) => details.readIdentifiers(prisma, keys)),
  internationalNamesByReshId: loader((keys: readonly units.UnitAt[]) => details.readInternationalNames(prisma, keys)),
  addressesByPath: loader((keys: readonly details.PathAt[]) => details.readAddressesOnPath(prisma, keys)),
  contactPointsByPath: loader((keys: readonly details.PathAt[]) => details.readContactPointsOnPath(prisma, keys)),

  mappingNodesBySystem: loader((keys: readonly mappings.MappingAt[]) => mappings.readMappings(prisma, keys)),
  mappingNodeById: loader((keys: readonly mappings.MappingNodeAt[]) => mappings.readMappingNodes(prisma, keys)),
  mappingNodesByParent: loader((keys: readonly mappings.MappingNodeAt[]) =>
    mappings.readMappingNodeChildren(prisma, keys),
  ),
  mappingNodesByReshId: loader((keys: readonly units.UnitAt[]) => mappings.readMappingNodesOfUnits(prisma, keys)),

  grantsBySubject: loader((keys: readonly grants.SubjectAt[]) => grants.readGrants(prisma, keys)),
  administratorBySubject: loader((keys: readonly grants.SubjectAt[]) => grants.readAdministrators(prisma, keys)),
  administratorsByPath: loader((keys: readonly grants.AdministeredPathAt[]) =>
    grants.readAdministratorsOnPath(prisma, keys),
  ),
});

export type Loaders = ReturnType<typeof createLoaders>;
