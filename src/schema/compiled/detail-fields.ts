import type { UnitDetails } from '../../store/snapshot/unit-details.ts';
import { leaf, type CompiledFields } from './field.ts';

interface Inherited {
  readonly inherited: boolean;
}

export const identifierFields: CompiledFields<{ readonly system: string; readonly value: string }> = {
  system: leaf(({ system }) => system),
  value: leaf(({ value }) => value),
};

export const localizedNameFields: CompiledFields<UnitDetails['names'][number]> = {
  language: leaf(({ language }) => language),
  name: leaf(({ name }) => name),
};

export const addressFields: CompiledFields<UnitDetails['addresses'][number] & Inherited> = {
  type: leaf(({ type }) => type),
  lines: leaf(({ lines }) => lines),
  postalCode: leaf(({ postalCode }) => postalCode),
  city: leaf(({ city }) => city),
  country: leaf(({ country }) => country),
  inherited: leaf(({ inherited }) => inherited),
};

export const contactPointFields: CompiledFields<UnitDetails['contactPoints'][number] & Inherited> = {
  type: leaf(({ type }) => type),
  value: leaf(({ value }) => value),
  inherited: leaf(({ inherited }) => inherited),
};
