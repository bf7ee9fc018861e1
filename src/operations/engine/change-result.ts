import type { MappingNodeKey } from '../../domain/plan/change-input.ts';
import type { Impact } from '../../domain/plan/impact.ts';
import type { UserError, UserWarning } from '../../domain/plan/user-error.ts';
import type { Day } from '../../domain/time/day.ts';

/** A unit in the payload of a change, with the day and the revision at which it is read. */
export interface PayloadUnit {
  readonly reshId: number;
  readonly day: Day;
  readonly revision: number;
}

/** A treatment site in the payload of a change, with the day and the revision at which it is read. */
export interface PayloadSite {
  readonly organizationNumber: string;
  readonly day: Day;
  readonly revision: number;
}

/** The records in the payload of a change. */
export interface PayloadRecords {
  readonly unit?: PayloadUnit;
  readonly units?: readonly PayloadUnit[];
  /** Organization number of a treatment site to read as of today, or the site with its day and its revision */
  readonly treatmentSite?: string | PayloadSite;
  /** A node in the tree of another system, with the day and the revision at which it is read */
  readonly mappingNode?: MappingNodeKey & { readonly day: Day; readonly revision: number };
  /** Subject of an administrator, and the unit of the grant */
  readonly administrator?: { readonly subject: string; readonly reshId: number | null };
}

/**
 * The result of a requested change. Idempotency keys store it as JSON, without some parts, so its members keep their
 * names.
 */
export interface ChangeResult {
  /** Revision of the change; null on a dry run, or with user errors */
  readonly revision: number | null;
  readonly impact: Impact | null;
  readonly userErrors: readonly UserError[];
  readonly warnings: readonly UserWarning[];
  /** Null on a dry run, or with user errors */
  readonly shown: PayloadRecords | null;
  /** Whether the change was made by an earlier request with the same idempotency key */
  readonly isRepeated: boolean;
}

/** Returns the result of a change with user errors, which writes nothing. */
export function createRejectedResult(
  userErrors: readonly UserError[],
  warnings: readonly UserWarning[] = [],
): ChangeResult {
  return {
    revision: null,
    impact: null,
    userErrors,
    warnings,
    shown: null,
    isRepeated: false,
  };
}
