/** An operation has something that only the executor can answer. */
export class NotCompilableError extends Error {}

/** A request has something that only the executor can answer, such as an error to report. */
export class NotAnswerableError extends Error {}
