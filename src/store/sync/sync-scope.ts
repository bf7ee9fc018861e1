import type { Day } from '../../domain/time/day.ts';

/** What a desired state covers, and what its files have. */
export interface SyncScope {
  readonly day: Day;
  /** RESH-id of the unit above the desired state; null where it is that of the whole register */
  readonly within: number | null;
  /** System of the units that can be absent; null where all units can */
  readonly system: string | null;
  /** Columns of the units file */
  readonly columns: readonly string[];
  /** Whether there are files of codes and of identifiers */
  readonly hasCodes: boolean;
  readonly hasIdentifiers: boolean;
}

/** Columns of the units file, each with the column of a unit version and the fact of a plan. */
export const factColumns = {
  name: { version: 'name', fact: 'name' },
  short_name: { version: 'short_name', fact: 'shortName' },
  designation: { version: 'designation_code', fact: 'designationCode' },
  designation_text: { version: 'designation_text', fact: 'designationText' },
  organization_number: { version: 'organization_number', fact: 'organizationNumber' },
  treatment_site_number: { version: 'treatment_site_number', fact: 'treatmentSiteNumber' },
  responsible_person: { version: 'responsible_person', fact: 'responsiblePerson' },
} as const;
export type FactColumn = keyof typeof factColumns;

/** Returns the facts that the units file has columns for. */
export function selectFactColumns({ columns }: SyncScope): FactColumn[] {
  return (Object.keys(factColumns) as FactColumn[]).filter((column) => columns.includes(column));
}
