import { builder } from '../kit/builder.ts';
import { AddressType, ContactPointType } from '../kit/enums.ts';
import { Address } from '../kit/refs.ts';

const inheritedDescription = 'Indicates whether it belongs to a unit above, because this unit has none of the type';

Address.implement({
  description: 'Address of a unit or a treatment site',
  fields: (t) => ({
    type: t.expose('type', { type: AddressType, description: 'Purpose of the address' }),
    lines: t.stringList({ description: 'Street or PO box, one line each', resolve: ({ lines }) => [...lines] }),
    postalCode: t.exposeString('postalCode', { nullable: true, description: 'Postal code' }),
    city: t.exposeString('city', { nullable: true, description: 'Postal town' }),
    country: t.exposeString('country', { nullable: true, description: 'Country code, ISO 3166-1 alpha-2' }),
    inherited: t.exposeBoolean('inherited', { description: inheritedDescription }),
  }),
});

interface ContactPointShape {
  readonly type: 'TELEPHONE' | 'EMAIL' | 'WEB';
  readonly value: string;
  readonly inherited: boolean;
}

export const ContactPoint = builder.objectRef<ContactPointShape>('ContactPoint').implement({
  description: 'Contact point of a unit',
  fields: (t) => ({
    type: t.expose('type', { type: ContactPointType, description: 'Kind of contact point' }),
    value: t.exposeString('value', { description: 'Telephone number, e-mail address or web address' }),
    inherited: t.exposeBoolean('inherited', { description: inheritedDescription }),
  }),
});

export const LocalizedName = builder.objectRef<{ language: string; name: string }>('LocalizedName').implement({
  description: 'Name of a unit in another language',
  fields: (t) => ({
    language: t.exposeString('language', { description: 'Language of the name, a BCP 47 tag such as "en" or "se"' }),
    name: t.exposeString('name', { description: 'Name in that language' }),
  }),
});

export const Identifier = builder.objectRef<{ system: string; value: string }>('Identifier').implement({
  description: 'Identifier of a unit in a system',
  fields: (t) => ({
    system: t.exposeString('system', {
      description: 'System of the identifier: a URI such as `urn:oid:...`, or any other text',
    }),
    value: t.exposeString('value', { description: 'Value of the identifier' }),
  }),
});
