import type { ByteWriter } from '../../domain/text/byte-writer.ts';
import type { RegisterSnapshot } from '../../store/snapshot/register-snapshot.ts';
import type { NamedCoordinates } from '../kit/view.ts';
import type { Tally } from './tally.ts';

/** The snapshot from which a part of a response is shown, and the coordinates of it that ids include. */
export interface SnapshotView {
  readonly snapshot: RegisterSnapshot;
  readonly named: NamedCoordinates;
}

/** The response that is being written. */
export interface Output {
  readonly writer: ByteWriter;
  readonly tally: Tally;
  /** Whether the bytes are stored as the fragment of a unit */
  readonly isStored: boolean;
}

/** Writes a value of a response as JSON. */
export type Emit<Source> = (source: Source, view: SnapshotView, output: Output) => void;
