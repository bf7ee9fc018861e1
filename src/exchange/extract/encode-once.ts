import type { WriteValue } from '../../domain/text/byte-writer.ts';

/** Most values with bytes that are kept. */
const KEPT_LIMIT = 5_000;

/** Returns a function that writes values as another one does, and copies the bytes of values that it wrote before. */
export function encodeOnce<Value extends object>(write: WriteValue<Value>): WriteValue<Value> {
  const kept = new Map<Value, Buffer>();
  return (value, writer) => {
    const known = kept.get(value);
    if (known) return writer.bytes(known);
    const start = writer.length;
    write(value, writer);
    if (kept.size >= KEPT_LIMIT) kept.clear();
    kept.set(value, Buffer.from(writer.toBuffer().subarray(start)));
  };
}
