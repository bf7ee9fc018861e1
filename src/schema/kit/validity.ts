import type { Period } from '../../domain/time/period.ts';
import { builder } from './builder.ts';

/** A period whose first day may be unknown, as sites and codes have it. */
export type OpenPeriod = Omit<Period, 'from'> & { readonly from: string | null };

export const Validity = builder.objectRef<OpenPeriod>('Validity').implement({
  description: 'Period of validity (gyldighet)',
  fields: (t) => ({
    from: t.expose('from', {
      type: 'Date',
      nullable: true,
      description: 'First day of the period; null if the beginning is unknown',
    }),
    to: t.expose('to', {
      type: 'Date',
      nullable: true,
      description: 'First day after the period; null while the period is open',
    }),
  }),
});
