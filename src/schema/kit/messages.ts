import type { Impact } from '../../domain/plan/impact.ts';
import { messageIn, type Message, type MessageValue as ValueShape } from '../../domain/plan/messages/message.ts';
import {
  impactNoteCodes,
  userErrorCodes,
  userWarningCodes,
  type ImpactNoteCode as NoteCode,
  type UserError as ErrorShape,
  type UserErrorCode as ErrorCode,
  type UserWarning as WarningShape,
  type UserWarningCode as WarningCode,
} from '../../domain/plan/user-error.ts';
import type { UnitName } from '../../domain/unit/unit-label.ts';
import { builder, type SchemaBuilderTypes } from './builder.ts';

const MessageUnit = builder.objectRef<UnitName>('MessageUnit').implement({
  description: 'Unit that a message mentions',
  fields: (t) => ({
    reshId: t.expose('reshId', { type: 'ReshId', description: 'RESH-id of the unit' }),
    name: t.exposeString('name', { description: 'Name of the unit in the message' }),
  }),
});

/** A value of a message, for programs. */
export const MessageValue = builder.objectRef<ValueShape>('MessageValue').implement({
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
    date: t.field({
      type: 'Date',
      nullable: true,
      description: 'Day; the end of a period is exclusive',
      resolve: ({ date }) => date ?? null,
    }),
    number: t.int({ nullable: true, description: 'Number', resolve: ({ number }) => number ?? null }),
    text: t.string({ nullable: true, description: 'Text, such as a code', resolve: ({ text }) => text ?? null }),
  }),
});

const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'Code of a user error',
  values: describeCodes<ErrorCode>(userErrorCodes),
});

const UserWarningCode = builder.enumType('UserWarningCode', {
  description: 'Code of a warning',
  values: describeCodes<WarningCode>(userWarningCodes),
});

const ImpactNoteCode = builder.enumType('ImpactNoteCode', {
  description: 'Code of an effect of a change that its input did not request',
  values: describeCodes<NoteCode>(impactNoteCodes),
});

function describeCodes<Code extends string>(codes: Readonly<Record<Code, string>>) {
  return Object.fromEntries(
    Object.entries<string>(codes).map(([code, description]) => [code, { description }]),
  ) as Record<Code, { description: string }>;
}

export const UserError = builder.objectRef<ErrorShape>('UserError').implement({
  description: 'Validation error of the input',
  fields: (t) => ({
    code: t.expose('code', { type: UserErrorCode, description: 'Code of the error, for programs' }),
    ...messageFields(t, (message) => message),
    ...fieldOfInput(t),
  }),
});

export const UserWarning = builder.objectRef<WarningShape>('UserWarning').implement({
  description: 'Warning about the input, which does not keep the change from being made',
  fields: (t) => ({
    code: t.expose('code', { type: UserWarningCode, description: 'Code of the warning, for programs' }),
    ...messageFields(t, (message) => message),
    ...fieldOfInput(t),
  }),
});

export const ImpactNote = builder.objectRef<Impact['notes'][number]>('ImpactNote').implement({
  description: 'Effect of a change that its input did not request',
  fields: (t) => ({
    code: t.expose('code', {
      type: ImpactNoteCode,
      nullable: true,
      description: 'Code of the effect, for programs; null in the result of a change made before effects had codes',
    }),
    unit: t.field({
      type: MessageUnit,
      nullable: true,
      description: 'Unit on which the effect is; null for an effect on a node, a site or access to the whole register',
      resolve: ({ values }) => values.find(({ unit }) => unit)?.unit ?? null,
    }),
    ...messageFields(t, (message) => message),
  }),
});

type Fields<Shape> = PothosSchemaTypes.ObjectFieldBuilder<SchemaBuilderTypes, Shape>;

/**
 * Returns the fields of a message: its text and its values.
 *
 * @param findMessage returns the message of an object
 */
export function messageFields<Shape>(t: Fields<Shape>, findMessage: (shape: Shape) => Message) {
  return {
    message: t.string({
      description: 'Explanation for people, with the values and the remedy, in the language of Accept-Language',
      resolve: (shape, _args, { language }) => messageIn(language, findMessage(shape)),
    }),
    values: t.field({
      type: [MessageValue],
      description: 'Values that the message mentions, in the same order in every language',
      resolve: (shape): readonly ValueShape[] => findMessage(shape).values,
    }),
  };
}

function fieldOfInput<Shape extends { readonly field: readonly string[] }>(t: Fields<Shape>) {
  return {
    field: t.stringList({
      nullable: true,
      description: 'Path of the input field, with list positions counted from 0; null for the input as a whole',
      resolve: ({ field }) => (field.length === 0 ? null : [...field]),
    }),
  };
}
