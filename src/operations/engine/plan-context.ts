import type { Requirement } from '../../auth/scope.ts';
import type { Day } from '../../domain/time/day.ts';
import type { Transaction } from '../../store/database/transaction.ts';
import type { PayloadRecords } from './change-result.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** What a plan works with, all of it read under the lock. */
export interface PlanContext {
  readonly tx: Transaction;
  /** The register as it is under the lock, with what the plan has made of it so far */
  readonly unitOfWork: UnitOfWork;
  readonly today: Day;
  /** Day the change takes effect */
  readonly day: Day;
  /** Revision the change would get */
  readonly revision: number;
}

/** What a plan comes to beside its draft: what else it needs leave for, and what to show. */
export interface PlanResult {
  readonly requirements?: readonly Requirement[];
  readonly shown: PayloadRecords;
  /** Day that the change takes effect where it is not the one asked for; null where it has none of its own */
  readonly effectiveOn?: Day | null;
}
