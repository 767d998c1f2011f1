import { type FlowDocument, LIST_CHECK_NAMES, type ListCheck, type ListCheckName } from '../model/flow.ts';

/** One value that a list check looks for, and where. */
export interface ListCheckValue {
  template: string;
  /** null: neither the value nor its check names a list, which keeps the flow from running. */
  listName: string | null;
  /** Among `values`, from 0; null: it is the `value` of the check. */
  place: number | null;
  /** Where its template stands, below the check. */
  path: string;
  /** Where its list is named, below the check. */
  listPath: string;
}

/** What a check looks for: its `value`, else its `values` in their order. */
export function listValuesOf({ value, values, list_name: shared }: ListCheck): ListCheckValue[] {
  const listName = shared ?? null;
  if (typeof value === 'string') {
    return [{ template: value, listName, place: null, path: 'value', listPath: 'list_name' }];
  }
  return (values ?? []).map((each, place) => {
    const path = `values.${place}`;
    if (typeof each === 'string') return { template: each, listName, place, path, listPath: 'list_name' };
    const own = each.list_name ?? null;
    const listPath = own === null ? 'list_name' : `${path}.list_name`;
    return { template: each.value, listName: own ?? listName, place, path: `${path}.value`, listPath };
  });
}

/** The values of all checks of a flow, in the order of the checks. */
export function listAllValues({ list_checks: checks }: FlowDocument): (ListCheckValue & { check: ListCheckName })[] {
  return LIST_CHECK_NAMES.flatMap((name) => {
    const check = checks?.[name];
    return check ? listValuesOf(check).map((value) => ({ check: name, ...value })) : [];
  });
}
