import { codeCountFields, codeFields, codeSetFields, unitCodeFields } from './code-fields.ts';
import { addressFields, contactPointFields, identifierFields, localizedNameFields } from './detail-fields.ts';
import { leaf, object, type CompiledField, type CompiledFields } from './field.ts';
import { pageInfoFields } from './page-info.ts';
import { searchConnectionFields, searchEdgeFields, searchMatchFields } from './search-page.ts';
import { siteFields, validityFields } from './site-fields.ts';
import { unitFields } from './unit-fields.ts';
import { unitConnectionFields, unitEdgeFields } from './unit-page.ts';

/** Fields of a lookup that found its unit; a source is the position of the unit. */
const lookupFields: CompiledFields<number> = {
  reshId: leaf((position, { snapshot }) => snapshot.unitAt(position).reshId),
  outcome: leaf(() => 'FOUND'),
  unit: object((position) => position),
};

const fieldsByType: Readonly<Record<string, CompiledFields<never>>> = {
  Unit: unitFields,
  UnitLookup: lookupFields,
  UnitConnection: unitConnectionFields,
  UnitDescendantConnection: unitConnectionFields,
  UnitEdge: unitEdgeFields,
  UnitDescendantEdge: unitEdgeFields,
  PageInfo: pageInfoFields,
  UnitSearchConnection: searchConnectionFields,
  UnitSearchEdge: searchEdgeFields,
  SearchMatch: searchMatchFields,
  Code: codeFields,
  CodeSet: codeSetFields,
  UnitCode: unitCodeFields,
  CodeCount: codeCountFields,
  Identifier: identifierFields,
  LocalizedName: localizedNameFields,
  Address: addressFields,
  ContactPoint: contactPointFields,
  TreatmentSite: siteFields,
  Validity: validityFields,
};

/** Returns how a field of an object type is read from a snapshot; undefined where only its resolver can. */
export function findCompiledField(type: string, field: string): CompiledField<unknown> | undefined {
  const fields = fieldsByType[type];
  return fields && Object.hasOwn(fields, field) ? (fields[field] as CompiledField<unknown>) : undefined;
}

/** Returns the names of the compiled fields of an object type. */
export function listCompiledFields(type: string): string[] {
  return Object.keys(fieldsByType[type] ?? {});
}
