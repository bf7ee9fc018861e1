import type { MappingNodeKey } from '../../domain/plan/change-input.ts';
import type { Impact } from '../../domain/plan/impact.ts';
import type { UserError } from '../../domain/plan/user-error.ts';
import type { Day } from '../../domain/time/day.ts';

/** What a change shows of what it changed. */
export interface PayloadRecords {
  /** RESH-id of a unit, and the day on which and revision at which it is shown */
  readonly unit?: { readonly reshId: number; readonly day: Day; readonly revision: number };
  /** Several units, likewise */
  readonly units?: readonly { readonly reshId: number; readonly day: Day; readonly revision: number }[];
  /** Number of a treatment site */
  readonly treatmentSite?: string;
  /** A node in the tree of another system, and the day on which and revision at which it is shown */
  readonly mappingNode?: MappingNodeKey & { readonly day: Day; readonly revision: number };
  /** Subject of an administrator, and the unit of its grant */
  readonly administrator?: { readonly subject: string; readonly reshId: number | null };
}

/** What became of a change that was asked for. */
export interface ChangeResult {
  /** Revision of the change; null on a dry run or where refused */
  readonly revision: number | null;
  readonly impact: Impact | null;
  readonly userErrors: readonly UserError[];
  readonly warnings: readonly UserError[];
  /** Null on a dry run or where refused */
  readonly shown: PayloadRecords | null;
}

/** What is answered where a person has something to mend. */
export function createRejectedResult(
  userErrors: readonly UserError[],
  warnings: readonly UserError[] = [],
): ChangeResult {
  return {
    revision: null,
    impact: null,
    userErrors,
    warnings,
    shown: null,
  };
}
