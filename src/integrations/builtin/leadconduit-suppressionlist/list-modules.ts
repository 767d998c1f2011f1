import type { Vars } from '../../../model/vars.ts';
import type {
  BuiltinExchangeModule,
  BuiltinHandleModule,
  Exchanges,
  HandleEnd,
  ModuleVariable,
  OutboundRequest,
} from '../../contract.ts';
import { type AllowsPrivateHosts, deliveryUrlProblem } from '../../formats/delivery-url.ts';
import { type ListAnswer, readListAnswer, readQueryAnswer } from './list-answer.ts';
import { asksOwnLists, buildChange, buildQuery, listNames, remoteUrl, valuesOf } from './list-request.ts';

/** The hosted package whose measured behaviour this is. */
const VERSION = '2.3.15';
const PACKAGE = 'leadconduit-suppressionlist.outbound';

// biome-ignore format: a table reads better in rows
const LIST_NAME: ModuleVariable = { name: 'list_name', type: 'string', required: true, description: 'The list, by name or id; commas between several' };

// biome-ignore format: a table reads better in rows
const QUERY_VARIABLES: readonly ModuleVariable[] = [
  { name: 'list_names', type: 'string', required: true, description: 'The lists, by name or id, with commas between' },
  { name: 'value', type: 'string', required: true, description: 'What is looked for: a phone, an e-mail address …' },
  { name: 'values', type: 'string', required: false, description: 'The older name of value; of several the first is looked for', deprecated: true },
];

// biome-ignore format: a table reads better in rows
const UNIQUE_VARIABLES: readonly ModuleVariable[] = [
  { ...LIST_NAME, description: 'The list, by name or id' },
  { name: 'value', type: 'string', required: true, description: 'What must not be on the list yet, and is entered' },
];

// biome-ignore format: a table reads better in rows
const CHANGE_VARIABLES: readonly ModuleVariable[] = [
  LIST_NAME,
  { name: 'values', type: 'string', required: true, description: 'One value, or several with commas between' },
];

/** What each call appends. */
// biome-ignore format: a table reads better in rows
const APPENDED = {
  query_item: [
    ['outcome', 'string', 'success whether it was found or not, else why it could not be asked'],
    ['reason', 'string', 'Why it could not be asked'],
    ['found', 'boolean', 'Is the value on one of the lists?'],
    ['found_in', 'array', 'The lists that have it'],
    ['added_at', 'time', 'When it was added last'],
    ['duration', 'number', 'Seconds the server took'],
  ],
  add_item: [
    ['outcome', 'string', 'success, or why it could not be entered'],
    ['reason', 'string', 'Why it could not be entered'],
    ['accepted', 'number', 'Values that were entered'],
    ['rejected', 'number', 'Values that were not'],
    ['duration', 'number', 'Seconds the server took'],
  ],
  delete_item: [
    ['outcome', 'string', 'success, or why it could not be taken off'],
    ['reason', 'string', 'Why it could not be taken off'],
    ['deleted', 'number', 'Values that were taken off'],
    ['rejected', 'number', 'Values that were not'],
    ['duration', 'number', 'Seconds the server took'],
  ],
} as const;

type Call = keyof typeof APPENDED;

function appendedBy(call: Call, prefix = ''): ModuleVariable[] {
  return APPENDED[call].map(([name, type, description]) => ({ name: `${prefix}${call}.${name}`, type, description }));
}

/**
 * The steps of SuppressionList (spec modules e). A step that maps `activeprospect.api_key` asks SuppressionList, or the
 * server that it maps as `activeprospect.suppressionlist_url`; any other asks the lists of its own account.
 */
export function createListModules(options: {
  allowsPrivateHosts: AllowsPrivateHosts;
}): [...BuiltinExchangeModule[], BuiltinHandleModule] {
  const exchange = (
    call: Call,
    row: {
      name: string;
      variables: readonly ModuleVariable[];
      request(vars: Vars): OutboundRequest;
      read: typeof readListAnswer;
    },
  ): BuiltinExchangeModule => ({
    id: `${PACKAGE}.${call}`,
    version: VERSION,
    name: row.name,
    direction: 'outbound',
    style: 'request/response',
    requestVariables: row.variables,
    responseVariables: appendedBy(call),
    validate: (vars) => listProblem(vars, options) ?? (valuesOf(vars).length === 0 ? NO_VALUES : undefined),
    request: row.request,
    response: (_vars, _request, response) => ({ [call]: row.read(response) }),
  });
  return [
    exchange('query_item', {
      name: 'SuppressionList - Query List',
      variables: QUERY_VARIABLES,
      request: buildQuery,
      read: readQueryAnswer,
    }),
    exchange('add_item', {
      name: 'SuppressionList - Add Item',
      variables: CHANGE_VARIABLES,
      request: (vars) => buildChange(vars, { method: 'POST' }),
      read: readListAnswer,
    }),
    exchange('delete_item', {
      name: 'SuppressionList - Delete Item',
      variables: CHANGE_VARIABLES,
      request: (vars) => buildChange(vars, { method: 'DELETE' }),
      read: readListAnswer,
    }),
    {
      id: `${PACKAGE}.is_unique`,
      version: VERSION,
      name: 'SuppressionList - Is Unique',
      direction: 'outbound',
      style: 'handle',
      requestVariables: UNIQUE_VARIABLES,
      responseVariables: [
        { name: 'is_unique.outcome', type: 'string', description: 'success when the value was not on the list' },
        { name: 'is_unique.reason', type: 'string', description: 'Duplicate, or why it could not be asked' },
        ...appendedBy('query_item', 'is_unique.'),
        ...appendedBy('add_item', 'is_unique.'),
      ],
      validate: (vars) => listProblem(vars, options) ?? uniqueProblem(vars),
      handle: isUnique,
    },
  ];
}

const NO_VALUES = 'values must not be blank';

function listProblem(
  vars: Vars,
  { allowsPrivateHosts }: { allowsPrivateHosts: AllowsPrivateHosts },
): string | undefined {
  if (listNames(vars).length === 0) return 'a list name is required';
  const url = remoteUrl(vars);
  return url === undefined ? undefined : deliveryUrlProblem(url, allowsPrivateHosts);
}

function uniqueProblem(vars: Vars): string | undefined {
  if (listNames(vars).length > 1) return 'multiple lists not supported';
  const values = valuesOf(vars);
  if (values.length === 0) return 'value required';
  return values.length > 1 ? 'multiple values not supported' : undefined;
}

/** Asks, then enters the value where it is not found. */
async function isUnique(vars: Vars, exchanges: Exchanges): Promise<HandleEnd> {
  const asked = await exchanges.send(buildQuery(vars));
  if (asked.kind !== 'answered') return { kind: asked.kind, reason: asked.reason };
  const query = readQueryAnswer(asked.response);
  const refusal = refusalOf(vars, query);
  if (refusal) return ended({ ...refusal }, { query_item: query });
  const entered = await exchanges.send(buildChange(vars, { method: 'POST', onlyNew: asksOwnLists(vars) }));
  if (entered.kind !== 'answered') return { kind: entered.kind, reason: entered.reason };
  const add = readListAnswer(entered.response);
  return ended(outcomeOfAdding(vars, add), { query_item: query, add_item: add });
}

interface Uniqueness {
  outcome: string;
  reason?: unknown;
}

/**
 * Why the value is not entered. The measured module takes a question that failed for "not found"; of our own lists that
 * would be a list that is not there.
 */
function refusalOf(vars: Vars, { outcome, reason, found }: ListAnswer): Uniqueness | undefined {
  if (outcome === 'failure') return { outcome, reason };
  if (outcome === 'error') return asksOwnLists(vars) ? { outcome, reason } : undefined;
  return found === true ? DUPLICATE : undefined;
}

const DUPLICATE: Uniqueness = { outcome: 'failure', reason: 'Duplicate' };

/** Our own lists enter a value once, so that of two leads that ask at the same time one is unique. */
function outcomeOfAdding(vars: Vars, { outcome, reason, accepted }: ListAnswer): Uniqueness {
  if (outcome === 'failure') return { outcome, reason };
  if (!asksOwnLists(vars)) return { outcome: 'success' };
  if (outcome === 'error') return { outcome, reason };
  return accepted === 0 ? DUPLICATE : { outcome: 'success' };
}

/** The answers at the root, too (measured). */
function ended(uniqueness: Uniqueness, answers: Record<string, ListAnswer>): HandleEnd {
  return { kind: 'answered', appended: { is_unique: { ...uniqueness, ...answers }, ...answers } };
}
