import { listAllValues } from '../lists/list-check-values.ts';
import { findValueType, fitsList } from '../lists/value-type.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** Values of list checks whose list compares another kind of values: it knows them as plain texts. */
export function valuesNotOfList({ document, surroundings }: LintContext): Problem[] {
  return listAllValues(document).flatMap(({ check, path, template, listName }): Problem[] => {
    const list = surroundings.listTypeOf?.(listName ?? '');
    const value = findValueType(template, surroundings.fieldOf);
    if (list === undefined || value === undefined || fitsList(value, list)) return [];
    const message = `The list "${listName}" is one of the type ${list}, so this value of the type ${value} is compared as plain text there: name another list for it, as {"value": …, "list_name": …} in values. A deploy makes a list that fits.`;
    return [{ path: `list_checks.${check}.${path}`, message }];
  });
}
