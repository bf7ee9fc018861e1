import { emptyFacts } from '../../../src/domain/unit/facts.ts';
import type { DatedUnit, DatedVersion, VersionRow } from '../../../src/domain/unit/state.ts';

/** Builds the version of a department with a path, open from 2020 on; `facts` overrides its columns. */
export function versionRow(facts: Partial<VersionRow> = {}): VersionRow {
  return { ...datedVersion(), path: [], ...facts };
}

/** Builds the version of a department, open from 2020 on; `facts` overrides its fields. */
export function datedVersion(facts: Partial<DatedVersion> = {}): DatedVersion {
  return {
    from: '2020-01-01',
    to: null,
    ...emptyFacts,
    ...facts,
  };
}

/** Builds a unit from its versions; its other lists are empty by default. */
export function datedUnit<Version extends DatedVersion>(
  versions: readonly Version[],
  lists: Partial<DatedUnit> = {},
): Omit<DatedUnit, 'versions'> & { readonly versions: readonly Version[] } {
  return { codes: [], identifiers: [], names: [], addresses: [], contactPoints: [], ...lists, versions };
}
