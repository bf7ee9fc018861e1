const surrogate = /[\ud800-\udfff]/;

/**
 * Compares texts by their UTF-8 bytes, as PostgreSQL's collation "C" does; UTF-16 differs from that above U+FFFF only.
 */
export function compareBytes(one: string, other: string): number {
  if (one === other) return 0;
  if (surrogate.test(one) || surrogate.test(other)) return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return one < other ? -1 : 1;
}
