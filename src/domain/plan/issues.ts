import type { Problem, UserError } from './user-error.ts';

/** Field of the input, by its name or by its path; empty where the whole input is meant. */
export type Field = string | readonly (string | number)[];

/** The field of the day; it belongs to the whole change, so it has no path of its own in a part of the input. */
const DAY_FIELD = 'effectiveOn';

type Severity = 'errors' | 'warnings';

/**
 * Collects what a plan finds. A collector for a path in the input passes everything on to the one it came from, under
 * that path, and knows by itself whether it found an error.
 */
export class Issues {
  private readonly found = { errors: [] as UserError[], warnings: [] as UserError[] };
  private readonly passOn: ((severity: Severity, issue: UserError) => void) | undefined;

  constructor(passOn?: (severity: Severity, issue: UserError) => void) {
    this.passOn = passOn;
  }

  /** Adds errors of a field. */
  add(field: Field, ...problems: readonly Problem[]): void {
    for (const problem of problems) this.record('errors', createIssue(field, problem));
  }

  /** Adds warnings of a field. */
  warn(field: Field, ...problems: readonly Problem[]): void {
    for (const problem of problems) this.record('warnings', createIssue(field, problem));
  }

  get errors(): readonly UserError[] {
    return this.found.errors;
  }

  get warnings(): readonly UserError[] {
    return this.found.warnings;
  }

  hasErrors(): boolean {
    return this.found.errors.length > 0;
  }

  /** Returns a collector for a part of the input; an error of the day stays one of the day. Without a path, for a part of the plan. */
  at(...path: readonly (string | number)[]): Issues {
    return this.createChild(path, [DAY_FIELD]);
  }

  /** Returns a collector for a step; an error of the day becomes one of the step, which has no day of its own. */
  atStep(...path: readonly (string | number)[]): Issues {
    return this.createChild(path, path);
  }

  private createChild(path: readonly (string | number)[], dayPath: readonly (string | number)[]): Issues {
    return new Issues((severity, { code, message, field }) => {
      const fullPath = field[0] === DAY_FIELD ? dayPath : [...path, ...field];
      this.record(severity, { code, message, field: fullPath.map(String) });
    });
  }

  private record(severity: Severity, issue: UserError): void {
    this.found[severity].push(issue);
    this.passOn?.(severity, issue);
  }
}

function createIssue(field: Field, { code, message }: Problem): UserError {
  return { code, message, field: typeof field === 'string' ? [field] : field.map(String) };
}
