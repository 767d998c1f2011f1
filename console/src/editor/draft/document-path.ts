/** What stands at `steps.2.rule_set` of a document; undefined: nothing does. */
export function readPath(document: unknown, path: string): unknown {
  return splitPath(path).reduce<unknown>((value, name) => (isParent(value) ? value[name] : undefined), document);
}

/**
 * The document with `value` at the path; undefined takes the property out. What is not on the way stays the same object. The
 * same document when it has the value, or when something is there that cannot hold it.
 */
export function writePath<Document>(document: Document, path: string, value: unknown): Document {
  // The shape stays what it was: callers write a value of the type that the path has.
  return write(document, splitPath(path), value) as Document;
}

type Parent = Readonly<Record<string, unknown>>;

const splitPath = (path: string) => (path === '' ? [] : path.split('.'));

function isParent(value: unknown): value is Parent {
  return typeof value === 'object' && value !== null;
}

function write(parent: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  // A property of a part that is not there yet makes it: `firehose.enabled` of a flow without a firehose.
  if (parent === undefined && value !== undefined && !/^\d+$/.test(name)) return write({}, [name, ...rest], value);
  if (!isParent(parent)) return parent;
  if (Array.isArray(parent) && !(name in parent)) return parent;
  const next = rest.length === 0 ? value : write(parent[name], rest, value);
  if (next === parent[name]) return parent;
  if (Array.isArray(parent)) return parent.map((each, index) => (String(index) === name ? next : each));
  if (next !== undefined) return { ...parent, [name]: next };
  return Object.fromEntries(Object.entries(parent).filter(([each]) => each !== name));
}
