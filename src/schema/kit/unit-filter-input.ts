import type { UnitFilter as Filter, UnitOrder as Order } from '../../domain/unit/filter.ts';
import { defaultOrder } from '../../domain/unit/filter.ts';
import { builder } from './builder.ts';
import { OrderDirection, UnitOrderField, UnitType } from './enums.ts';

export const CodeInput = builder.inputType('CodeInput', {
  description: 'Code of a national code set',
  fields: (t) => ({
    codeSet: t.int({ required: true, description: 'Number of the code set' }),
    code: t.string({ required: true, description: 'Code within its set' }),
  }),
});

export const UnitFilter = builder.inputType('UnitFilter', {
  description:
    'Conditions that units must meet. An omitted field sets no condition; a list is met by any one of its values',
  fields: (t) => ({
    types: t.field({ type: [UnitType], description: 'Kinds of unit to include' }),
    designations: t.stringList({ description: 'Designations to include, as codes of code set 8624' }),
    codes: t.field({ type: [CodeInput], description: 'Codes to include, each with the codes under it in its set' }),
    treatmentSites: t.field({
      type: ['OrganizationNumber'],
      description: 'Organization numbers of treatment sites to include',
    }),
    hasTreatmentSite: t.boolean({
      description: 'Whether the unit must have a treatment site of its own, or must have none',
    }),
    name: t.string({ description: 'Part of the name; letter case and accents are ignored' }),
  }),
});

export const UnitOrder = builder.inputType('UnitOrder', {
  description: 'Order of sibling units',
  fields: (t) => ({
    field: t.field({ type: UnitOrderField, required: true, description: 'Field to order by' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'ASC',
      description: 'Direction of the order',
    }),
  }),
});

type Nullable<Input> = { [Field in keyof Input]?: Input[Field] | null | undefined };

/** Converts a filter to the domain's; null sets no condition, as if it were omitted. */
export function toFilter(filter: Nullable<Filter> | null | undefined): Filter | undefined {
  const entries = Object.entries(filter ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Returns the requested order, by name if there is none. */
export function toOrder(order: Order | null | undefined): Order {
  return {
    field: order?.field ?? defaultOrder.field,
    direction: order?.direction ?? defaultOrder.direction,
  };
}
