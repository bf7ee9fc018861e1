/** Deepest nesting of fields in an operation. */
export const depthLimit = 24;
/** Most fields in an operation, aliases counted each. */
export const breadthLimit = 2_000;
/** Greatest cost of an operation: about the number of values that it may return, estimated from its arguments. */
export const costLimit = 10_000_000;
/** Cost of a field that reads much of the register, however little it returns: a hundredth of the limit. */
export const heavyCost = costLimit / 100;
/**
 * Greatest number of items that a nested page of children adds to the cost. A unit has one parent, so not all levels
 * can be full. They can in an operation that goes up and down the tree, for which the objects returned are counted too.
 */
export const childrenCostCap = 25;

/** Items in a page without `first`. */
export const defaultPageSize = 50;
/** Greatest page of children. */
export const childrenPageLimit = 1_000;
/** Greatest page of descendants. */
export const descendantsPageLimit = 10_000;
/** Greatest page of the units in an impact: each page of a dry run makes the plan again. */
export const impactPageLimit = 1_000;
/** Greatest page of anything else. */
export const pageLimit = 100;
/** Most RESH-ids in one lookup. */
export const lookupLimit = 1_000;
/** Most values of one facet. */
export const facetLimit = 100;
/** Most properties of a cross table of `counts`. */
export const countDimensionLimit = 3;
/** Most rows of a cross table of `counts`. */
export const countRowLimit = 10_000;
/** Most filters in a filter, itself included. */
export const filterLimit = 50;
/** Most days in a response of `changePoints`. */
export const changePointLimit = 1_000;
/** Longest interval of `changePoints`, in years. */
export const changePointYears = 200;
/** Most revisions that a page of the feed examines for changes within a unit. */
export const feedWindow = 10_000;
