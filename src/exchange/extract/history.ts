import type { Database } from '../../store/database/database.ts';
import { readExtractHistory, type HistoryCursor, type HistoryRow } from '../../store/read/extract-history.ts';
import type { CsvValue } from './csv.ts';
import { prefetch } from './prefetch.ts';

interface HistoryColumn {
  readonly description: string;
  readonly value: (row: HistoryRow) => CsvValue;
}

/** Columns of unit-history.csv in their order. */
export const historyColumns = {
  resh_id: { description: 'RESH-id', value: ({ reshId }) => reshId },
  type: { description: 'ORGANIZATION or DEPARTMENT', value: ({ type }) => type },
  name: { description: 'Name', value: ({ name }) => name },
  short_name: { description: 'Short name', value: ({ shortName }) => shortName },
  parent_resh_id: {
    description: 'RESH-id of the unit above; empty at a root',
    value: ({ parentReshId }) => parentReshId,
  },
  organization_number: { description: 'Organization number', value: ({ organizationNumber }) => organizationNumber },
  treatment_site_number: {
    description: 'Number of the treatment site',
    value: ({ treatmentSiteNumber }) => treatmentSiteNumber,
  },
  designation: { description: 'Designation, a code of 8624', value: ({ designationCode }) => designationCode },
  designation_text: {
    description: 'Local wording of the designation',
    value: ({ designationText }) => designationText,
  },
  responsible_person: {
    description: 'Person responsible for the unit',
    value: ({ responsiblePerson }) => responsiblePerson,
  },
  path: {
    description: 'RESH-ids from the root to the unit itself, a slash between them',
    value: ({ path }) => path.join('/'),
  },
  valid_from: { description: 'First day on which all of this holds', value: ({ from }) => from },
  valid_to: { description: 'First day on which it no longer does; empty while it has no end', value: ({ to }) => to },
  recorded_revision: { description: 'Revision that recorded the row', value: ({ recordedRev }) => recordedRev },
  recorded_at: { description: 'Instant of that revision', value: ({ recordedAt }) => recordedAt.toISOString() },
  superseded_revision: {
    description: 'Revision that superseded the row; empty while it is what is known',
    value: ({ supersededRev }) => supersededRev,
  },
  superseded_at: {
    description: 'Instant of that revision',
    value: ({ supersededAt }) => supersededAt?.toISOString() ?? null,
  },
} as const satisfies Record<string, HistoryColumn>;

const ROWS_PER_PAGE = 2_000;

const readPages = async function* (
  prisma: Database['prisma'],
  revision: number,
): AsyncGenerator<readonly HistoryRow[]> {
  let after: HistoryCursor | undefined;
  for (;;) {
    const rows = await readExtractHistory(prisma, revision, after, ROWS_PER_PAGE);
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_PER_PAGE) return;
    after = rows.at(-1);
  }
};

/** All versions recorded by a revision, a page at a time: rows are only added, so that the pages fit together without a transaction. */
export function streamHistoryPages(
  prisma: Database['prisma'],
  revision: number,
): AsyncGenerator<readonly HistoryRow[]> {
  return prefetch(readPages(prisma, revision));
}
