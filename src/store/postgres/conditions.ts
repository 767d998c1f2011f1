/** Conditions of one question, and the parameters of its statement. */
export interface Conditions {
  /** Begins with ` and`, or is empty. */
  text: string;
  values: unknown[];
}

/**
 * The conditions that were given, so that the planner sees what is asked and nothing else. Each row is a condition with `$?`
 * for its value, and the value; undefined: not asked for.
 */
export function buildConditions(first: readonly unknown[], rows: readonly (readonly [string, unknown])[]): Conditions {
  const values = [...first];
  const texts = rows.flatMap(([condition, value]) => {
    if (value === undefined) return [];
    values.push(value);
    return [` and ${condition.replaceAll('$?', `$${values.length}`)}`];
  });
  return { text: texts.join(''), values };
}
