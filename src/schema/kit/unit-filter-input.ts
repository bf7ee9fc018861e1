import type { UnitFilter as Filter, UnitOrder as Order } from '../../domain/unit/filter.ts';
import { defaultOrder } from '../../domain/unit/filter.ts';
import { builder } from './builder.ts';
import { OrderDirection, UnitOrderField, UnitType } from './enums.ts';

export const CodeInput = builder.inputType('CodeInput', {
  description: 'A code in its national set',
  fields: (t) => ({
    codeSet: t.int({ required: true, description: 'Number of the code set' }),
    code: t.string({ required: true, description: 'The code itself' }),
  }),
});

export const UnitFilter = builder.inputType('UnitFilter', {
  description: 'What units must be to be shown; what is left out asks for nothing, and of several values one is enough',
  fields: (t) => ({
    types: t.field({ type: [UnitType], description: 'Kinds of unit' }),
    designations: t.stringList({ description: 'Codes of the designation, in code set 8624' }),
    codes: t.field({ type: [CodeInput], description: 'Codes of which the unit has one, or one of those beneath them' }),
    treatmentSites: t.field({ type: ['OrganizationNumber'], description: 'Numbers of treatment sites' }),
    hasTreatmentSite: t.boolean({ description: 'Whether the unit is to have a treatment site of its own' }),
    name: t.string({ description: 'Part of the name, letter case and accents aside' }),
  }),
});

export const UnitOrder = builder.inputType('UnitOrder', {
  description: 'Order of siblings',
  fields: (t) => ({
    field: t.field({ type: UnitOrderField, required: true, description: 'What to order by' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'ASC',
      description: 'Direction of the order',
    }),
  }),
});

type Nullable<Input> = { [Field in keyof Input]?: Input[Field] | null | undefined };

/** A filter as the domain has it: null asks for nothing, as if it were left out. */
export function toFilter(filter: Nullable<Filter> | null | undefined): Filter | undefined {
  const entries = Object.entries(filter ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The order asked for, by name where none is. */
export function toOrder(order: Order | null | undefined): Order {
  return {
    field: order?.field ?? defaultOrder.field,
    direction: order?.direction ?? defaultOrder.direction,
  };
}
