import type { Day } from '../../time/day.ts';

// Facts of a treatment site in inputs. An absent field leaves the value as it is; null clears it.

/** An address without its purpose. */
export interface PlainAddressInput {
  readonly lines: readonly string[];
  readonly postalCode?: string | null | undefined;
  readonly city?: string | null | undefined;
  readonly country?: string | null | undefined;
}

/** Names a treatment site. */
export interface SiteKey {
  readonly organizationNumber: string;
}

/** A site and facts of it. */
export interface SiteInput extends SiteKey {
  readonly name?: string | null | undefined;
  readonly municipality?: string | null | undefined;
  readonly address?: PlainAddressInput | null | undefined;
  readonly legalEntityReshId?: number | null | undefined;
}

/** A site to register, with its period. */
export interface NewSiteInput extends SiteInput {
  readonly name: string;
  readonly validFrom?: Day | null | undefined;
  readonly validTo?: Day | null | undefined;
}
