/** A detail of a unit or of a unit above it. */
export interface Detail {
  /** RESH-id of the unit that has it */
  readonly reshId: number;
  readonly type: string;
}

/**
 * Returns the details that hold for a unit: of each type its own, else those of the nearest unit above that has any.
 *
 * @param details of the unit and of all units above it, nearest first
 */
export function selectNearestByType<Item extends Detail>(
  details: readonly Item[],
  reshId: number,
): (Item & { readonly inherited: boolean })[] {
  const nearestReshIdByType = new Map<string, number>();
  for (const detail of details)
    if (!nearestReshIdByType.has(detail.type)) nearestReshIdByType.set(detail.type, detail.reshId);
  return details
    .filter((detail) => nearestReshIdByType.get(detail.type) === detail.reshId)
    .map((detail) => ({ ...detail, inherited: detail.reshId !== reshId }));
}
