import type { Module, ModuleVariable } from '../../../../client/src/client.ts';
import type { Mapping } from '../../../../src/model/mapping.ts';
import { parsePath } from '../../../../src/variables/property-path.ts';

/** A property of a module with what fills it. */
export interface Property {
  /** As mappings name it. */
  name: string;
  /** As the module declares it, alone or as an open group such as `header.*`. undefined: the module does not take it. */
  declared: ModuleVariable | undefined;
  /** The module requires it, and nothing fills it. */
  isMissing: boolean;
  /** Places among the mappings, in their order: of several the last that applies counts. */
  places: number[];
}

interface Given {
  /** undefined: it is not known, or not read yet. */
  module: Pick<Module, 'request_variables'> | undefined;
  mappings: readonly Mapping[];
  /** The step has a credential, which is a property of modules, too. */
  hasCredential: boolean;
}

/** What is filled and what has to be: required properties first, then the others in the order of the module. */
export function listProperties({ module, mappings, hasCredential }: Given): Property[] {
  const declared = module?.request_variables ?? [];
  const names = [...new Set(mappings.map(({ property }) => property))];
  const mapped = names.map((name): Property & { rank: number } => {
    const { variable, rank } = findDeclared(name, declared);
    const places = mappings.flatMap(({ property }, place) => (property === name ? [place] : []));
    return { name, declared: variable, isMissing: false, places, rank };
  });
  const missing = declared.flatMap((variable, rank): (Property & { rank: number })[] => {
    if (!isRequired(variable) || isFilled(variable, names)) return [];
    if (variable.name === 'credential_id' && hasCredential) return [];
    return [{ name: variable.name, declared: variable, isMissing: true, places: [], rank }];
  });
  return [...mapped, ...missing]
    .sort((one, other) => Number(isFirst(other)) - Number(isFirst(one)) || one.rank - other.rank)
    .map(({ rank: _rank, ...property }) => property);
}

function isFirst({ declared }: Property): boolean {
  return declared?.required === true && !isOpen(declared);
}

/** What every lead brings by itself under these names needs no mapping. */
const PROVIDED = new Set([
  ...['lead', 'submission', 'account', 'flow', 'source', 'recipient', 'suppressionlist'],
  ...['price', 'purchase_price', 'random', 'event_id', 'timestamp', 'appended', 'feedback'],
]);

function isRequired(variable: ModuleVariable): boolean {
  return (
    variable.required &&
    variable.default === undefined &&
    !isOpen(variable) &&
    !PROVIDED.has(variable.name.split('.')[0] ?? '')
  );
}

/** By a mapping of the property, of a part of it, or of an object that has it: as the server looks at it. */
function isFilled(variable: ModuleVariable, names: readonly string[]): boolean {
  const segments = variable.name.split('.');
  return names.some((name) => {
    const parsed = parsePath(name);
    if (!parsed.ok) return false;
    const shared = Math.min(parsed.value.length, segments.length);
    return segments.slice(0, shared).every((segment, index) => segment === String(parsed.value[index]));
  });
}

export function isOpen({ name }: Pick<ModuleVariable, 'name'>): boolean {
  return /(?:^|\.)\*$/.test(name);
}

/** `header.` of `header.*`; empty: the module takes any name. */
export function prefixOf({ name }: Pick<ModuleVariable, 'name'>): string {
  return name.replace(/\*$/, '');
}

function findDeclared(name: string, declared: readonly ModuleVariable[]): { variable?: ModuleVariable; rank: number } {
  const exact = declared.findIndex((variable) => variable.name === name);
  const rank =
    exact === -1 ? declared.findIndex((variable) => isOpen(variable) && name.startsWith(prefixOf(variable))) : exact;
  const variable = declared[rank];
  return variable === undefined ? { rank: declared.length } : { variable, rank };
}

/** A property that can be added. */
export interface Addable {
  name: string;
  /** The rest of the name is to be written: `header.` */
  isOpen: boolean;
  variable: ModuleVariable | undefined;
}

/** What the module takes and nothing fills, by a part of its name or of its help; open groups take the name that was written. */
export function listAddable({ module, mappings, hasCredential }: Given, query: string): Addable[] {
  const written = query.trim();
  const words = written
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const names = new Set(mappings.map(({ property }) => property));
  const declared = (module?.request_variables ?? []).filter(
    (variable) => !names.has(variable.name) && !(variable.name === 'credential_id' && hasCredential),
  );
  const matches = ({ name, description }: ModuleVariable) =>
    words.every((word) => `${name} ${description ?? ''}`.toLowerCase().includes(word));
  const whole = declared.filter((variable) => !isOpen(variable) && matches(variable));
  const open = declared.filter(isOpen).flatMap((variable): Addable[] => {
    const prefix = prefixOf(variable);
    if (written.startsWith(prefix) && written.length > prefix.length)
      return [{ name: written, isOpen: false, variable }];
    return matches(variable) ? [{ name: prefix, isOpen: true, variable }] : [];
  });
  return [...whole.map((variable) => ({ name: variable.name, isOpen: false, variable })), ...open];
}
