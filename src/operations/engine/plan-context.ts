import type { Requirement } from '../../auth/scope.ts';
import type { KeyedUnit } from '../../domain/plan/impact.ts';
import type { Issues } from '../../domain/plan/issues.ts';
import type { Day } from '../../domain/time/day.ts';
import type { Transaction } from '../../store/database/transaction.ts';
import type { PayloadRecords } from './change-result.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** What a plan reads and reports to, under the register lock. */
export interface PlanContext {
  readonly tx: Transaction;
  /** The register with the changes of the plan so far */
  readonly unitOfWork: UnitOfWork;
  /** Collector for the part of the input that is being planned */
  readonly issues: Issues;
  readonly today: Day;
  /** Day the change takes effect */
  readonly day: Day;
  /** First day after the change, if it holds for a bounded period; otherwise, it holds until the next planned change */
  readonly until?: Day | undefined;
  /** Revision the change would get */
  readonly revision: number;
}

/** The result of a plan, besides its draft and its issues. */
export interface PlanResult {
  /** Requirements that only the plan knows */
  readonly requirements?: readonly Requirement[];
  /** Records for the payload */
  readonly shown: PayloadRecords;
  /** Day the change takes effect, if it is not the requested one; null if the change has no day */
  readonly effectiveOn?: Day | null;
  /** Units that the steps of a reorganization create and give keys */
  readonly keyedUnits?: readonly KeyedUnit[];
}
