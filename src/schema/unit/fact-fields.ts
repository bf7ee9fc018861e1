import type { UnitRow } from '../../store/sql/unit-row.ts';
import type { SchemaBuilderTypes } from '../kit/builder.ts';
import { UnitType } from '../kit/enums.ts';

/** Returns the fields of the facts that a unit and each of its versions show alike. */
export function factFields<Parent extends { readonly row: UnitRow }>(
  t: PothosSchemaTypes.ObjectFieldBuilder<SchemaBuilderTypes, Parent>,
) {
  return {
    type: t.field({ type: UnitType, description: 'Kind of unit', resolve: ({ row }) => row.type }),
    name: t.string({ description: 'Name of the unit', resolve: ({ row }) => row.name }),
    shortName: t.string({
      nullable: true,
      description: 'Short name of the unit',
      resolve: ({ row }) => row.shortName,
    }),
    designationText: t.string({
      nullable: true,
      description: 'Local wording of the designation, if the source has no code',
      resolve: ({ row }) => row.designationText,
    }),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      nullable: true,
      description: 'Organization number (organisasjonsnummer) of the unit in the national register of legal entities',
      resolve: ({ row }) => row.organizationNumber,
    }),
    responsiblePerson: t.string({
      nullable: true,
      description: 'Person responsible for the unit',
      resolve: ({ row }) => row.responsiblePerson,
    }),
  };
}
