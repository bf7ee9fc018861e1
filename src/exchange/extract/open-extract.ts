import { createHash } from 'node:crypto';
import type { Day } from '../../domain/time/day.ts';
import type { Database } from '../../store/database/database.ts';
import type { RecordedRevision } from '../../store/read/revisions.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import { csvChunks, type CsvValue } from './csv.ts';
import { pagesOfUnits } from './extracted-unit.ts';
import { fhirChunks } from './fhir.ts';
import { findRevision, findWithin } from './find-snapshot.ts';
import { historyColumns, pagesOfHistory } from './history.ts';
import { ndjsonChunks } from './ndjson.ts';
import { readParameters, type ExtractParameters, type ParameterName } from './parameters.ts';
import { unitColumns } from './unit-columns.ts';

type Prisma = Database['prisma'];

/** What an extract is asked of: everything that decides its bytes. */
interface Asked {
  readonly prisma: Prisma;
  readonly revision: RecordedRevision;
  readonly day: Day;
  readonly within: UnitRow | null;
  readonly parameters: ExtractParameters;
}

interface ExtractFormat {
  readonly contentType: string;
  readonly parameters: readonly ParameterName[];
  readonly columns: readonly string[];
  /** Raised when the same question gets other bytes than before */
  readonly edition: number;
  readonly chunks: (asked: Asked) => AsyncGenerator<string>;
}

const unitsOf = ({ prisma, revision, day, within }: Asked, withDetails: boolean) =>
  pagesOfUnits(prisma, { snapshot: { revision: revision.revision, day }, within, withDetails });

const csvForm = ({ delimiter = ',', bom = false }: ExtractParameters) => ({ delimiter, bom });

/** A CSV file of the columns that are asked for, in the order in which they are. */
const csvOf = <Item>(
  columns: Readonly<Record<string, { readonly value: (item: Item) => CsvValue }>>,
  pages: AsyncIterable<readonly Item[]>,
  parameters: ExtractParameters,
): AsyncGenerator<string> => {
  const names = parameters.columns ?? Object.keys(columns);
  const values = names.flatMap((name) => columns[name]?.value ?? []);
  const rows = async function* () {
    for await (const page of pages) yield page.map((item) => values.map((value) => value(item)));
  };
  return csvChunks(names, rows(), csvForm(parameters));
};

const ofUnits = ['validAt', 'knownAt', 'revision', 'within'] as const;
const ofCsv = ['columns', 'delimiter', 'bom'] as const;
const csvType = 'text/csv; charset=utf-8; header=present';

/** The extracts by the names of their files. */
export const extractFormats = {
  'units.csv': {
    contentType: csvType,
    parameters: [...ofUnits, ...ofCsv],
    columns: Object.keys(unitColumns),
    edition: 1,
    chunks: (asked) => csvOf(unitColumns, unitsOf(asked, false), asked.parameters),
  },
  'units.ndjson': {
    contentType: 'application/x-ndjson',
    parameters: ofUnits,
    columns: [],
    edition: 1,
    chunks: (asked) =>
      ndjsonChunks(
        {
          extract: 'units.ndjson',
          revision: asked.revision.revision,
          recordedAt: asked.revision.recordedAt,
          validAt: asked.day,
          within: asked.within?.reshId ?? null,
          changesSince: asked.revision.revision,
        },
        unitsOf(asked, true),
      ),
  },
  'units.fhir.ndjson': {
    contentType: 'application/fhir+ndjson',
    parameters: ofUnits,
    columns: [],
    edition: 2,
    chunks: (asked) => fhirChunks(unitsOf(asked, true)),
  },
  'unit-history.csv': {
    contentType: csvType,
    parameters: ['knownAt', 'revision', ...ofCsv],
    columns: Object.keys(historyColumns),
    edition: 1,
    chunks: ({ prisma, revision, parameters }) =>
      csvOf(historyColumns, pagesOfHistory(prisma, revision.revision), parameters),
  },
} as const satisfies Record<string, ExtractFormat>;

export type ExtractName = keyof typeof extractFormats;
export const extractNames = Object.keys(extractFormats) as ExtractName[];

/** An extract that can be had: what it is of, and its text. */
export interface Extract {
  readonly contentType: string;
  /** Name for the file that it is saved as */
  readonly fileName: string;
  readonly revision: number;
  /** Day on which the units are seen; null where all days are */
  readonly day: Day | null;
  /** The same for the same bytes, and for no others */
  readonly tag: string;
  /** Whether it was asked for by revision and day, so that the answer never changes */
  readonly isFixed: boolean;
  /** The text, a page at a time; nothing is read before it is asked for */
  readonly chunks: () => AsyncGenerator<string>;
}

const fileNameOf = (name: ExtractName, revision: number, day: Day | null, within: number | undefined): string => {
  const [base = '', ...extension] = name.split('.');
  const parts = [base, ...(within === undefined ? [] : [`within-${within}`]), ...(day === null ? [] : [day])];
  return `resh-${[...parts, `revision-${revision}`].join('-')}.${extension.join('.')}`;
};

/**
 * Opens an extract. At one revision, on one day and with the same parameters it has the same bytes for ever.
 *
 * @param entries names and values of the parameters, as they were given
 * @param today day on which units are seen where none is named
 * @throws ExtractError where it cannot be answered, before anything is written
 */
export const openExtract = async (
  prisma: Prisma,
  name: ExtractName,
  entries: Iterable<readonly [string, string]>,
  today: Day,
): Promise<Extract> => {
  const format: ExtractFormat = extractFormats[name];
  const parameters = readParameters(entries, { extract: name, ...format });
  const revision = await findRevision(prisma, parameters);
  const day = parameters.validAt ?? today;
  const within =
    parameters.within === undefined
      ? null
      : await findWithin(prisma, parameters.within, { revision: revision.revision, day });
  const seenOn = format.parameters.includes('validAt') ? day : null;
  const { columns = format.columns, within: beneath = null } = parameters;
  // The hash says all that the register came to know by then: another register at this address, such as one made anew, has another.
  const said = [name, format.edition, revision.hash, seenOn, beneath, columns, csvForm(parameters)];
  const digest = createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 16);
  return {
    contentType: format.contentType,
    fileName: fileNameOf(name, revision.revision, seenOn, parameters.within),
    revision: revision.revision,
    day: seenOn,
    tag: [`r${revision.revision}`, ...(seenOn === null ? [] : [seenOn]), digest].join('-'),
    isFixed: parameters.revision !== undefined && (seenOn === null || parameters.validAt !== undefined),
    chunks: () => format.chunks({ prisma, revision, day, within, parameters }),
  };
};
