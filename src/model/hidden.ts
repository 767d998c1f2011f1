/** What stands where a value of a lead is not shown, in files and explanations. */
export const HIDDEN = '(hidden)';
