/** A JSON Schema, as far as types can say it. */
export interface Schema {
  $id?: string;
  title?: string;
  $ref?: string;
  $defs?: Readonly<Record<string, Schema>>;
  description?: string;
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  items?: Schema | readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  patternProperties?: Readonly<Record<string, Schema>>;
  additionalProperties?: boolean | Schema;
  required?: readonly string[];
  format?: string;
  contentMediaType?: string;
  examples?: readonly unknown[];
}

export interface TypeWriter {
  /** The schema as a type; a named one (`$id` or a reference) by its name. */
  write(schema: Schema): string;
  /** The declarations of every named schema that was written, in the order of their names. */
  declarations(): string[];
}

/**
 * Writes schemas as TypeScript. What has an `$id` that can name a type is declared once under that name; two different
 * schemas of one name are refused. The definitions inside a schema have its title before their names: the `Cap` of `Flow`
 * is `FlowCap`. `elsewhere` has the schemas of names that are only mentioned (`{ $id: 'Flow' }`).
 */
export function createTypeWriter(elsewhere: Readonly<Record<string, Schema>> = {}): TypeWriter {
  const declared = new Map<string, { schema: Schema; text: string }>();
  return {
    write: (schema) => write(schema, ''),
    declarations: () => [...declared].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { text }]) => text),
  };

  /** `outer`: the title of the schema whose definitions this one refers to. */
  function write(schema: Schema, outer: string): string {
    const scope = schema.$defs ? (schema.title ?? '') : outer;
    for (const [name, definition] of Object.entries(schema.$defs ?? {}))
      declare(within(scope, name), definition, scope);
    if (schema.$ref !== undefined) return within(scope, nameOf(schema.$ref));
    const name = schema.$id === undefined ? undefined : nameOf(schema.$id);
    if (name === undefined || !NAME.test(name)) return writeShape(schema, scope);
    const whole = elsewhere[name];
    if (whole) return write(whole, scope);
    declare(name, schema, scope);
    return name;
  }

  function declare(name: string, schema: Schema, scope: string): void {
    const before = declared.get(name);
    if (before) {
      if (JSON.stringify(before.schema) !== JSON.stringify(schema))
        throw new Error(`There are two schemas named ${name}.`);
      return;
    }
    const entry = { schema, text: '' };
    // Known before it is written: a definition may contain itself.
    declared.set(name, entry);
    const shape = writeShape(schema, scope);
    const isObject = shape.startsWith('{') && shape.endsWith('}') && isPlainObject(schema);
    entry.text = `${comment(schema, '')}export ${isObject ? `interface ${name} ${shape}` : `type ${name} = ${shape};`}`;
  }

  function writeShape(schema: Schema, scope: string): string {
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
    const alternatives = schema.anyOf ?? schema.oneOf;
    if (alternatives) return union(alternatives.map((each) => write(each, scope)));
    if (schema.allOf) return writeAll(schema, schema.allOf, scope);
    const types = [schema.type ?? 'unknown'].flat();
    return union(types.map((type) => writeType(type, schema, scope)));
  }

  /** A part that is a condition, such as "a filter has rules", has no type of its own. */
  function writeAll(schema: Schema, parts: readonly Schema[], scope: string): string {
    const own = schema.type === undefined ? [] : [[schema.type].flat().map((type) => writeType(type, schema, scope))];
    const types = [...own.map(union), ...parts.map((part) => write(part, scope))].filter((each) => each !== 'unknown');
    return types.length === 0 ? 'unknown' : types.map(bracketed).join(' & ');
  }

  function writeType(type: string, schema: Schema, scope: string): string {
    switch (type) {
      case 'string':
      case 'boolean':
      case 'null':
        return type;
      case 'number':
      case 'integer':
        return 'number';
      case 'array':
        return writeArray(schema.items, scope);
      case 'object':
        return writeObject(schema, scope);
      default:
        return 'unknown';
    }
  }

  function writeArray(items: Schema['items'], scope: string): string {
    if (items === undefined) return 'unknown[]';
    if (isTuple(items)) return `[${items.map((each) => write(each, scope)).join(', ')}]`;
    return `${bracketed(write(items, scope))}[]`;
  }

  function writeObject(schema: Schema, scope: string): string {
    const { properties = {}, patternProperties = {}, additionalProperties, required = [] } = schema;
    const rows = Object.entries(properties).map(([name, property]) => {
      const mark = required.includes(name) ? '' : '?';
      return `${comment(property, '  ')}  ${key(name)}${mark}: ${indent(write(property, scope))};`;
    });
    const others = [
      ...Object.values(patternProperties),
      ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
    ].map((each) => write(each, scope));
    if (rows.length === 0)
      return others.length > 0 ? `Record<string, ${union(others)}>` : emptyObject(additionalProperties);
    // An index that is narrower than a property would contradict it.
    if (others.length > 0 || additionalProperties !== false) rows.push('  [name: string]: unknown;');
    return `{\n${rows.join('\n')}\n}`;
  }
}

function emptyObject(additionalProperties: Schema['additionalProperties']): string {
  return additionalProperties === false ? 'Record<string, never>' : 'Record<string, unknown>';
}

function isTuple(items: Schema | readonly Schema[]): items is readonly Schema[] {
  return Array.isArray(items);
}

const NAME = /^[A-Z]\w*$/;

function within(scope: string, name: string): string {
  return name.startsWith(scope) ? name : `${scope}${name}`;
}

/** `Flow` of `Flow`, `#Flow` and `#/$defs/Flow`. */
function nameOf(reference: string): string {
  return reference.replace(/^#?(\/\$defs\/)?/, '');
}

function isPlainObject({ anyOf, oneOf, allOf, type }: Schema): boolean {
  return !anyOf && !oneOf && !allOf && type === 'object';
}

function union(types: readonly string[]): string {
  const unique = [...new Set(types)];
  return unique.includes('unknown') || unique.length === 0 ? 'unknown' : unique.join(' | ');
}

/** Fit to have `[]` behind it. */
export function bracketed(type: string): string {
  return / [|&] /.test(type) && !isOneObject(type) ? `(${type})` : type;
}

/** Between whose first and last sign no object ends: not a union of two. */
function isOneObject(type: string): boolean {
  return type.startsWith('{') && !/^\}/m.test(type.slice(1, -1));
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function indent(type: string): string {
  return type.replaceAll('\n', '\n  ');
}

/** The description as a doc comment above what it describes, or nothing. */
function comment({ description }: Schema, margin: string): string {
  return description === undefined ? '' : `${margin}/** ${oneLine(description)} */\n`;
}

/** Fit for the inside of a comment. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('*/', '*\\/').trim();
}
