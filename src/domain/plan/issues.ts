import type { Problem, UserError } from './user-error.ts';

/** Field of the input, by name or path; empty for the whole input. */
export type Field = string | readonly (string | number)[];

/** Field of the day of the change, which belongs to the whole input, not to a part of it. */
const DAY_FIELD = 'effectiveOn';

type Severity = 'errors' | 'warnings';

/**
 * Collects the errors and warnings of a plan. A collector for a part of the input also passes them to its parent
 * collector, under the path of that part.
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

  /**
   * Returns a collector for a part of the input; errors of the day keep the field of the day. Without a path, the
   * collector is for a part of the plan.
   */
  at(...path: readonly (string | number)[]): Issues {
    return this.createChild(path, [DAY_FIELD]);
  }

  /**
   * Returns a collector for a step; errors of the day become errors of the step, which has no day of its own.
   *
   * @param fieldNames names of fields in the step that differ from those in the input of the mutation
   */
  atStep(path: readonly (string | number)[], fieldNames: Readonly<Record<string, string>>): Issues {
    return this.createChild(path, path, fieldNames);
  }

  /** Returns a collector that passes on some of what it collects; it has errors even if it passes none on. */
  filtered(isPassedOn: (issue: UserError) => boolean): Issues {
    return new Issues((severity, issue) => {
      if (isPassedOn(issue)) this.record(severity, issue);
    });
  }

  private createChild(
    path: readonly (string | number)[],
    dayPath: readonly (string | number)[],
    fieldNames: Readonly<Record<string, string>> = {},
  ): Issues {
    return new Issues((severity, { field, ...problem }) => {
      const names = field.map((name) => fieldNames[name] ?? name);
      const fullPath = field[0] === DAY_FIELD ? dayPath : [...path, ...names];
      this.record(severity, { ...problem, field: fullPath.map(String) });
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
