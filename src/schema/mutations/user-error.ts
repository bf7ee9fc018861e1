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
import { builder, type SchemaBuilderTypes } from '../kit/builder.ts';
import { MessageValue } from '../kit/message-value.ts';

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
    ...messageFields(t),
    ...fieldOfInput(t),
  }),
});

export const UserWarning = builder.objectRef<WarningShape>('UserWarning').implement({
  description: 'Warning about the input, which does not keep the change from being made',
  fields: (t) => ({
    code: t.expose('code', { type: UserWarningCode, description: 'Code of the warning, for programs' }),
    ...messageFields(t),
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
    ...messageFields(t),
  }),
});

type Fields<Shape> = PothosSchemaTypes.ObjectFieldBuilder<SchemaBuilderTypes, Shape>;

function messageFields<Shape extends Message>(t: Fields<Shape>) {
  return {
    message: t.string({
      description: 'Explanation for people, with the values and the remedy, in the language of Accept-Language',
      resolve: (shape, _args, { language }) => messageIn(language, shape),
    }),
    values: t.field({
      type: [MessageValue],
      description: 'Values that the message mentions, in the same order in every language',
      resolve: ({ values }): readonly ValueShape[] => values,
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
