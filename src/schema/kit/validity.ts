import type { Period } from '../../domain/time/period.ts';
import { builder } from './builder.ts';

/** A period without obligatory beginning, as sites and codes have it. */
export type OpenPeriod = Omit<Period, 'from'> & { readonly from: string | null };

export const Validity = builder.objectRef<OpenPeriod>('Validity').implement({
  description: 'Period of days on which something holds (gyldighet)',
  fields: (t) => ({
    from: t.expose('from', {
      type: 'Date',
      nullable: true,
      description: 'First day; null where no beginning is known',
    }),
    to: t.expose('to', {
      type: 'Date',
      nullable: true,
      description: 'First day on which it no longer holds; null while open',
    }),
  }),
});
