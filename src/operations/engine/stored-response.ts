import type { Impact } from '../../domain/plan/impact.ts';
import type { ChangeResult } from './change-result.ts';

type StoredImpact = Omit<Impact, 'units' | 'planned' | 'keyedUnits'> & Partial<Pick<Impact, 'keyedUnits'>>;
type StoredResponse = Omit<ChangeResult, 'impact'> & { readonly impact: StoredImpact | null };

/** Returns the result of a committed change as it is stored: without the units, which the register has by revision. */
export function toStoredResponse({ impact, ...result }: ChangeResult): StoredResponse {
  if (!impact) return { ...result, impact };
  const { units: _units, planned: _planned, ...storedImpact } = impact;
  return { ...result, impact: storedImpact };
}

/** Returns the result of a stored response. Older versions stored the first units, and no keys. */
export function fromStoredResponse(response: unknown): ChangeResult {
  const { impact, ...result } = response as StoredResponse;
  return {
    ...result,
    impact: impact && { ...impact, units: null, planned: null, keyedUnits: impact.keyedUnits ?? [] },
  };
}
