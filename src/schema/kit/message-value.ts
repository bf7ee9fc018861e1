import type { MessageValue as Shape } from '../../domain/plan/messages/message.ts';
import type { UnitName } from '../../domain/unit/unit-label.ts';
import { builder } from './builder.ts';

const MessageUnit = builder.objectRef<UnitName>('MessageUnit').implement({
  description: 'Unit that a message mentions',
  fields: (t) => ({
    reshId: t.expose('reshId', { type: 'ReshId', description: 'RESH-id of the unit' }),
    name: t.exposeString('name', { description: 'Name of the unit in the message' }),
  }),
});

/** A value of a message, for programs. */
export const MessageValue = builder.objectRef<Shape>('MessageValue').implement({
  description: 'Value that a message mentions: one of `unit`, `date`, `number` and `text` is set',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'Name of the value; the entries of a list have the same name',
    }),
    unit: t.field({
      type: MessageUnit,
      nullable: true,
      description: 'Unit, with its name on the day in question',
      resolve: ({ unit }) => unit ?? null,
    }),
    date: t.field({ type: 'Date', nullable: true, description: 'Day', resolve: ({ date }) => date ?? null }),
    number: t.int({ nullable: true, description: 'Number', resolve: ({ number }) => number ?? null }),
    text: t.string({ nullable: true, description: 'Text, such as a code', resolve: ({ text }) => text ?? null }),
  }),
});
