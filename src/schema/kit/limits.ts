/** Deepest nesting of fields in an operation. */
export const depthLimit = 24;
/** Most fields in an operation, aliases counted each. */
export const breadthLimit = 2_000;
/** Greatest cost of an operation: about the number of values it may bring, estimated from its arguments. */
export const costLimit = 10_000_000;
/** What a field costs by itself that reads much of the register, however little it brings: a hundredth of what is allowed. */
export const heavyCost = costLimit / 100;
/** What a nested page of children counts as at most: a unit has one parent, so levels cannot all be full.
 * Where an operation goes up and down again they can: there the objects it really brings are counted too. */
export const childrenCostCap = 25;

/** Places in a page where the request names no number. */
export const defaultPageSize = 50;
/** Greatest page of children. */
export const childrenPageLimit = 1_000;
/** Greatest page of descendants. */
export const descendantsPageLimit = 10_000;
/** Greatest page of anything else. */
export const pageLimit = 100;
/** Most RESH-ids in one look-up. */
export const lookupLimit = 1_000;
/** Most values of one facet. */
export const facetLimit = 100;
/** Most days in an answer of `changePoints`. */
export const changePointLimit = 1_000;
/** Longest interval that `changePoints` looks at, in years. */
export const changePointYears = 50;
/** Most revisions that a page of the feed looks at for what concerns a unit. */
export const feedWindow = 10_000;
