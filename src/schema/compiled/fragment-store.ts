import type { RegisterSnapshot } from '../../store/snapshot/register-snapshot.ts';
import { BLOCK_SIZE, Fragments } from './fragments.ts';
import type { Emit, SnapshotView } from './output.ts';

/** Most bytes of fragments that a snapshot holds; beyond it, all are dropped and made again as they are needed. */
const BYTE_LIMIT = 64_000_000;
/** Bytes that a selection takes for each character of its signature, about: its fragments hold what writes it. */
const BYTES_PER_CHARACTER = 50;

const stores = new WeakMap<RegisterSnapshot, FragmentStore>();

interface FragmentStore {
  /** By signature, for each choice of the coordinates that ids include */
  readonly choices: readonly Map<string, Fragments>[];
  byteCount: number;
}

/**
 * Returns the fragments of a selection for the units of a view.
 *
 * @param signature text that is the same for selections with the same JSON
 * @param emit writes the selection of a unit
 * @param isMadeAlone whether the fragment of a unit is made without those of the units around it
 */
export function fragmentsOf(view: SnapshotView, signature: string, emit: Emit<number>, isMadeAlone = false): Fragments {
  let store = stores.get(view.snapshot);
  if (!store || store.byteCount > BYTE_LIMIT) {
    store = { choices: [new Map(), new Map(), new Map(), new Map()], byteCount: 0 };
    stores.set(view.snapshot, store);
  }
  const { namesRevision, namesDay } = view.named;
  const fragments = store.choices[(namesRevision ? 2 : 0) + (namesDay ? 1 : 0)] as Map<string, Fragments>;
  const known = fragments.get(signature);
  if (known) return known;
  const created = new Fragments(view, emit, countBytes(store), isMadeAlone ? 1 : BLOCK_SIZE);
  fragments.set(signature, created);
  store.byteCount += BYTES_PER_CHARACTER * signature.length;
  return created;
}

function countBytes(store: FragmentStore): (bytes: number) => void {
  return (bytes) => {
    store.byteCount += bytes;
  };
}
