/** What a register of one size costs; medians. */
export interface Figures extends ImportFigures, StartFigures, ReadingFigures, RenameFigures {
  readonly units: number;
  /** Memory of the server that has the register in memory, in bytes */
  readonly startedBytes: number;
  /** Memory after one request of each query, in bytes */
  readonly queriedBytes: number;
  /** Time from the first search until one is answered from memory, in seconds */
  readonly searchSeconds: number;
  /** Time of a move of 500 units, in milliseconds */
  readonly moveMs: number;
  /** Time of the extract units.csv, in seconds */
  readonly extractSeconds: number;
}

export interface ImportFigures {
  readonly importedRows: number;
  readonly importSeconds: number;
}

/** Seconds from the start of the server's process. */
export interface StartFigures {
  readonly readySeconds: number;
  /** Until it answers from memory */
  readonly inMemorySeconds: number;
}

/** CPU times are those of the server and of PostgreSQL together, in milliseconds. */
export interface ReadingFigures {
  readonly ancestryCpuMs: number;
  /** Median time of a request at one connection, in milliseconds */
  readonly ancestryP50Ms: number;
  readonly listCpuMs: number;
  /** CPU time for each unit of the list */
  readonly listedUnitCpuMs: number;
}

/** Times of a rename by one writer, in milliseconds. */
export interface RenameFigures {
  readonly renameMs: number;
  readonly renameServerCpuMs: number;
  readonly renamePostgresqlCpuMs: number;
  /** Time of the first ancestry after a rename, which reads the change into memory */
  readonly ancestryAfterRenameMs: number;
}
