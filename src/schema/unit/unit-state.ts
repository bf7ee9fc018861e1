import { builder, type SchemaBuilderTypes } from '../kit/builder.ts';
import { Code, TreatmentSite, UnitState, type UnitStateShape } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';
import { factFields } from './fact-fields.ts';

type StateFields = PothosSchemaTypes.ObjectFieldBuilder<SchemaBuilderTypes, UnitStateShape>;

builder.interfaceType(UnitState, {
  description:
    'Unit as the register has it, a Unit, or as a dry run would leave it, a PlannedUnit: fields that both have',
  resolveType: (unit) => ('planned' in unit ? 'PlannedUnit' : 'Unit'),
  fields: (t) => ({
    reshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of the unit, permanent; provisional for a unit that only a dry run creates',
      resolve: ({ row }) => row.reshId,
    }),
    ...factFields(t as unknown as StateFields),
    displayName: t.string({
      description: 'Short name of the unit, or its name if it has none',
      resolve: ({ row }) => row.shortName ?? row.name,
    }),
    designation: t.field({
      type: Code,
      nullable: true,
      description: 'Designation of the unit (organisatorisk betegnelse), a code of 8624; it does not imply a level',
    }),
    treatmentSite: t.field({
      type: TreatmentSite,
      nullable: true,
      description: 'Treatment site (behandlingssted) of the unit itself',
    }),
    validity: t.field({
      type: Validity,
      description: 'Unbroken period around `seenOn` in which the unit is valid (gyldighet)',
    }),
    seenOn: t.field({
      type: 'Date',
      description:
        'Day of the state shown: the day of the snapshot, the last day of a closed unit, or the first day of one ' +
        'not yet valid',
      resolve: ({ seenOn }) => seenOn,
    }),
    parent: t.field({ type: UnitState, nullable: true, description: 'Parent of the unit; null at a root' }),
    parentReshId: t.field({
      type: 'ReshId',
      nullable: true,
      description: 'RESH-id of the parent; null at a root. With `reshId` it makes a flat list a tree',
      resolve: ({ row }) => row.parentReshId,
    }),
    path: t.field({
      type: ['ReshId'],
      description: 'RESH-ids of the ancestors, root first, and of the unit itself',
      resolve: ({ row }) => [...row.path],
    }),
  }),
});
