/** The kinds of unit: organizations, usually with an organization number, and departments under them. */
export const unitTypes = ['ORGANIZATION', 'DEPARTMENT'] as const;

export type UnitType = (typeof unitTypes)[number];
