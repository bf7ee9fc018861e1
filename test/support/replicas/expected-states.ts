/** What readers of a trial should have seen: the state at every revision, from the answers to the writers. */
export interface ExpectedStates {
  /** The newest revision that a client has received */
  readonly newestKnown: () => number;
  /** Notes a revision that a client has received. */
  noteKnown(revision: number): void;
  /** Records the change of a writer: the unit that it owns has this value from the revision on. */
  record(revision: number, writer: number, value: number): void;
  /** Notes the values that a reader saw at a revision; they are compared when the trial ends. */
  noteRead(revision: number, values: readonly number[]): void;
  /** Compares what was read; returns descriptions of differences, and of revisions that no writer made. */
  findDifferences(): string[];
}

interface Change {
  readonly writer: number;
  readonly value: number;
}

/**
 * Creates the states after a start.
 *
 * @param firstRevision newest revision before the first change of a writer
 * @param initialValues value of each writer's unit at that revision
 */
export function createExpectedStates(firstRevision: number, initialValues: readonly number[]): ExpectedStates {
  const changes = new Map<number, Change>();
  // Reads at a revision with the same values need one comparison.
  const reads = new Map<number, Set<string>>();
  let known = firstRevision;
  return {
    newestKnown: () => known,
    noteKnown: (revision) => {
      known = Math.max(known, revision);
    },
    record: (revision, writer, value) => {
      changes.set(revision, { writer, value });
      known = Math.max(known, revision);
    },
    noteRead: (revision, values) => {
      const seen = reads.get(revision);
      if (seen) seen.add(values.join(' '));
      else reads.set(revision, new Set([values.join(' ')]));
    },
    findDifferences: () => {
      const newest = Math.max(known, ...changes.keys());
      const values = [...initialValues];
      const found: string[] = [];
      for (let revision = firstRevision; revision <= newest; revision += 1) {
        const change = changes.get(revision);
        if (change) values[change.writer] = change.value;
        else if (revision > firstRevision) found.push(`No writer made revision ${revision}.`);
        for (const seen of reads.get(revision) ?? [])
          if (seen !== values.join(' '))
            found.push(`At revision ${revision}, a reader saw ${seen} instead of ${values.join(' ')}.`);
      }
      const unknown = [...reads.keys()].filter((revision) => revision < firstRevision || revision > newest);
      return [...found, ...unknown.map((revision) => `A reader saw revision ${revision}, which does not exist.`)];
    },
  };
}
