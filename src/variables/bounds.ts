/** How much one submission may carry (decision 38). A parameter is a leaf: a value, or a list or object left empty. */
export const PARAMETERS_MAX = 1_000;

/** How deep submitted names may nest: `a.b.c` has depth 3, a list counts as a level. */
export const DEPTH_MAX = 32;
