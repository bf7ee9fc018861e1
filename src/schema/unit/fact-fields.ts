import type { UnitFacts } from '../../domain/unit/facts.ts';
import type { SchemaBuilderTypes } from '../kit/builder.ts';
import { UnitType } from '../kit/enums.ts';
import { lineFactFields } from '../kit/line-facts.ts';

/** Returns the fields of the facts that a unit and each of its versions show alike. */
export function factFields<Parent extends { readonly row: UnitFacts }>(
  t: PothosSchemaTypes.ObjectFieldBuilder<SchemaBuilderTypes, Parent>,
) {
  return {
    type: t.field({ type: UnitType, description: 'Kind of unit', resolve: ({ row }) => row.type }),
    name: t.string({ description: 'Name of the unit', resolve: ({ row }) => row.name }),
    ...lineFactFields((fact, description) =>
      t.string({ nullable: true, description, resolve: ({ row }) => row[fact] }),
    ),
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
  };
}
