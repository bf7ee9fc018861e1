import type { Context } from '../../context.ts';
import { DESIGNATION_CODE_SET, parseCodeReference } from '../../domain/unit/code-sets.ts';
import type { UnitField as Field } from '../../domain/unit/field-values.ts';
import type { UnitListValues } from '../../domain/unit/state.ts';
import { builder } from '../kit/builder.ts';
import { UnitField, UnitType } from '../kit/enums.ts';
import { loadCodes, loadTreatmentSites, loadUnitState } from '../kit/load.ts';
import { Address, Code, FieldChange, FieldValue, TreatmentSite, UnitState, type CodeAtSnapshot } from '../kit/refs.ts';
import type { View } from '../kit/view.ts';
import { ContactPoint, Identifier, LocalizedName } from './address.ts';

builder.objectType(FieldChange, {
  description: 'Field of a unit, before and after a change',
  fields: (t) => ({
    field: t.expose('field', { type: UnitField, description: 'Field that differs' }),
    before: t.field({
      type: FieldValue,
      nullable: true,
      description: 'Value before; null if it was not set or the unit was not valid',
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: FieldValue,
      nullable: true,
      description: 'Value after; null if it is not set or the unit is not valid',
      resolve: ({ after }) => after,
    }),
  }),
});

interface QualifiedCodeShape extends Pick<UnitListValues['codes'], 'attributes'> {
  readonly code: CodeAtSnapshot;
}

const QualifiedCode = builder.objectRef<QualifiedCodeShape>('QualifiedCode').implement({
  description: 'Code of a unit, with the codes that qualify it',
  fields: (t) => ({
    code: t.field({ type: Code, description: 'Code', resolve: ({ code }) => code }),
    attributes: t.field({
      type: [Code],
      description: 'Codes that qualify the code',
      resolve: ({ attributes, code }, _args, context) =>
        loadCodes(context, attributes.map(parseCodeReference), code.view),
    }),
  }),
});

/** Fields whose values are strings and have a type of their own. */
const typedFields: ReadonlySet<Field> = new Set(['type', 'designation', 'organizationNumber', 'treatmentSite']);

builder.objectType(FieldValue, {
  description:
    'Value of a field of a unit. The member that fits the field has it, and the others are null: `text` for names ' +
    'and other texts, otherwise the member that is named like the field',
  fields: (t) => ({
    text: t.string({
      nullable: true,
      description: 'Value of NAME, SHORT_NAME, DESIGNATION_TEXT or RESPONSIBLE_PERSON',
      resolve: ({ content: { field, value } }) => (typeof value === 'string' && !typedFields.has(field) ? value : null),
    }),
    type: t.field({
      type: UnitType,
      nullable: true,
      description: 'Kind of unit',
      resolve: ({ content }) => (content.field === 'type' ? content.value : null),
    }),
    parent: t.field({
      type: UnitState,
      nullable: true,
      description: 'Parent of the unit',
      resolve: ({ content, view, planned }, _args, context) =>
        content.field === 'parent' ? loadUnitState(context, content.value, { view, planned }) : null,
    }),
    parentReshId: t.field({
      type: 'ReshId',
      nullable: true,
      description: 'RESH-id of the parent',
      resolve: ({ content }) => (content.field === 'parent' ? content.value : null),
    }),
    designation: t.field({
      type: Code,
      nullable: true,
      description: 'Designation of the unit (organisatorisk betegnelse), a code of 8624',
      resolve: async ({ content, view }, _args, context) =>
        content.field === 'designation'
          ? (await loadCodes(context, [{ codeSet: DESIGNATION_CODE_SET, code: content.value }], view))[0]
          : null,
    }),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      nullable: true,
      description: 'Organization number (organisasjonsnummer) of the unit',
      resolve: ({ content }) => (content.field === 'organizationNumber' ? content.value : null),
    }),
    treatmentSite: t.field({
      type: TreatmentSite,
      nullable: true,
      description: 'Treatment site (behandlingssted) of the unit itself',
      resolve: async ({ content, view }, _args, context) =>
        content.field === 'treatmentSite'
          ? ((await loadTreatmentSites(context, [content.value], view))[0] ?? null)
          : null,
    }),
    codes: t.field({
      type: [QualifiedCode],
      nullable: true,
      description: 'Codes of the unit, by set and code',
      resolve: ({ content, view }, _args, context) =>
        content.field === 'codes' ? loadQualifiedCodes(context, content.value, view) : null,
    }),
    identifiers: t.field({
      type: [Identifier],
      nullable: true,
      description: 'Identifiers of the unit in other systems',
      resolve: ({ content }) => (content.field === 'identifiers' ? [...content.value] : null),
    }),
    internationalNames: t.field({
      type: [LocalizedName],
      nullable: true,
      description: 'Names of the unit in other languages, by language',
      resolve: ({ content }) => (content.field === 'internationalNames' ? [...content.value] : null),
    }),
    addresses: t.field({
      type: [Address],
      nullable: true,
      description: 'Addresses of the unit itself',
      resolve: ({ content }) =>
        content.field === 'addresses' ? content.value.map((address) => ({ ...address, inherited: false })) : null,
    }),
    contactPoints: t.field({
      type: [ContactPoint],
      nullable: true,
      description: 'Contact points of the unit itself',
      resolve: ({ content }) =>
        content.field === 'contactPoints' ? content.value.map((point) => ({ ...point, inherited: false })) : null,
    }),
  }),
});

/** Loads codes that a unit has, with their attributes, and leaves out those the register does not know. */
async function loadQualifiedCodes(
  context: Context,
  assigned: readonly UnitListValues['codes'][],
  view: View,
): Promise<QualifiedCodeShape[]> {
  const codes = await Promise.all(assigned.map((key) => loadCodes(context, [key], view)));
  return codes.flatMap(([code], index) => (code ? [{ code, attributes: assigned[index]?.attributes ?? [] }] : []));
}
