import type { Period } from '../../domain/time/period.ts';
import type { TreatmentSiteRow } from '../../store/read/treatment-sites.ts';
import { leaf, object, type CompiledFields } from './field.ts';

export const siteFields: CompiledFields<TreatmentSiteRow> = {
  organizationNumber: leaf((site) => site.organizationNumber),
  name: leaf((site) => site.name),
  validity: object((site) => (site.from === null && site.to === null ? null : site)),
  municipality: leaf((site) => site.municipality),
};

export const validityFields: CompiledFields<Period> = {
  from: leaf(({ from }) => from),
  to: leaf(({ to }) => to),
};
