/** The lists of the console: what `?…` of each may say. */
export type ListSection = 'leads' | 'events';

/** Time that ends now, by its name in the address, in ms. */
export const RANGES = {
  '1h': { label: 'Last hour', ms: 3_600_000 },
  '24h': { label: 'Last 24 hours', ms: 86_400_000 },
  '7d': { label: 'Last 7 days', ms: 7 * 86_400_000 },
  '30d': { label: 'Last 30 days', ms: 30 * 86_400_000 },
  '90d': { label: 'Last 90 days', ms: 90 * 86_400_000 },
} as const;
export type RangeName = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES) as readonly RangeName[]; // the keys are the names
export const RANGE_DEFAULT: RangeName = '7d';

export const OUTCOMES = {
  leads: ['success', 'failure', 'error'],
  events: ['success', 'failure', 'error', 'skip'],
} as const satisfies Record<ListSection, readonly string[]>;

export const EVENT_TYPES = ['source', 'filter', 'recipient', 'retry', 'feedback-received', 'feedback-sent'] as const;

/** Names are those of the API where it has them; several values are a list. */
export interface ListSearch {
  range?: RangeName;
  /** Instants in ISO 8601, UTC. */
  start?: string;
  end?: string;
  outcome?: string[];
  type?: string[];
  flow_id?: string[];
  source_id?: string[];
  recipient_id?: string[];
  step_id?: string[];
  lead_id?: string[];
  reason_class?: string;
  resubmitted?: string;
  /** JSON, as the API takes it. */
  rules?: string;
  sort?: string;
  q?: string;
  view?: string;
  live?: string;
  view_id?: string;
  before_id?: string;
  after_id?: string;
}

const TEXT_CHARACTERS_MAX = 4_096;
const MEMBERS_MAX = 100;
const ID = /^[0-9a-f]{24}$/i;

type ReadText = (text: string) => string | undefined;
const id: ReadText = (text) => (ID.test(text) ? text.toLowerCase() : undefined);
const oneOf =
  (words: readonly string[]): ReadText =>
  (text) =>
    words.includes(text) ? text : undefined;
const text: ReadText = (given) => (given.trim() === '' ? undefined : given.slice(0, TEXT_CHARACTERS_MAX));
const instant: ReadText = (given) => {
  const at = Date.parse(given);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};
const ruleList: ReadText = (given) => {
  try {
    return Array.isArray(JSON.parse(given)) ? given : undefined;
  } catch {
    return undefined;
  }
};

interface Parameter {
  read: ReadText;
  isList?: boolean;
  /** In which lists; both unless given. */
  of?: ListSection;
}

/** Each parameter of a list. The API's own names take what the API takes. */
const PARAMETERS: Readonly<Record<string, Parameter>> = {
  range: { read: oneOf(RANGE_NAMES) },
  start: { read: instant },
  end: { read: instant },
  flow_id: { read: id, isList: true },
  source_id: { read: id, isList: true },
  recipient_id: { read: id, isList: true, of: 'events' },
  step_id: { read: text, isList: true, of: 'events' },
  lead_id: { read: id, isList: true, of: 'events' },
  type: { read: oneOf(EVENT_TYPES), isList: true, of: 'events' },
  reason_class: { read: text },
  resubmitted: { read: oneOf(['true', 'false']), of: 'leads' },
  rules: { read: ruleList, of: 'events' },
  sort: { read: oneOf(['asc']) },
  q: { read: text },
  view: { read: oneOf(['reasons']) },
  live: { read: oneOf(['1']), of: 'events' },
  view_id: { read: text },
  before_id: { read: id },
  after_id: { read: id },
};

function findParameter(section: ListSection, name: string): Parameter | undefined {
  if (name === 'outcome') return { read: oneOf(OUTCOMES[section]), isList: true };
  const parameter = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
  return parameter && (parameter.of ?? section) === section ? parameter : undefined;
}

/** Of the query of the address; what means nothing is left out, and `listIgnored` says so. */
export function readListSearch(section: ListSection, search: Readonly<Record<string, unknown>>): ListSearch {
  const read: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(search)) {
    const parameter = findParameter(section, name);
    const members = parameter ? readMembers(parameter, value) : [];
    if (members.length > 0) read[name] = parameter?.isList ? members : (members[0] ?? '');
  }
  // A range that is named goes before instants: both together say two things.
  if (read['range'] !== undefined) {
    delete read['start'];
    delete read['end'];
  }
  return read as ListSearch; // each name holds what its parameter reads
}

function readMembers({ read, isList }: Parameter, value: unknown): string[] {
  const texts = textsOf(value, isList === true);
  const members = texts.map(read).filter((each) => each !== undefined);
  return [...new Set(members)].slice(0, MEMBERS_MAX);
}

function textsOf(value: unknown, isList: boolean): string[] {
  const texts = (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
  return isList ? texts.flatMap((each) => each.split(',')).map((each) => each.trim()) : texts.slice(0, 1);
}

/** Values of known parameters that mean nothing here, as `outcome=sold`: the page says that it ignores them. */
export function listIgnored(section: ListSection, search: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(search).flatMap(([name, value]) => {
    const parameter = findParameter(section, name);
    if (parameter === undefined) return [];
    return textsOf(value, parameter.isList === true)
      .filter((each) => each !== '' && parameter.read(each) === undefined)
      .map((each) => `${name}=${each.slice(0, 40)}`);
  });
}

/** What a view keeps: no page, no search, no switch. */
export function viewQueryOf(search: ListSearch): Omit<ListSearch, 'view_id' | 'before_id' | 'after_id' | 'q' | 'live'> {
  const { view_id: _view, before_id: _before, after_id: _after, q: _q, live: _live, lead_id: _lead, ...kept } = search;
  return kept;
}

/** Filters that narrow the list, without its time, its page and how it is shown. */
export function listFilters(search: ListSearch): string[] {
  return Object.keys(viewQueryOf(search)).filter((name) => !NO_FILTERS.has(name));
}

const NO_FILTERS: ReadonlySet<string> = new Set(['range', 'start', 'end', 'sort', 'view']);

/** undefined, an empty text and an empty list take a filter away. */
export type SearchChange = { [Name in keyof ListSearch]?: ListSearch[Name] | undefined };

/** The search with a change; what was a page before is its first page now. */
export function changeSearch(search: ListSearch, change: SearchChange): ListSearch {
  const { before_id: _before, after_id: _after, ...kept } = search;
  const changed = Object.entries({ ...kept, ...change });
  const filled = changed.filter(([, value]) => value !== undefined && value !== '' && !isEmptyList(value));
  return Object.fromEntries(filled) as ListSearch;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Epoch ms; `end` null: it is open. */
export interface Frame {
  start: number;
  end: number | null;
}

export function frameOf({ range, start, end }: ListSearch, now: number): Frame {
  const endsAt = end === undefined ? null : Date.parse(end);
  if (start !== undefined) return { start: Date.parse(start), end: endsAt };
  return { start: (endsAt ?? now) - RANGES[range ?? RANGE_DEFAULT].ms, end: endsAt };
}

const DAY_MS = 86_400_000;

/** How long a bar is, so that there are at most some two hundred. */
export function intervalOf({ start, end }: Frame, now: number): 'minutely' | 'hourly' | 'daily' | 'weekly' {
  const ms = (end ?? now) - start;
  if (ms <= 2 * 3_600_000) return 'minutely';
  if (ms <= 8 * DAY_MS) return 'hourly';
  return ms <= 200 * DAY_MS ? 'daily' : 'weekly';
}
