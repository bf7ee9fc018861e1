/**
 * Returns a path as text that sorts in tree order: ten digits and a slash for each unit.
 *
 * @param path RESH-ids from the root to the unit itself
 */
export function formatPathText(path: readonly number[]): string {
  return path.map((id) => `${String(id).padStart(10, '0')}/`).join('');
}

/** Returns SQL for the part of a path text that one unit adds. */
export function pathStepSql(reshId: string): string {
  return `lpad(${reshId}::text, 10, '0') || '/'`;
}
