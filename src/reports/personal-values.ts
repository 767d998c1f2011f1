/** What a path below `vars` is named by is a value of a lead, unless it is one of these. */
const OTHERS = /^vars\.(flow|source|recipient|account)\.|^vars\.lead\.id$/;
const PATHS = /vars\.[\w.-]+/g;

/** Is it a value of a lead, or one that a step appended? */
export function isPersonalProperty(property: string): boolean {
  return property.startsWith('vars.') && !OTHERS.test(property);
}

/** Do the rules read one? */
export function readsPersonalProperty(rules: readonly unknown[]): boolean {
  return [...(JSON.stringify(rules) ?? '').matchAll(PATHS)].some(([path]) => isPersonalProperty(path));
}
