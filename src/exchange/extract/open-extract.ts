import { createHash } from 'node:crypto';
import type { Day } from '../../domain/time/day.ts';
import { factNames } from '../../domain/unit/facts.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { Database } from '../../store/database/database.ts';
import type { RecordedRevision } from '../../store/read/revisions.ts';
import type { RegisterSnapshot } from '../../store/snapshot/register-snapshot.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import type { Column } from './columns.ts';
import { streamCsv } from './csv.ts';
import type { Pages } from './extracted-unit.ts';
import { streamFhir } from './fhir.ts';
import { readFilePages } from './file-pages.ts';
import { findRevision, findSubtreeRoot } from './find-snapshot.ts';
import { historyColumns, streamHistoryPages } from './history.ts';
import { streamNdjson } from './ndjson.ts';
import { parseParameters, type ExtractParameters, type ParameterName } from './parameters.ts';
import { prefetch } from './prefetch.ts';
import { readSnapshotPages } from './snapshot-units.ts';
import { streamUnitPages } from './stored-units.ts';
import { successionColumns } from './successions.ts';
import { unitColumns } from './unit-columns.ts';

type Prisma = Database['prisma'];

/** Finds the register on a day, as known at a revision, in memory. */
export type FindSnapshot = (at: Snapshot) => Promise<RegisterSnapshot | undefined>;

/** Everything that decides the bytes of an extract. */
interface ExtractRequest {
  readonly prisma: Prisma;
  readonly snapshot: RegisterSnapshot | undefined;
  readonly revision: RecordedRevision;
  readonly day: Day;
  readonly within: UnitRow | null;
  readonly parameters: ExtractParameters;
}

interface ExtractFormat {
  readonly contentType: string;
  readonly parameters: readonly ParameterName[];
  readonly columns: readonly string[];
  /** Incremented when the same request gives other bytes than before */
  readonly formatVersion: number;
  readonly streamChunks: (request: ExtractRequest) => AsyncGenerator<Buffer>;
}

const unitParameters = ['validAt', 'knownAt', 'revision', 'within'] as const;
const csvParameters = ['columns', 'delimiter', 'bom'] as const;
const csvContentType = 'text/csv; charset=utf-8; header=present';
// A new fact adds a field to units.ndjson, and so changes its tag.
const FACTS_IN_VERSION_1 = 9;

/** The extracts by file name. */
export const extractFormats = {
  'units.csv': {
    contentType: csvContentType,
    parameters: [...unitParameters, ...csvParameters],
    columns: Object.keys(unitColumns),
    formatVersion: 1,
    streamChunks: (request) => streamColumnsAsCsv(unitColumns, streamUnits(request, false), request.parameters),
  },
  'units.ndjson': {
    contentType: 'application/x-ndjson',
    parameters: unitParameters,
    columns: [],
    formatVersion: 1 + factNames.length - FACTS_IN_VERSION_1,
    streamChunks: (request) =>
      streamNdjson(
        {
          extract: 'units.ndjson',
          revision: request.revision.revision,
          recordedAt: request.revision.recordedAt,
          validAt: request.day,
          within: request.within?.reshId ?? null,
          changesSince: request.revision.revision,
        },
        streamUnits(request, true),
      ),
  },
  'units.fhir.ndjson': {
    contentType: 'application/fhir+ndjson',
    parameters: unitParameters,
    columns: [],
    formatVersion: 2,
    streamChunks: (request) => streamFhir(streamUnits(request, true)),
  },
  'unit-history.csv': {
    contentType: csvContentType,
    parameters: ['knownAt', 'revision', ...csvParameters],
    columns: Object.keys(historyColumns),
    formatVersion: 1,
    streamChunks: ({ prisma, revision, parameters }) =>
      streamColumnsAsCsv(historyColumns, streamHistoryPages(prisma, revision.revision), parameters),
  },
  'successions.csv': {
    contentType: csvContentType,
    parameters: ['knownAt', 'revision', ...csvParameters],
    columns: Object.keys(successionColumns),
    formatVersion: 1,
    streamChunks: ({ prisma, revision, parameters }) =>
      streamColumnsAsCsv(
        successionColumns,
        prefetch(readFilePages(prisma, 'successions.csv', revision.revision)),
        parameters,
      ),
  },
} as const satisfies Record<string, ExtractFormat>;

/** Returns a CSV file of the requested columns in the requested order. */
function streamColumnsAsCsv<Item>(
  columns: Readonly<Record<string, Column<Item>>>,
  pages: Pages<Item>,
  parameters: ExtractParameters,
): AsyncGenerator<Buffer> {
  const names = parameters.columns ?? Object.keys(columns);
  const writers = names.flatMap((name) => (columns[name] ? [[name, columns[name].createWriter()] as const] : []));
  return streamCsv(new Map(writers), pages, toCsvOptions(parameters));
}

/** Returns the units from memory if it holds them, else from the database. */
function streamUnits({ prisma, snapshot, revision, day, within }: ExtractRequest, includesDetails: boolean) {
  if (snapshot) return readSnapshotPages(snapshot, within?.reshId ?? null, includesDetails);
  return streamUnitPages(prisma, { snapshot: { revision: revision.revision, day }, within, includesDetails });
}

export type ExtractName = keyof typeof extractFormats;
export const extractNames = Object.keys(extractFormats) as ExtractName[];

/** An opened extract. */
export interface Extract {
  readonly contentType: string;
  /** Name under which to save the file */
  readonly fileName: string;
  readonly revision: number;
  /** Day of the extract; null if it has all days */
  readonly day: Day | null;
  /** Entity tag: differs if the bytes differ */
  readonly tag: string;
  /** Indicates whether the request named the revision and the day, so that its extract never changes */
  readonly isImmutable: boolean;
  /** Yields the text, a page at a time; reads nothing before the first page is requested */
  readonly streamChunks: () => AsyncGenerator<Buffer>;
}

/**
 * Opens an extract. The bytes depend on revision, day and parameters alone.
 *
 * @param entries names and values of the parameters in the request
 * @param today day of the extract if the request names none
 * @param findSnapshot finds the register in memory, from which units are read faster
 * @throws ExtractError if a parameter is invalid, before anything is written
 */
export async function openExtract(
  prisma: Prisma,
  name: ExtractName,
  entries: Iterable<readonly [string, string]>,
  today: Day,
  findSnapshot: FindSnapshot = async () => undefined,
): Promise<Extract> {
  const format: ExtractFormat = extractFormats[name];
  const parameters = parseParameters(entries, { extract: name, ...format });
  const revision = await findRevision(prisma, parameters);
  const day = parameters.validAt ?? today;
  const within =
    parameters.within === undefined
      ? null
      : await findSubtreeRoot(prisma, parameters.within, { revision: revision.revision, day });
  const extractDay = format.parameters.includes('validAt') ? day : null;
  const { columns = format.columns, within: withinReshId = null } = parameters;
  // The hash covers all changes up to the revision, so another register at the same address has another hash.
  const digestInput = [
    name,
    format.formatVersion,
    revision.hash,
    extractDay,
    withinReshId,
    columns,
    toCsvOptions(parameters),
  ];
  const digest = createHash('sha256').update(JSON.stringify(digestInput)).digest('base64url').slice(0, 16);
  return {
    contentType: format.contentType,
    fileName: buildFileName(name, revision.revision, extractDay, parameters.within),
    revision: revision.revision,
    day: extractDay,
    tag: [`r${revision.revision}`, ...(extractDay === null ? [] : [extractDay]), digest].join('-'),
    isImmutable: parameters.revision !== undefined && (extractDay === null || parameters.validAt !== undefined),
    streamChunks: async function* () {
      const found = extractDay === null ? undefined : await findSnapshot({ revision: revision.revision, day });
      // In a restored register, the same revision can be another one.
      const snapshot = found?.hash === revision.hash ? found : undefined;
      yield* format.streamChunks({ prisma, snapshot, revision, day, within, parameters });
    },
  };
}

function toCsvOptions({ delimiter = ',', bom = false }: ExtractParameters) {
  return { delimiter, bom };
}

function buildFileName(name: ExtractName, revision: number, day: Day | null, within: number | undefined): string {
  const [base = '', ...extension] = name.split('.');
  const parts = [base, ...(within === undefined ? [] : [`within-${within}`]), ...(day === null ? [] : [day])];
  return `resh-${[...parts, `revision-${revision}`].join('-')}.${extension.join('.')}`;
}
