/** Returns a number with its noun: `1 unit`, `2 units`. */
export function formatCount(count: number, singular: string, plural: string): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
