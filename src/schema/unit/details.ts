import { ORGANIZATION_NUMBER_SYSTEM, RESH_ID_SYSTEM } from '../../domain/unit/identifier-systems.ts';
import { selectNearestByType } from '../../domain/unit/inherited-details.ts';
import { builder } from '../kit/builder.ts';
import { Address, Unit } from '../kit/refs.ts';
import { unitKey, type UnitAtSnapshot } from '../kit/view.ts';
import { ContactPoint, Identifier, LocalizedName } from './address.ts';

builder.objectFields(Unit, (t) => ({
  internationalNames: t.field({
    type: [LocalizedName],
    description: 'Names of the unit in other languages, by language',
    resolve: (unit, _args, { loaders }) => loaders.internationalNamesByReshId.load(unitKey(unit)),
  }),
  identifiers: t.field({
    type: [Identifier],
    description: 'Identifiers of the unit: RESH-id, organization number, and ids in other systems',
    resolve: async (unit, _args, { loaders }) => {
      const { reshId, organizationNumber } = unit.row;
      const ownNumber = organizationNumber && { system: ORGANIZATION_NUMBER_SYSTEM, value: organizationNumber };
      return [
        { system: RESH_ID_SYSTEM, value: String(reshId) },
        ...(ownNumber ? [ownNumber] : []),
        ...(await loaders.identifiersByReshId.load(unitKey(unit))),
      ];
    },
  }),
  addresses: t.field({
    type: [Address],
    description: 'Addresses of the unit; for a type without one, the address of the nearest unit above that has it',
    resolve: async (unit, _args, { loaders }) =>
      selectNearestByType(await loaders.addressesByPath.load(pathKey(unit)), unit.row.reshId),
  }),
  contactPoints: t.field({
    type: [ContactPoint],
    description: 'Contact points of the unit; for a type without any, those of the nearest unit above that has some',
    resolve: async (unit, _args, { loaders }) =>
      selectNearestByType(await loaders.contactPointsByPath.load(pathKey(unit)), unit.row.reshId),
  }),
}));

function pathKey({ row, view, seenOn }: UnitAtSnapshot) {
  return { path: row.path, revision: view.revision, day: seenOn };
}
