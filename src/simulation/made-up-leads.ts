import { findFieldType } from '../field-types/field-types.ts';
import type { CompiledField, CompiledFlow, CompiledSource } from '../flow-compiler/compiled-flow.ts';
import type { InboundRequest } from '../integrations/contract.ts';
import type { RuleCatalogueRow } from '../rules/rule-catalogue.ts';

/** Of a flow's rules, how many are looked at for values that pass them. */
const RULES_MAX = 1_000;
/** Values of one field that rules ask for. */
const WANTED_MAX = 8;

/**
 * Makes requests to a source of a flow that no sender has sent. Three of four have values that the flow's rules ask for,
 * so that they come as far as the recipients; the fourth has the examples of the types. Forms and JSON take turns.
 */
export function createMadeUpRequests(flow: CompiledFlow): (source: CompiledSource, count: number) => InboundRequest {
  const fields = flow.fields.map((field) => ({ id: field.id, ...candidatesOf(field, flow) }));
  return (source, count) => {
    const values = fields.map(({ id, type, wanted, examples }): [string, string] => {
      const from = wanted.length > 0 && count % 4 !== 3 ? wanted : examples;
      return [id, vary(type, from[Math.floor(count / 4) % from.length] ?? '', count)];
    });
    const body = count % 3 === 2 ? JSON.stringify(Object.fromEntries(values)) : writeForm(values);
    return {
      method: 'POST',
      uri: `/flows/${flow.id}/sources/${source.entityId}/submit`,
      version: '1.1',
      headers: {
        Accept: 'application/json',
        'Content-Type': count % 3 === 2 ? 'application/json' : 'application/x-www-form-urlencoded',
      },
      body,
      timestamp: 0,
    };
  };
}

interface Candidates {
  type: string;
  /** What rules ask for. */
  wanted: string[];
  examples: readonly string[];
}

function candidatesOf({ id, type }: CompiledField, flow: CompiledFlow): Candidates {
  const rows = flow.catalogue.rows.slice(0, RULES_MAX).filter(({ lhv, path }) => {
    return lhv === `lead.${id}` && !isOfFilter(path, flow);
  });
  const wanted = rows.flatMap(wantedBy).slice(0, WANTED_MAX);
  return { type, wanted, examples: findFieldType(type)?.examples ?? ['made up'] };
}

/** What passes the rules of a filter is stopped there. */
function isOfFilter(path: string, { document }: CompiledFlow): boolean {
  const step = /^steps\.(\d+)\./.exec(path)?.[1];
  return step !== undefined && document.steps?.[Number(step)]?.type === 'filter';
}

function wantedBy({ op, rhv }: RuleCatalogueRow): string[] {
  const text = typeof rhv === 'number' || typeof rhv === 'boolean' ? String(rhv) : rhv;
  if (Array.isArray(text)) return text.filter((each) => typeof each === 'string').slice(0, WANTED_MAX);
  if (typeof text !== 'string' || text.includes('{{')) return [];
  switch (op) {
    case 'is equal to':
      return [text];
    case 'is included in':
      return text.split(',', WANTED_MAX).map((each) => each.trim());
    case 'is greater than':
      return isNumber(text) ? [String(Number(text) + 1)] : [];
    case 'is less than':
      return isNumber(text) ? [String(Number(text) - 1)] : [];
    default:
      return [];
  }
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

/** Values that leads are recognised by differ from lead to lead, as they do in real ones. */
function vary(type: string, value: string, count: number): string {
  if (type === 'email') return value.replace('@', `.${count}@`);
  if (type === 'phone') return value.replace(/\d{4}$/, String(count % 10_000).padStart(4, '0'));
  return value;
}

function writeForm(values: readonly [string, string][]): string {
  return values.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}
