import type { Problem, UserError, UserWarning, Warning } from './user-error.ts';

/** Field of the input, by name or path; empty for the whole input. */
export type Field = string | readonly (string | number)[];

/** Field of the day of the change, which belongs to the whole input, not to a part of it. */
const DAY_FIELD = 'effectiveOn';

/** What a collector passes to its parent collector: issues with fields in its part of the input. */
interface Parent {
  readonly issues: Issues;
  readonly isPassedOn: (issue: UserError | UserWarning) => boolean;
  readonly toParentField: (field: readonly string[]) => readonly string[];
}

/**
 * Collects the errors and warnings of a plan. A collector for a part of the input also passes them to its parent
 * collector, under the path of that part.
 */
export class Issues {
  private readonly foundErrors: UserError[] = [];
  private readonly foundWarnings: UserWarning[] = [];

  constructor(private readonly parent?: Parent) {}

  /** Adds errors of a field. */
  add(field: Field, ...problems: readonly Problem[]): void {
    for (const problem of problems) this.addError({ ...problem, field: toPath(field) });
  }

  /** Adds warnings of a field. */
  warn(field: Field, ...warnings: readonly Warning[]): void {
    for (const warning of warnings) this.addWarning({ ...warning, field: toPath(field) });
  }

  get errors(): readonly UserError[] {
    return this.foundErrors;
  }

  get warnings(): readonly UserWarning[] {
    return this.foundWarnings;
  }

  hasErrors(): boolean {
    return this.foundErrors.length > 0;
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
  filtered(isPassedOn: (issue: UserError | UserWarning) => boolean): Issues {
    return new Issues({ issues: this, isPassedOn, toParentField: (field) => field });
  }

  private createChild(
    path: readonly (string | number)[],
    dayPath: readonly (string | number)[],
    fieldNames: Readonly<Record<string, string>> = {},
  ): Issues {
    const toParentField = (field: readonly string[]) => {
      const names = field.map((name) => fieldNames[name] ?? name);
      return (field[0] === DAY_FIELD ? dayPath : [...path, ...names]).map(String);
    };
    return new Issues({ issues: this, isPassedOn: () => true, toParentField });
  }

  private addError(error: UserError): void {
    this.foundErrors.push(error);
    if (this.parent?.isPassedOn(error))
      this.parent.issues.addError({ ...error, field: this.parent.toParentField(error.field) });
  }

  private addWarning(warning: UserWarning): void {
    this.foundWarnings.push(warning);
    if (this.parent?.isPassedOn(warning))
      this.parent.issues.addWarning({ ...warning, field: this.parent.toParentField(warning.field) });
  }
}

function toPath(field: Field): readonly string[] {
  return typeof field === 'string' ? [field] : field.map(String);
}
